"""Reading from places of an array, and writing to them into a new one."""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from typing import Any

import numpy as np

from keratorch import graph
from keratorch.core import GradArray
from keratorch.grads.indexing import ScatterAddGrad
from keratorch.ops.conversion import convert_to_tensor

_REDUCTIONS = {None: "set", "add": "add", "max": "max", "min": "min", "mul": "multiply"}


def get_item(x: Any, key: Any) -> Any:
    """Return x[key].

    >>> get_item(np.arange(5), [1, 3])
    array([1, 3])
    """
    return (x if hasattr(x, "ndim") else convert_to_tensor(x))[key]


def scatter(indices: Any, values: Any, shape: Sequence[int]) -> Any:
    """Return zeros with values added at places, once for each time one is named.

    Parameters
    ----------
    indices : (..., axes) integers, the places along the first axes of the result.
    values : (..., *rest).
    shape : of the result, with `rest` the part behind the axes named.

    >>> scatter([[0], [2], [2]], [1.0, 2.0, 3.0], (4,)).numpy()
    array([1., 0., 5., 0.], dtype=float32)
    """
    places = _places("scatter", indices, tuple(shape))
    return ScatterAddGrad.apply(convert_to_tensor(values), places, tuple(shape))


def scatter_update(
    inputs: Any, indices: Any, updates: Any, reduction: str | None = None
) -> Any:
    """Return the inputs with updates written to places: ``x.at[...].set(updates)``.

    Parameters
    ----------
    inputs : array_like.
    indices : (updates, axes) integers, the places along the first axes.
    updates : (updates, *rest).
    reduction : None to replace what was there, 'add', 'max', 'min' or 'mul' to combine.

    Raises
    ------
    ValueError : an unknown reduction, or places that are not there.

    >>> scatter_update(np.zeros(3), [[1], [2]], [5.0, 7.0]).numpy()
    array([0., 5., 7.])
    """
    if reduction not in _REDUCTIONS:
        known = ", ".join(repr(name) for name in _REDUCTIONS)
        raise ValueError(
            f"scatter_update: reduction must be one of {known}; received {reduction!r}."
        )
    x = convert_to_tensor(inputs)
    place = x.at[_places("scatter_update", indices, x.shape)]
    return getattr(place, _REDUCTIONS[reduction])(_values(updates, x))


def slice(inputs: Any, start_indices: Sequence[Any], shape: Sequence[int]) -> Any:
    """Return the block of a shape that begins at some place.

    A length of -1 reaches to the end of its axis.

    Raises
    ------
    ValueError : not one number for each axis, or a block that reaches beyond the array.

    >>> slice(np.arange(9).reshape(3, 3), (1, 0), (2, 2))
    array([[3, 4],
           [6, 7]])
    >>> slice(np.arange(9).reshape(3, 3), (1, 0), (-1, 2)).shape
    (2, 2)
    """
    x = inputs if hasattr(inputs, "ndim") else convert_to_tensor(inputs)
    return x[_block("slice", x.shape, start_indices, shape)]


def slice_update(inputs: Any, start_indices: Sequence[Any], updates: Any) -> Any:
    """Return the inputs with a block of updates written where it begins.

    Raises
    ------
    ValueError : not one number for each axis, or a block that reaches beyond the array.

    >>> slice_update(np.zeros((2, 2)), (0, 1), [[1.0], [2.0]]).numpy()
    array([[0., 1.],
           [0., 2.]])
    """
    x = convert_to_tensor(inputs)
    updates = _values(updates, x)
    block = _block("slice_update", x.shape, start_indices, updates.shape)
    return x.at[block].set(updates)


def _values(updates: Any, x: GradArray) -> Any:
    """Return updates as an array, in the dtype of x where they have none."""
    if hasattr(updates, "dtype") or any(True for _ in graph.arrays_in(updates)):
        return convert_to_tensor(updates)
    return convert_to_tensor(updates, x.dtype)


def _places(name: str, indices: Any, shape: tuple[int, ...]) -> tuple:
    """Return the index that picks each place along the first axes."""
    places = np.asarray(graph.plain(indices))
    if places.size == 0:
        places = places.astype(int)
    if (
        places.ndim < 1
        or places.dtype.kind not in "iu"
        or places.shape[-1] > len(shape)
    ):
        raise ValueError(
            f"{name}: indices must be integers of shape (..., axes), with at most one "
            f"for each axis of {shape}; received shape {places.shape} and dtype "
            f"{places.dtype}."
        )
    return tuple(np.moveaxis(places, -1, 0))


def _block(
    name: str, whole: tuple[int, ...], start: Sequence[Any], shape: Sequence[int]
) -> tuple[builtins.slice, ...]:
    first = [int(i) for i in graph.plain(tuple(start))]
    fits = len(first) == len(shape) == len(whole)
    if fits:
        ends = zip(first, shape, whole, strict=True)
        shape = [length - i if n == -1 else n for i, n, length in ends]
        ends = zip(first, shape, whole, strict=True)
        fits = all(i >= 0 and n >= 0 and i + n <= length for i, n, length in ends)
    if not fits:
        raise ValueError(
            f"{name}: a block of shape {tuple(shape)} from {tuple(first)} on does not "
            f"lie in an array of shape {whole}."
        )
    return tuple(
        builtins.slice(i, i + int(n)) for i, n in zip(first, shape, strict=True)
    )
