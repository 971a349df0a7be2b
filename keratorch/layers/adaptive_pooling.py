"""AdaptivePooling: a grid of so many cells, whatever the size of the inputs."""

from __future__ import annotations

from typing import Any

from keratorch import ops
from keratorch.layers.spatial import SpatialLayer
from keratorch.layers.spatial_arguments import check_sizes


class AdaptivePooling(SpatialLayer):
    """The base of adaptive pooling, whose arguments it takes."""

    couples_samples = False

    def __init__(self, output_size: Any, data_format: str | None = None, **kwargs: Any):
        super().__init__(data_format, **kwargs)
        self.output_size = check_sizes(
            type(self).__name__, "output_size", output_size, self.rank
        )

    def call(self, inputs: Any) -> Any:
        self.compute_output_shape(inputs.shape)
        return self._pool(inputs, self.output_size, self.data_format)

    def _pool(self, *arguments: Any) -> Any:
        raise NotImplementedError

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        lengths, channels = self._split(input_shape)
        if 0 in lengths:
            raise ValueError(
                f"{self._named} expects inputs with elements along each spatial axis; "
                f"received shape {input_shape}. Leave out what is empty."
            )
        return self._joined(input_shape[0], self.output_size, channels)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "output_size": self.output_size}


class AdaptiveMaxPooling(AdaptivePooling):
    """The base of adaptive max pooling of sequences, images and volumes."""

    _keeps_integers = True

    def _pool(self, *arguments: Any) -> Any:
        return ops.adaptive_max_pool(*arguments)


class AdaptiveAveragePooling(AdaptivePooling):
    """The base of adaptive average pooling of sequences, images and volumes."""

    def _pool(self, *arguments: Any) -> Any:
        return ops.adaptive_average_pool(*arguments)


class AdaptiveAveragePooling1D(AdaptiveAveragePooling):
    """The mean of each cell of a grid over sequences.

    Along an axis of n elements cell i of `count` begins at floor(i * n / count) and
    ends before ceil((i + 1) * n / count).

    Parameters
    ----------
    output_size : int > 0, or one for each spatial axis: the number of cells.
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.

    Shapes
    ------
    inputs : (batch, steps, channels);
    outputs : (batch, *output_size, channels).

    Raises
    ------
    ValueError : an argument that is none of these, or inputs that are empty or have
        another number of axes.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import AdaptiveAveragePooling1D
    >>> AdaptiveAveragePooling1D(3)(np.ones((2, 9, 4))).shape
    (2, 3, 4)
    """

    rank = 1


class AdaptiveAveragePooling2D(AdaptiveAveragePooling):
    """The mean of each cell of a grid over images.

    Along an axis of n elements cell i of `count` begins at floor(i * n / count) and
    ends before ceil((i + 1) * n / count).

    Parameters
    ----------
    output_size : int > 0, or one for each spatial axis: the number of cells.
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.

    Shapes
    ------
    inputs : (batch, height, width, channels);
    outputs : (batch, *output_size, channels).

    Raises
    ------
    ValueError : an argument that is none of these, or inputs that are empty or have
        another number of axes.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import AdaptiveAveragePooling2D
    >>> AdaptiveAveragePooling2D((3, 2))(np.ones((2, 9, 7, 4))).shape
    (2, 3, 2, 4)
    """

    rank = 2


class AdaptiveAveragePooling3D(AdaptiveAveragePooling):
    """The mean of each cell of a grid over volumes.

    Along an axis of n elements cell i of `count` begins at floor(i * n / count) and
    ends before ceil((i + 1) * n / count).

    Parameters
    ----------
    output_size : int > 0, or one for each spatial axis: the number of cells.
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.

    Shapes
    ------
    inputs : (batch, depth, height, width, channels);
    outputs : (batch, *output_size, channels).

    Raises
    ------
    ValueError : an argument that is none of these, or inputs that are empty or have
        another number of axes.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import AdaptiveAveragePooling3D
    >>> AdaptiveAveragePooling3D(2)(np.ones((1, 5, 4, 3, 2))).shape
    (1, 2, 2, 2, 2)
    """

    rank = 3


class AdaptiveMaxPooling1D(AdaptiveMaxPooling):
    """The maximum of each cell of a grid over sequences.

    Along an axis of n elements cell i of `count` begins at floor(i * n / count) and
    ends before ceil((i + 1) * n / count).

    Parameters
    ----------
    output_size : int > 0, or one for each spatial axis: the number of cells.
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.

    Shapes
    ------
    inputs : (batch, steps, channels);
    outputs : (batch, *output_size, channels).

    Raises
    ------
    ValueError : an argument that is none of these, or inputs that are empty or have
        another number of axes.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import AdaptiveMaxPooling1D
    >>> AdaptiveMaxPooling1D(3)(np.ones((2, 9, 4))).shape
    (2, 3, 4)
    """

    rank = 1


class AdaptiveMaxPooling2D(AdaptiveMaxPooling):
    """The maximum of each cell of a grid over images.

    Along an axis of n elements cell i of `count` begins at floor(i * n / count) and
    ends before ceil((i + 1) * n / count).

    Parameters
    ----------
    output_size : int > 0, or one for each spatial axis: the number of cells.
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.

    Shapes
    ------
    inputs : (batch, height, width, channels);
    outputs : (batch, *output_size, channels).

    Raises
    ------
    ValueError : an argument that is none of these, or inputs that are empty or have
        another number of axes.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import AdaptiveMaxPooling2D
    >>> AdaptiveMaxPooling2D((3, 2))(np.ones((2, 9, 7, 4))).shape
    (2, 3, 2, 4)
    """

    rank = 2


class AdaptiveMaxPooling3D(AdaptiveMaxPooling):
    """The maximum of each cell of a grid over volumes.

    Along an axis of n elements cell i of `count` begins at floor(i * n / count) and
    ends before ceil((i + 1) * n / count).

    Parameters
    ----------
    output_size : int > 0, or one for each spatial axis: the number of cells.
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.

    Shapes
    ------
    inputs : (batch, depth, height, width, channels);
    outputs : (batch, *output_size, channels).

    Raises
    ------
    ValueError : an argument that is none of these, or inputs that are empty or have
        another number of axes.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import AdaptiveMaxPooling3D
    >>> AdaptiveMaxPooling3D(2)(np.ones((1, 5, 4, 3, 2))).shape
    (1, 2, 2, 2, 2)
    """

    rank = 3
