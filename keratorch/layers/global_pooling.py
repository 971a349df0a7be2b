"""GlobalPooling: one number for each channel, wherever it was found."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.grads.pooling import GlobalMaxPoolGrad
from keratorch.layers.spatial import SpatialLayer


class GlobalPooling(SpatialLayer):
    """The base of global pooling, whose arguments it takes."""

    def __init__(
        self, data_format: str | None = None, keepdims: bool = False, **kwargs: Any
    ):
        super().__init__(data_format, **kwargs)
        self.keepdims = bool(keepdims)
        self._build_at_init()

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        lengths, channels = self._split(input_shape)
        if 0 in lengths:
            raise ValueError(
                f"{self._named} expects inputs with elements along each spatial axis; "
                f"received shape {input_shape}. Leave out what is empty."
            )
        if self.keepdims:
            return self._joined(input_shape[0], (1,) * self.rank, channels)
        return (input_shape[0], channels)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "keepdims": self.keepdims}


class GlobalMaxPooling(GlobalPooling):
    """The base of `GlobalMaxPooling1D`, `GlobalMaxPooling2D`, `GlobalMaxPooling3D`."""

    couples_samples = False
    _keeps_integers = True

    def call(self, inputs: Any) -> Any:
        self.compute_output_shape(inputs.shape)
        if self.data_format == "channels_last":
            return GlobalMaxPoolGrad.apply(inputs, keepdims=self.keepdims)
        return np.max(inputs, axis=self._spatial_axes, keepdims=self.keepdims)


class GlobalAveragePooling(GlobalPooling):
    """The base of global average pooling of sequences, images and volumes."""

    couples_samples = False

    def call(self, inputs: Any) -> Any:
        self.compute_output_shape(inputs.shape)
        return np.mean(inputs, axis=self._spatial_axes, keepdims=self.keepdims)


class GlobalMaxPooling1D(GlobalMaxPooling):
    """The maximum of each channel over the steps of sequences.

    Parameters
    ----------
    data_format, keepdims : those of `GlobalMaxPooling2D`.

    Shapes
    ------
    inputs : (batch, steps, channels); outputs : (batch, channels).

    Raises
    ------
    ValueError : inputs of another number of axes, or empty ones.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import GlobalMaxPooling1D
    >>> GlobalMaxPooling1D()(np.array([[[1.0, 6.0], [3.0, 4.0]]])).numpy()
    array([[3., 6.]], dtype=float32)
    """

    rank = 1


class GlobalMaxPooling2D(GlobalMaxPooling):
    """The maximum of each channel over images.

    outputs[b, c] = max of inputs[b, i, j, c] over i and j

    Parameters
    ----------
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.
    keepdims : bool, keep the spatial axes, of length 1.

    Shapes
    ------
    inputs : (batch, height, width, channels); outputs : (batch, channels), with
    keepdims (batch, 1, 1, channels).

    Raises
    ------
    ValueError : inputs of another number of axes, or empty ones.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import GlobalMaxPooling2D
    >>> GlobalMaxPooling2D(keepdims=True)(np.ones((2, 7, 7, 8))).shape
    (2, 1, 1, 8)
    """

    rank = 2


class GlobalMaxPooling3D(GlobalMaxPooling):
    """The maximum of each channel over volumes.

    Parameters
    ----------
    data_format, keepdims : those of `GlobalMaxPooling2D`.

    Shapes
    ------
    inputs : (batch, depth, height, width, channels); outputs : (batch, channels).

    Raises
    ------
    ValueError : inputs of another number of axes, or empty ones.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import GlobalMaxPooling3D
    >>> GlobalMaxPooling3D()(np.ones((2, 3, 4, 5, 6))).shape
    (2, 6)
    """

    rank = 3


class GlobalAveragePooling1D(GlobalAveragePooling):
    """The mean of each channel over the steps of sequences.

    outputs[b, c] = mean of inputs[b, i, c] over the steps i, those alone that the mask
    has, if the layer is called with one.

    Parameters
    ----------
    data_format, keepdims : those of `GlobalMaxPooling2D`.

    Shapes
    ------
    inputs : (batch, steps, channels); mask : (batch, steps);
    outputs : (batch, channels).

    Raises
    ------
    ValueError : inputs of another number of axes, or empty ones; a mask of another
        shape.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import GlobalAveragePooling1D
    >>> x = np.array([[[1.0, 6.0], [3.0, 4.0]]])
    >>> GlobalAveragePooling1D()(x).numpy()
    array([[2., 5.]], dtype=float32)
    >>> GlobalAveragePooling1D()(x, mask=np.array([[True, False]])).numpy()
    array([[1., 6.]], dtype=float32)
    """

    couples_samples = False
    rank = 1

    supports_masking = True

    def call(self, inputs: Any, mask: Any = None) -> Any:
        if mask is None:
            return super().call(inputs)
        self.compute_output_shape(inputs.shape)
        steps = self._first_axis
        mask = np.asarray(mask, dtype=bool)
        expected = (inputs.shape[0], inputs.shape[steps])
        if mask.shape != expected:
            raise ValueError(
                f"{self._named} expects a mask of shape {expected}, one entry for each "
                f"step; received shape {mask.shape}."
            )
        kept = np.expand_dims(mask, 3 - steps)
        count = np.sum(kept, axis=steps, keepdims=self.keepdims, dtype=inputs.dtype)
        total = np.sum(np.where(kept, inputs, 0.0), axis=steps, keepdims=self.keepdims)
        return total / count

    def compute_mask(self, inputs: Any, mask: Any = None) -> None:
        """Return None: the outputs have no steps that a mask could tell apart."""


class GlobalAveragePooling2D(GlobalAveragePooling):
    """The mean of each channel over images.

    outputs[b, c] = mean of inputs[b, i, j, c] over i and j

    Parameters
    ----------
    data_format, keepdims : those of `GlobalMaxPooling2D`.

    Shapes
    ------
    inputs : (batch, height, width, channels); outputs : (batch, channels), with
    keepdims (batch, 1, 1, channels).

    Raises
    ------
    ValueError : inputs of another number of axes, or empty ones.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import GlobalAveragePooling2D
    >>> GlobalAveragePooling2D()(np.ones((2, 7, 7, 8))).shape
    (2, 8)
    """

    rank = 2


class GlobalAveragePooling3D(GlobalAveragePooling):
    """The mean of each channel over volumes.

    Parameters
    ----------
    data_format, keepdims : those of `GlobalMaxPooling2D`.

    Shapes
    ------
    inputs : (batch, depth, height, width, channels); outputs : (batch, channels).

    Raises
    ------
    ValueError : inputs of another number of axes, or empty ones.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import GlobalAveragePooling3D
    >>> GlobalAveragePooling3D()(np.ones((2, 3, 4, 5, 6))).shape
    (2, 6)
    """

    rank = 3
