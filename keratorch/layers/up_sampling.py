"""UpSampling: sequences, images and volumes made larger by whole factors."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.errors import suggest
from keratorch.kernels.resampling import KERNELS, weight_matrix
from keratorch.layers.spatial import SpatialLayer
from keratorch.layers.spatial_arguments import check_count, check_sizes
from keratorch.ops.arrays import as_floats
from keratorch.ops.image.layout import in_dtype


class UpSampling(SpatialLayer):
    """The base of up-sampling: each element repeated along each spatial axis."""

    couples_samples = False
    _keeps_integers = True

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
    array([0, 0, 1, 1, 2, 2])
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
    interpolation : 'nearest', 'bilinear', 'bicubic' (Keys's, with a = -1/2), 'lanczos3'
        or 'lanczos5': the last three make a curve through the inputs, which may go
        beyond them.

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
        known = ("nearest", *KERNELS)
        if self.interpolation not in known:
            raise ValueError(
                "UpSampling2D: interpolation must be a known one; received "
                f"{interpolation!r}. {suggest(self.interpolation, known)}"
            )

    def call(self, inputs: Any) -> Any:
        if self.interpolation == "nearest":
            return super().call(inputs)
        self._split(inputs.shape)
        dtype = inputs.dtype
        inputs = as_floats(inputs)
        for axis, factor in zip(self._spatial_axes, self._factors, strict=True):
            shares = larger_weights(
                inputs.shape[axis], factor, self.interpolation, inputs.dtype
            )
            last = np.swapaxes(inputs, axis, -1)
            inputs = np.swapaxes(last @ shares, axis, -1)
        return in_dtype(inputs, dtype)

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


def larger_weights(
    length: int, factor: int, method: str = "bilinear", dtype: Any = "float32"
) -> np.ndarray:
    """Return the share of each input in each output along one axis.

    >>> larger_weights(2, 2)
    array([[1.  , 0.75, 0.25, 0.  ],
           [0.  , 0.25, 0.75, 1.  ]], dtype=float32)
    """
    rows = weight_matrix(length, length * factor, factor, 0.0, method, antialias=False)
    return rows.T.astype(dtype)
