"""Gradients that are zero in most places, such as that of an array read at an index."""

from __future__ import annotations

from typing import Any

import numpy as np


class PartialGradient:
    """A gradient that knows where it is not zero.

    The walk adds those of one array up in memory of its own, so that many small reads
    of a large array cost what is read.  For everybody else it is an array, which is
    computed when it is looked at.

    Parameters
    ----------
    shape : of the array whose gradient it is.
    dtype : dtype of it.
    """

    def __init__(self, shape: tuple[int, ...], dtype: Any):
        self.shape, self.dtype = shape, dtype

    def add_to(self, total: np.ndarray) -> None:
        """Add the gradient, in place, to an array in the order of C."""
        raise NotImplementedError

    @property
    def _array(self) -> np.ndarray:
        return self.added(None)

    def __add__(self, other: np.ndarray) -> np.ndarray:
        return self.added(np.array(other))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return np.asarray(self._array, dtype)

    def added(self, before: np.ndarray | None) -> np.ndarray:
        """Return the sum with another gradient, in its memory; None for zeros."""
        if before is None:
            before = np.zeros(self.shape, self.dtype)
        total = np.asarray(before, order="C")
        self.add_to(total)
        return total


class ChosenGradient(PartialGradient):
    """A gradient at chosen elements of an array, and zero elsewhere.

    Parameters
    ----------
    places : where in the flattened array these elements are: each once, ascending.
    grads : the gradient of each.
    """

    def __init__(self, places: np.ndarray, grads: np.ndarray, shape: tuple[int, ...]):
        super().__init__(shape, grads.dtype)
        self.places, self.grads = places, grads

    def add_to(self, total):
        total.reshape(-1)[self.places] += self.grads


def is_partial(gradient: Any, array: np.ndarray) -> bool:
    """Return whether a value is a partial gradient of an array."""
    return (
        isinstance(gradient, PartialGradient)
        and gradient.shape == array.shape
        and gradient.dtype == array.dtype
    )


def is_taken(x: Any) -> bool:
    """Return whether the operation that made an array takes partial gradients."""
    op = getattr(x, "_grad_op", None)
    return op is not None and op.takes_partial and not op._hooks and not op._guarded


def whole(gradient: Any) -> Any:
    """Return a gradient as an array, if it was a partial one."""
    return gradient._array if isinstance(gradient, PartialGradient) else gradient
