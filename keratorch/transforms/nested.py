"""Nested lists, tuples and dicts as a flat list of leaves, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any


def leaves_of(nested: Any) -> list[Any]:
    """Return what nested lists, tuples and dicts hold, from left to right.

    Examples
    --------
    >>> leaves_of({"w": [1.0, 2.0], "b": 3.0})
    [1.0, 2.0, 3.0]
    """
    if isinstance(nested, (list, tuple)):
        return [leaf for part in nested for leaf in leaves_of(part)]
    if isinstance(nested, dict):
        return [leaf for part in nested.values() for leaf in leaves_of(part)]
    return [nested]


def with_leaves(nested: Any, leaves: Iterator[Any]) -> Any:
    """Return the same structure with other leaves, taken from the iterator.

    Examples
    --------
    >>> with_leaves({"w": [1.0, 2.0], "b": 3.0}, iter("xyz"))
    {'w': ['x', 'y'], 'b': 'z'}
    """
    if isinstance(nested, (list, tuple)):
        parts = [with_leaves(part, leaves) for part in nested]
        if hasattr(nested, "_fields"):
            return type(nested)(*parts)
        return type(nested)(parts)
    if isinstance(nested, dict):
        return {key: with_leaves(part, leaves) for key, part in nested.items()}
    return next(leaves)


def mapped(function: Callable, nested: Any) -> Any:
    """Return the structure with a function applied to each leaf."""
    return with_leaves(nested, map(function, leaves_of(nested)))
