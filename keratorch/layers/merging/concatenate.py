"""Concatenate: arrays side by side."""

from __future__ import annotations

import numbers
from collections.abc import Sequence
from typing import Any

import numpy as np

from keratorch.layers.arguments import brief, may_take_batch
from keratorch.layers.merging.merge import Merge


class Concatenate(Merge):
    """Join arrays along an axis.

    Parameters
    ----------
    axis : int, along which they are joined; by default the last.

    Shapes
    ------
    inputs : list of arrays that differ in length along `axis` alone.

    Raises
    ------
    ValueError : the input is no list, or the shapes differ elsewhere.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import Concatenate
    >>> Concatenate()([np.ones((2, 3)), np.ones((2, 4))]).shape
    (2, 7)
    """

    _integer_dtype = True

    def __init__(self, axis: Any = -1, **kwargs: Any):
        super().__init__(**kwargs)
        if not isinstance(axis, numbers.Integral) or isinstance(axis, bool):
            raise TypeError(
                "Concatenate: axis must be an int, such as -1 for the features; "
                f"received {brief(axis)}."
            )
        self.axis = int(axis)

    @property
    def couples_samples(self) -> bool:
        """Whether the axis may be that of the samples."""
        return may_take_batch(self.axis)

    def build(self, input_shape: Any) -> None:
        self.compute_output_shape(input_shape)  # batches may differ along axis 0

    def call(self, inputs: Sequence[Any]) -> Any:
        return np.concatenate(self._of_one_type(inputs), axis=self.axis)

    def compute_output_shape(self, input_shape: Any) -> tuple:
        shapes = self._shapes(input_shape)
        first = list(shapes[0])
        if not -len(first) <= self.axis < len(first):
            raise self._mismatch(shapes, f"arrays with an axis {self.axis}")
        axis = self.axis % len(first)
        for shape in shapes[1:]:
            fits = len(shape) == len(first) and all(
                i == axis or None in (n, m) or n == m
                for i, (n, m) in enumerate(zip(first, shape, strict=True))
            )
            if not fits:
                raise self._mismatch(
                    shapes, f"arrays whose shapes are equal but for axis {self.axis}"
                )
        lengths = [shape[axis] for shape in shapes]
        first[axis] = None if None in lengths else sum(lengths)
        return tuple(first)

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """Return the masks side by side; an input without one counts wholly."""
        if mask is None:
            return None
        masks = self._checked_masks(inputs, mask)
        if all(m is None for m in masks):
            return None
        wide = [
            np.ones(x.shape, bool)
            if m is None
            else np.broadcast_to(np.expand_dims(m, -1), x.shape)
            if np.ndim(m) < x.ndim
            else m
            for x, m in zip(inputs, masks, strict=True)
        ]
        return np.any(np.concatenate(wide, axis=self.axis), axis=-1)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "axis": self.axis}


def concatenate(inputs: Sequence[Any], axis: int = -1, **kwargs: Any) -> Any:
    """Join arrays along an axis by a `Concatenate` layer."""
    return Concatenate(axis=axis, **kwargs)(inputs)
