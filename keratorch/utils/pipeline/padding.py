"""Arrays of different shapes, filled up to one."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.nested import map_structure, put_together, take_apart


def padding_of(element: Any, shapes: Any, values: Any) -> tuple[Any, Any]:
    """Return shapes and fillings, as `_Shape` and `_Fill`, nested like an element.

    Raises
    ------
    ValueError : shapes or values that are nested in another way.
    """
    single = not isinstance(values, (tuple, list, dict))
    fills = (
        map_structure(lambda _: Leaf(values), element)
        if single
        else _leaves(element, values, "padding_values")
    )
    if shapes is None:
        return map_structure(lambda _: Leaf(None), element), fills
    return _leaves(element, shapes, "padded_shapes"), fills


class Leaf:
    """A shape or a value, hidden from what walks through nested structures."""

    def __init__(self, value: Any):
        self.value = value


def _leaves(element: Any, given: Any, name: str) -> Any:
    if not isinstance(element, (tuple, dict)):
        return Leaf(given)
    fits = isinstance(given, dict) == isinstance(element, dict)
    if not fits or len(given) != len(element):
        raise ValueError(
            f"{name} must be nested like the elements, a "
            f"{type(element).__name__} of {len(element)}; received {given!r}."
        )
    parts = [
        _leaves(e, g, name)
        for e, g in zip(
            take_apart(element),
            take_apart(given, element if isinstance(element, dict) else None),
            strict=True,
        )
    ]
    return put_together(element, parts)


def padded(shape: Leaf, fill: Leaf, *values: Any) -> np.ndarray:
    """Return values stacked, each of them in a corner of the common shape.

    Raises
    ------
    ValueError : a value larger than the shape, or with other axes.
    """
    shapes = [np.shape(value) for value in values]
    axes = len(shapes[0])
    wanted = (None,) * axes if shape.value is None else _lengths(shape.value)
    if any(len(found) != axes for found in shapes) or len(wanted) != axes:
        raise ValueError(
            f"padded_batch needs elements of {len(wanted)} axes, padded_shapes="
            f"{wanted}; received shapes {sorted(set(shapes))[:8]}."
        )
    lengths = [
        max(found[axis] for found in shapes) if wanted[axis] is None else wanted[axis]
        for axis in range(axes)
    ]
    largest = tuple(max(found[axis] for found in shapes) for axis in range(axes))
    if any(n > length for n, length in zip(largest, lengths, strict=True)):
        raise ValueError(
            f"padded_batch: an element of shape {largest} is larger than "
            f"padded_shapes={tuple(lengths)}. Cut it by map, or write None."
        )
    return _filled(values, lengths, fill.value)


def _filled(values: Any, lengths: list[Any], fill: Any) -> np.ndarray:
    dtype = getattr(values[0], "dtype", np.dtype(object))
    if fill is None:
        fill = "" if dtype.kind == "O" else 0
    if isinstance(fill, bytes):
        fill = fill.decode()
    result = np.empty((len(values), *lengths), dtype)
    result.fill(fill if dtype.kind == "O" else np.asarray(fill).astype(dtype)[()])
    for row, value in zip(result, values, strict=True):
        if np.ndim(value):
            row[tuple(slice(n) for n in np.shape(value))] = value
    if not lengths:
        result[...] = values
    return result


def _lengths(shape: Any) -> tuple[int | None, ...]:
    numbers = [shape] if np.ndim(shape) == 0 and shape is not None else shape
    return tuple(None if n is None or n == -1 else int(n) for n in numbers)
