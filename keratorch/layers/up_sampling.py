"""UpSampling: sequences, images and volumes made larger by whole factors."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.layers.spatial import SpatialLayer
from keratorch.layers.spatial_arguments import check_count, check_sizes


class UpSampling(SpatialLayer):
    """The base of up-sampling: each element repeated along each spatial axis."""

    couples_samples = False

    def __init__(self, size: Any = 2, data_format: str | None = None, **kwargs: Any):
        super().__init__(data_format, **kwargs)
        self._factors = check_sizes(type(self).__name__, "size", size, self.rank)
        self.size: Any = self._factors

    def call(self, inputs: Any) -> Any:
        self._split(inputs.shape)
        for axis, factor in zip(self._spatial_axes, self._factors, strict=True):
            inputs = np.repeat(inputs, factor, axis=axis)
        return inputs

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        lengths, channels = self._split(input_shape)
        larger = tuple(
            None if length is None else length * factor
            for length, factor in zip(lengths, self._factors, strict=True)
        )
        return self._joined(input_shape[0], larger, channels)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "size": self.size}


class UpSampling1D(UpSampling):
    """Each step of sequences, repeated.

    outputs[b, i, c] = inputs[b, i // size, c]

    Parameters
    ----------
    size : int > 0, how many times.

    Shapes
    ------
    inputs : (batch, steps, channels); outputs : (batch, steps * size, channels).

    Raises
    ------
    TypeError : a size that is no integer.
    ValueError : a size that is not positive, or inputs of another number of axes.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import UpSampling1D
    >>> UpSampling1D()(np.arange(3).reshape(1, 3, 1)).numpy().ravel()
    array([0., 0., 1., 1., 2., 2.], dtype=float32)
    """

    rank = 1

    def __init__(self, size: int = 2, **kwargs: Any):
        count = check_count(type(self).__name__, "size", size)
        super().__init__(count, "channels_last", **kwargs)
        self.size = count

    def get_config(self) -> dict[str, Any]:
        config = super().get_config()
        del config["data_format"]
        return config


class UpSampling2D(UpSampling):
    """Images made larger by whole factors.

    nearest: outputs[b, i, j, c] = inputs[b, i // size, j // size, c].
    bilinear: along each axis, output i lies at (i + 1/2) / size - 1/2 among the inputs;
    its value lies on the line between the two inputs around it, or is that of the last
    one, beyond the ends.

    Parameters
    ----------
    size : int > 0, or one for each spatial axis.
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.
    interpolation : 'nearest' or 'bilinear'.

    Shapes
    ------
    inputs : (batch, height, width, channels);
    outputs : (batch, height * size, width * size, channels).

    Raises
    ------
    ValueError : an argument that is none of these, or inputs of another number of axes.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import UpSampling2D
    >>> x = np.array([0.0, 4.0]).reshape(1, 1, 2, 1)
    >>> UpSampling2D((1, 2))(x).numpy().ravel()
    array([0., 0., 4., 4.], dtype=float32)
    >>> UpSampling2D((1, 2), interpolation="bilinear")(x).numpy().ravel()
    array([0., 1., 3., 4.], dtype=float32)
    """

    couples_samples = False
    rank = 2

    def __init__(
        self,
        size: Any = 2,
        data_format: str | None = None,
        interpolation: str = "nearest",
        **kwargs: Any,
    ):
        super().__init__(size, data_format, **kwargs)
        self.interpolation = str(interpolation).lower()
        if self.interpolation not in ("nearest", "bilinear"):
            raise ValueError(
                "UpSampling2D: interpolation must be 'nearest' or 'bilinear'; received "
                f"{interpolation!r}."
            )

    def call(self, inputs: Any) -> Any:
        if self.interpolation == "nearest":
            return super().call(inputs)
        self._split(inputs.shape)
        for axis, factor in zip(self._spatial_axes, self._factors, strict=True):
            weights = bilinear_weights(inputs.shape[axis], factor, self.dtype)
            last = np.swapaxes(inputs, axis, -1)
            inputs = np.swapaxes(last @ weights, axis, -1)
        return inputs

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "interpolation": self.interpolation}


class UpSampling3D(UpSampling):
    """Each element of volumes, repeated along all three axes.

    Parameters
    ----------
    size : int > 0, or one for each spatial axis.
    data_format : that of `UpSampling2D`.

    Shapes
    ------
    inputs : (batch, depth, height, width, channels); outputs : the same, longer.

    Raises
    ------
    ValueError : an argument that is none of these, or inputs of another number of axes.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import UpSampling3D
    >>> UpSampling3D((1, 2, 3))(np.ones((1, 2, 2, 2, 4))).shape
    (1, 2, 4, 6, 4)
    """

    rank = 3


def bilinear_weights(length: int, factor: int, dtype: Any = "float32") -> np.ndarray:
    """Return the share of each input in each output along one axis.

    >>> bilinear_weights(2, 2)
    array([[1.  , 0.75, 0.25, 0.  ],
           [0.  , 0.25, 0.75, 1.  ]], dtype=float32)
    """
    places = (np.arange(length * factor) + 0.5) / factor - 0.5
    places = np.clip(places, 0, length - 1)
    distances = np.abs(places - np.arange(length)[:, np.newaxis])
    return np.maximum(1 - distances, 0).astype(dtype)
