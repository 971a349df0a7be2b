"""Functional writing: ``x.at[index].set(value)`` in place of ``x[index] = value``.

It makes the array that the assignment would leave, and leaves x as a graph knows it.
"""

from __future__ import annotations

from typing import Any

import numpy as np


class At:
    """What ``x.at`` is: it waits for an index."""

    __slots__ = ("_array",)

    def __init__(self, array: Any):
        self._array = array

    def __getitem__(self, index: Any) -> Place:
        return Place(self._array, index)

    def __setitem__(self, index: Any, value: Any) -> None:
        raise TypeError(
            "x.at[index] = value writes into no array. Make a new one: "
            "x = x.at[index].set(value), or .add(value) for x.at[index] += value."
        )

    def __getattr__(self, name: str) -> Any:
        if hasattr(Place, name):
            raise AttributeError(
                f"x.at.{name} needs to know where: write x.at[index].{name}(...), "
                f"x.at[...].{name}(...) for the whole array."
            )
        raise AttributeError(f"x.at has no attribute {name!r}: write x.at[index].")


class Place:
    """A place in an array: each method returns a new array that differs there.

    The index is one of ``x[index]``; the value broadcasts to the shape of that.  The
    result has the dtype of x, and gradients flow to x and to the value.

    Where an index of integers picks a place several times, `set` keeps the last value,
    and the others use every value.

    Examples
    --------
    >>> from keratorch import GradArray
    >>> x = GradArray([1.0, 2.0, 3.0])
    >>> x.at[0].set(7.0).numpy()
    array([7., 2., 3.])
    >>> x.at[1:].multiply([2.0, 3.0]).numpy()
    array([1., 4., 9.])
    >>> x.at[[0, 0]].add(10.0).numpy()
    array([21.,  2.,  3.])
    >>> x.numpy()
    array([1., 2., 3.])
    """

    __slots__ = ("_array", "_index")

    def __init__(self, array: Any, index: Any):
        self._array, self._index = array, index

    def get(self) -> Any:
        """Return x[index]."""
        return self._array[self._index]

    def set(self, value: Any) -> Any:
        """Return x with the value written there."""
        return self._write(np.ndarray.__setitem__, value)

    def add(self, value: Any) -> Any:
        """Return x with the value added there."""
        return self._write(np.add.at, value)

    def subtract(self, value: Any) -> Any:
        """Return x with the value subtracted there."""
        return self._write(np.subtract.at, value)

    def multiply(self, value: Any) -> Any:
        """Return x multiplied by the value there."""
        return self._write(np.multiply.at, value)

    mul = multiply  # JAX's short name

    def divide(self, value: Any) -> Any:
        """Return x divided by the value there."""
        return self._write(np.true_divide.at, value)

    def power(self, value: Any) -> Any:
        """Return x to the power of the value there."""
        return self._write(np.power.at, value)

    def max(self, value: Any) -> Any:
        """Return x with the larger of x and the value there."""
        return self._write(np.maximum.at, value)

    def min(self, value: Any) -> Any:
        """Return x with the smaller of x and the value there."""
        return self._write(np.minimum.at, value)

    def _write(self, function: Any, value: Any) -> Any:
        return self._array._record(function, (self._array, self._index, value), {})
