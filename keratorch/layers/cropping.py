"""Cropping: sequences, images and volumes without their borders."""

from __future__ import annotations

from typing import Any

from keratorch.layers.spatial import SpatialLayer
from keratorch.layers.spatial_arguments import check_pairs


class Cropping(SpatialLayer):
    """The base of cropping: so many elements off both ends of each spatial axis."""

    couples_samples = False
    _keeps_integers = True
    _integer_dtype = True

    def __init__(self, cropping: Any, data_format: str | None = None, **kwargs: Any):
        super().__init__(data_format, **kwargs)
        self._pairs = check_pairs(type(self).__name__, "cropping", cropping, self.rank)
        self.cropping: tuple = self._pairs

    def call(self, inputs: Any) -> Any:
        self.compute_output_shape(inputs.shape)
        lengths, _ = self._split(inputs.shape)
        inner = tuple(
            slice(before, length - after)
            for length, (before, after) in zip(lengths, self._pairs, strict=True)
        )
        return inputs[self._joined(slice(None), inner, slice(None))]

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        lengths, channels = self._split(input_shape)
        inner = tuple(
            None if length is None else length - sum(pair)
            for length, pair in zip(lengths, self._pairs, strict=True)
        )
        if any(length is not None and length < 1 for length in inner):
            raise ValueError(
                f"{self._named} with cropping={self.cropping} would leave nothing of "
                f"inputs of spatial shape {lengths}; received shape {input_shape}. "
                "Crop less along each axis than it is long."
            )
        return self._joined(input_shape[0], inner, channels)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "cropping": self.cropping}


class Cropping1D(Cropping):
    """Sequences without their first and last steps.

    Parameters
    ----------
    cropping : int >= 0, for both ends, or a pair (before, after).

    Shapes
    ------
    inputs : (batch, steps, channels);
    outputs : (batch, steps - before - after, channels).

    Raises
    ------
    ValueError : an argument that is none of these, or inputs too short.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import Cropping1D
    >>> Cropping1D((2, 0))(np.arange(5).reshape(1, 5, 1)).numpy().ravel()
    array([2, 3, 4])
    """

    rank = 1

    def __init__(self, cropping: Any = (1, 1), **kwargs: Any):
        super().__init__(cropping, "channels_last", **kwargs)
        (self.cropping,) = self._pairs

    def get_config(self) -> dict[str, Any]:
        config = super().get_config()
        del config["data_format"]
        return config


class Cropping2D(Cropping):
    """Images without their borders.

    Parameters
    ----------
    cropping : int >= 0, for all sides; or for each of height and width an int, for both
        of its sides, or a pair (before, after).
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.

    Shapes
    ------
    inputs : (batch, height, width, channels);
    outputs : (batch, height - top - bottom, width - left - right, channels).

    Raises
    ------
    ValueError : an argument that is none of these, or inputs too small.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import Cropping2D
    >>> Cropping2D((2, (1, 0)))(np.ones((1, 8, 8, 3))).shape
    (1, 4, 7, 3)
    """

    rank = 2

    def __init__(
        self,
        cropping: Any = ((0, 0), (0, 0)),
        data_format: str | None = None,
        **kwargs: Any,
    ):
        super().__init__(cropping, data_format, **kwargs)


class Cropping3D(Cropping):
    """Volumes without their borders.

    Parameters
    ----------
    cropping : int >= 0, for all sides; or for each of the three axes an int, for both
        of its sides, or a pair (before, after).
    data_format : that of `Cropping2D`.

    Shapes
    ------
    inputs : (batch, depth, height, width, channels); outputs : the same, shorter.

    Raises
    ------
    ValueError : an argument that is none of these, or inputs too small.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import Cropping3D
    >>> Cropping3D()(np.ones((1, 4, 5, 6, 2))).shape
    (1, 2, 3, 4, 2)
    """

    rank = 3

    def __init__(
        self,
        cropping: Any = ((1, 1), (1, 1), (1, 1)),
        data_format: str | None = None,
        **kwargs: Any,
    ):
        super().__init__(cropping, data_format, **kwargs)
