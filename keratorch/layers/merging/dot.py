"""Dot: products of the rows of two arrays, sample by sample."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from keratorch import ops
from keratorch.layers.merging.merge import Merge


class Dot(Merge):
    """Multiply two arrays and sum along one axis of each, for each sample.

    Parameters
    ----------
    axes : int, or a pair of them, the axis of each array that is summed over.
    normalize : bool, whether to divide by the lengths along these axes first: the
        result is then the cosine of the angle between them.

    Shapes
    ------
    inputs : two arrays; outputs : the axes of the first that are left, then those of
        the second without the batch; (batch, 1) if none is left.

    Raises
    ------
    ValueError : the input is no list of two arrays, or the axes differ in length.
    TypeError : `axes` is no int and no pair of ints.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import Dot
    >>> Dot(axes=1)([np.array([[1.0, 2.0]]), np.array([[3.0, 4.0]])]).numpy()
    array([[11.]], dtype=float32)
    """

    couples_samples = False
    _keeps_integers = False

    def __init__(self, axes: Any, normalize: bool = False, **kwargs: Any):
        super().__init__(**kwargs)
        pair = (axes, axes) if isinstance(axes, int) else axes
        whole = isinstance(pair, (list, tuple)) and all(
            isinstance(axis, int) for axis in pair
        )
        if not whole or len(pair) != 2:
            error = ValueError if whole else TypeError
            raise error(f"Dot: axes must be an int or a pair of ints; received {axes}.")
        self.axes = axes
        self.normalize = bool(normalize)

    def call(self, inputs: Sequence[Any]) -> Any:
        x, y = inputs
        first, second = self._both_axes(x.shape, y.shape)
        if self.normalize:
            x, y = ops.normalize(x, axis=first), ops.normalize(y, axis=second)
        return batch_dot(x, y, (first, second))

    def _both_axes(self, x: tuple, y: tuple) -> tuple[int, int]:
        """Return the two axes, counted from 0."""
        first, second = (
            (self.axes, self.axes) if isinstance(self.axes, int) else self.axes
        )
        for axis, shape in ((first, x), (second, y)):
            if not -len(shape) <= axis < len(shape) or axis % len(shape) == 0:
                raise ValueError(
                    f"{self._named}: axes={self.axes} must name an axis of each array, "
                    f"behind axis 0, the batch; received the shapes {x} and {y}. Use "
                    "-1 for the features."
                )
        return first % len(x), second % len(y)

    def compute_output_shape(self, input_shape: Any) -> tuple:
        x, y = self._shapes(input_shape, 2)
        first, second = self._both_axes(x, y)
        lengths = {x[first], y[second]} - {None}
        if len(lengths) > 1:
            raise self._mismatch(
                [x, y], f"arrays of one length along the axes {first} and {second}"
            )
        rest = [n for i, n in enumerate(x) if i not in (0, first)]
        rest += [n for i, n in enumerate(y) if i not in (0, second)]
        return (x[0], *(rest or [1]))

    def compute_mask(self, inputs: Any, mask: Any = None) -> None:
        """Return None: the outputs have no steps."""

    def get_config(self) -> dict[str, Any]:
        config = super().get_config()
        return {**config, "axes": self.axes, "normalize": self.normalize}


def dot(inputs: Sequence[Any], axes: Any = -1, **kwargs: Any) -> Any:
    """Multiply two arrays and sum along an axis of each by a `Dot` layer."""
    return Dot(axes=axes, **kwargs)(inputs)


def batch_dot(x: Any, y: Any, axes: Any = None) -> Any:
    """Multiply two arrays and sum along one axis of each, for each sample.

    Parameters
    ----------
    x, y : arrays (batch, ...) with at least two axes.
    axes : int or pair of ints, the axis of each that is summed over; by default the
        last of `x` and the last but one of `y`, or its last if it has two.

    Raises
    ------
    ValueError : too few axes, the batch axis, or axes that differ in length.

    Examples
    --------
    >>> import numpy as np
    >>> batch_dot(np.ones((32, 20, 1)), np.ones((32, 30, 20)), axes=(1, 2)).shape
    (32, 1, 30)
    """
    if axes is None:
        axes = (x.ndim - 1, max(y.ndim - 2, 1))
    pair = (axes, axes) if isinstance(axes, int) else tuple(axes)
    if len(pair) != 2:
        raise ValueError(
            f"batch_dot: axes must be an int or a pair of ints; received {axes}."
        )
    first, second = pair
    if min(x.ndim, y.ndim) < 2 or x.shape[0] != y.shape[0]:
        raise ValueError(
            "batch_dot expects arrays of shape (batch, ...) with one batch and at "
            f"least two axes; received the shapes {x.shape} and {y.shape}."
        )
    first, second = first % x.ndim, second % y.ndim
    if 0 in (first, second) or x.shape[first] != y.shape[second]:
        raise ValueError(
            "batch_dot expects axes of one length, behind the batch; received the "
            f"shapes {x.shape} and {y.shape} with axes={(first, second)}."
        )
    batch, length = x.shape[0], x.shape[first]
    x, y = np.moveaxis(x, first, -1), np.moveaxis(y, second, 1)
    rows, columns = x.shape[1:-1], y.shape[2:]
    product = x.reshape(batch, math.prod(rows), length) @ y.reshape(
        batch, length, math.prod(columns)
    )
    return product.reshape(batch, *((rows + columns) or (1,)))
