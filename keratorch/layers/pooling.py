"""Pooling: what stands out, or is usual, in each window."""

from __future__ import annotations

from typing import Any

from keratorch import ops
from keratorch.layers.spatial import SpatialLayer
from keratorch.layers.spatial_arguments import check_rule, check_sizes


class Pooling(SpatialLayer):
    """The base of max and average pooling, whose arguments it takes."""

    couples_samples = False

    def __init__(
        self,
        pool_size: Any,
        strides: Any = None,
        padding: str = "valid",
        data_format: str | None = None,
        name: str | None = None,
        **kwargs: Any,
    ):
        super().__init__(data_format, name=name, **kwargs)
        layer = type(self).__name__
        self.pool_size = check_sizes(layer, "pool_size", pool_size, self.rank)
        strides = self.pool_size if strides is None else strides
        self.strides = check_sizes(layer, "strides", strides, self.rank)
        self.padding = check_rule(layer, padding, ("valid", "same"))
        self._build_at_init()

    def call(self, inputs: Any) -> Any:
        self.compute_output_shape(inputs.shape)
        return self._pool(
            inputs, self.pool_size, self.strides, self.padding, self.data_format
        )

    def _pool(self, *arguments: Any) -> Any:
        raise NotImplementedError

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        windows = f"pool_size={self.pool_size}"
        counts = self._counts(
            input_shape, self.pool_size, self.strides, self.padding, windows
        )
        _, channels = self._split(input_shape)
        return self._joined(input_shape[0], counts, channels)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "pool_size": self.pool_size,
            "padding": self.padding,
            "strides": self.strides,
        }


class MaxPooling(Pooling):
    """The base of `MaxPooling1D`, `MaxPooling2D` and `MaxPooling3D`."""

    _keeps_integers = True

    def __init__(
        self,
        pool_size: Any = 2,
        strides: Any = None,
        padding: str = "valid",
        data_format: str | None = None,
        name: str | None = None,
        **kwargs: Any,
    ):
        super().__init__(pool_size, strides, padding, data_format, name, **kwargs)

    def _pool(self, *arguments: Any) -> Any:
        return ops.max_pool(*arguments)


class AveragePooling(Pooling):
    """The base of `AveragePooling1D`, `AveragePooling2D` and `AveragePooling3D`."""

    def _pool(self, *arguments: Any) -> Any:
        return ops.average_pool(*arguments)


class MaxPooling1D(MaxPooling):
    """The maximum of each window of sequences, channel by channel.

    As `MaxPooling2D`, whose parameters it takes, with one spatial axis.

    Shapes
    ------
    inputs : (batch, steps, channels); outputs : (batch, new_steps, channels).

    Raises
    ------
    ValueError : an argument that is none of these, or inputs smaller than a window.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import MaxPooling1D
    >>> x = np.array([3.0, 1.0, 2.0, 5.0]).reshape(1, 4, 1)
    >>> MaxPooling1D()(x).numpy().ravel()
    array([3., 5.], dtype=float32)
    """

    rank = 1


class MaxPooling2D(MaxPooling):
    """The maximum of each window of images, channel by channel.

    outputs[b, i, j, c] = max of inputs[b, i * stride + k, j * stride + l, c] over k, l

    Parameters
    ----------
    pool_size : int > 0, or one for each spatial axis: the shape of a window.
    strides : int > 0, or one for each spatial axis: the step from window to window;
        by default `pool_size`, windows side by side.
    padding : 'valid', windows lie within the inputs; or 'same', they reach beyond the
        ends, so that strides of 1 keep the lengths.
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.

    Shapes
    ------
    inputs : (batch, height, width, channels);
    outputs : (batch, new_height, new_width, channels).

    Raises
    ------
    ValueError : an argument that is none of these, or inputs smaller than a window.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import MaxPooling2D
    >>> MaxPooling2D()(np.ones((2, 28, 28, 8))).shape
    (2, 14, 14, 8)
    """

    rank = 2


class MaxPooling3D(MaxPooling):
    """The maximum of each window of volumes, channel by channel.

    As `MaxPooling2D`, whose parameters it takes, with three spatial axes.

    Shapes
    ------
    inputs : (batch, depth, height, width, channels);
    outputs : (batch, new_depth, new_height, new_width, channels).

    Raises
    ------
    ValueError : an argument that is none of these, or inputs smaller than a window.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import MaxPooling3D
    >>> MaxPooling3D((1, 2, 2))(np.ones((1, 3, 4, 4, 2))).shape
    (1, 3, 2, 2, 2)
    """

    rank = 3


class AveragePooling1D(AveragePooling):
    """The mean of each window of sequences, channel by channel.

    As `AveragePooling2D`, whose parameters it takes, with one spatial axis.

    Shapes
    ------
    inputs : (batch, steps, channels); outputs : (batch, new_steps, channels).

    Raises
    ------
    ValueError : an argument that is none of these, or inputs smaller than a window.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import AveragePooling1D
    >>> x = np.array([3.0, 1.0, 2.0, 5.0]).reshape(1, 4, 1)
    >>> AveragePooling1D(2)(x).numpy().ravel()
    array([2. , 3.5], dtype=float32)
    """

    rank = 1


class AveragePooling2D(AveragePooling):
    """The mean of each window of images, channel by channel.

    outputs[b, i, j, c] = mean of inputs[b, i * stride + k, j * stride + l, c] over k, l

    Parameters
    ----------
    pool_size : int > 0, or one for each spatial axis: the shape of a window.
    strides, data_format : those of `MaxPooling2D`.
    padding : 'valid' or 'same', as of `MaxPooling2D`. The mean is that of the elements
        inside the inputs: the padding is not counted.

    Shapes
    ------
    inputs : (batch, height, width, channels);
    outputs : (batch, new_height, new_width, channels).

    Raises
    ------
    ValueError : an argument that is none of these, or inputs smaller than a window.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import AveragePooling2D
    >>> AveragePooling2D(3, strides=2, padding="same")(np.ones((2, 7, 7, 8))).shape
    (2, 4, 4, 8)
    """

    rank = 2


class AveragePooling3D(AveragePooling):
    """The mean of each window of volumes, channel by channel.

    As `AveragePooling2D`, whose parameters it takes, with three spatial axes.

    Shapes
    ------
    inputs : (batch, depth, height, width, channels);
    outputs : (batch, new_depth, new_height, new_width, channels).

    Raises
    ------
    ValueError : an argument that is none of these, or inputs smaller than a window.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import AveragePooling3D
    >>> AveragePooling3D(2)(np.ones((1, 4, 4, 4, 2))).shape
    (1, 2, 2, 2, 2)
    """

    rank = 3
