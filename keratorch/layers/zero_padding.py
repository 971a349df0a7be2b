"""ZeroPadding: zeros around sequences, images and volumes."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.layers.spatial import SpatialLayer
from keratorch.layers.spatial_arguments import check_pairs


class ZeroPadding(SpatialLayer):
    """The base of zero padding: so many zeros before and after each spatial axis."""

    couples_samples = False
    _keeps_integers = True
    _integer_dtype = True

    def __init__(self, padding: Any = 1, data_format: str | None = None, **kwargs: Any):
        super().__init__(data_format, **kwargs)
        self._pairs = check_pairs(type(self).__name__, "padding", padding, self.rank)
        self.padding: tuple = self._pairs

    def call(self, inputs: Any) -> Any:
        self._split(inputs.shape)
        return np.pad(inputs, self._joined((0, 0), self._pairs, (0, 0)))

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        lengths, channels = self._split(input_shape)
        larger = tuple(
            None if length is None else length + sum(pair)
            for length, pair in zip(lengths, self._pairs, strict=True)
        )
        return self._joined(input_shape[0], larger, channels)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "padding": self.padding}


class ZeroPadding1D(ZeroPadding):
    """Zeros before and after sequences.

    Parameters
    ----------
    padding : int >= 0, for both ends, or a pair (before, after).
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.

    Shapes
    ------
    inputs : (batch, steps, channels);
    outputs : (batch, before + steps + after, channels).

    Raises
    ------
    ValueError : an argument that is none of these, or inputs of another number of axes.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import ZeroPadding1D
    >>> ZeroPadding1D((2, 0))(np.ones((1, 2, 1))).numpy().ravel()
    array([0., 0., 1., 1.], dtype=float32)
    """

    rank = 1

    def __init__(self, padding: Any = 1, data_format: str | None = None, **kwargs: Any):
        super().__init__(padding, data_format, **kwargs)
        (self.padding,) = self._pairs


class ZeroPadding2D(ZeroPadding):
    """Zeros around images.

    Parameters
    ----------
    padding : int >= 0, for all sides; or for each of height and width an int, for both
        of its sides, or a pair (before, after).
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.

    Shapes
    ------
    inputs : (batch, height, width, channels);
    outputs : (batch, top + height + bottom, left + width + right, channels).

    Raises
    ------
    ValueError : an argument that is none of these, or inputs of another number of axes.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import ZeroPadding2D
    >>> ZeroPadding2D((1, (0, 2)))(np.ones((1, 4, 4, 3))).shape
    (1, 6, 6, 3)
    """

    rank = 2


class ZeroPadding3D(ZeroPadding):
    """Zeros around volumes.

    Parameters
    ----------
    padding : int >= 0, for all sides; or for each of the three axes an int, for both of
        its sides, or a pair (before, after).
    data_format : that of `ZeroPadding2D`.

    Shapes
    ------
    inputs : (batch, depth, height, width, channels); outputs : the same, longer.

    Raises
    ------
    ValueError : an argument that is none of these, or inputs of another number of axes.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import ZeroPadding3D
    >>> ZeroPadding3D((0, 1, 2))(np.ones((1, 4, 4, 4, 3))).shape
    (1, 4, 6, 8, 3)
    """

    rank = 3
