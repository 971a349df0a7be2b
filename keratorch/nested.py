"""Nested structures: lists, tuples and dicts of arrays, taken apart and put together.

A structure is a leaf, or a list, a tuple, a named tuple, a deque or a dict of
structures. Everything else is a leaf: arrays, symbolic arrays, strings, numbers and
None. Dicts are walked in the order of their sorted keys, as Keras does, and keep their
own order; an OrderedDict is walked in its own.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any

_CONTAINERS = (list, tuple, dict, deque)


def is_nested(structure: Any) -> bool:
    """Return whether a value is a list, a tuple, a deque or a dict.

    Examples
    --------
    >>> is_nested([1]), is_nested("text"), is_nested(None)
    (True, False, False)
    """
    return isinstance(structure, _CONTAINERS)


def flatten(structure: Any) -> list[Any]:
    """Return the leaves of a structure, in order.

    Examples
    --------
    >>> flatten({"b": 1, "a": [2, (3, None)]})
    [2, 3, None, 1]
    >>> flatten(5)
    [5]
    """
    if not isinstance(structure, _CONTAINERS):
        return [structure]
    leaves: list[Any] = []
    _collect(structure, leaves)
    return leaves


def map_structure(function: Callable[..., Any], *structures: Any) -> Any:
    """Return a structure like the first one, with ``function(*leaves)`` as leaves.

    Raises
    ------
    ValueError : the structures differ.

    Examples
    --------
    >>> map_structure(lambda a, b: a + b, {"x": 1, "y": [2]}, {"x": 10, "y": [20]})
    {'x': 11, 'y': [22]}
    """
    if len(structures) == 1:
        return _mapped(function, structures[0])
    first, *others = structures
    if not is_nested(first):
        for other in others:
            if is_nested(other):
                raise ValueError(_difference(first, other))
        return function(*structures)
    for other in others:
        _check_alike(first, other)
    parts = [
        map_structure(function, *together)
        for together in zip(*(take_apart(x, first) for x in structures), strict=True)
    ]
    return put_together(first, parts)


def pack_like(structure: Any, flat: Iterable[Any]) -> Any:
    """Return a structure like the given one, with other leaves, in order.

    Raises
    ------
    ValueError : fewer or more leaves than the structure has.

    Examples
    --------
    >>> pack_like([0, (0, 0)], "abc")
    ['a', ('b', 'c')]
    """
    leaves = list(flat)
    wanted = len(flatten(structure))
    if len(leaves) != wanted:
        raise ValueError(
            f"the structure has {wanted} leaves; received {len(leaves)} to fill it."
        )
    return fill(structure, iter(leaves))


def fill(structure: Any, leaves: Iterator[Any]) -> Any:
    """Return a structure like the given one, with leaves taken from an iterator.

    Examples
    --------
    >>> fill({"w": [1.0, 2.0], "b": 3.0}, iter("xyz"))
    {'w': ['y', 'z'], 'b': 'x'}
    """
    if not is_nested(structure):
        return next(leaves)
    return put_together(
        structure, [fill(part, leaves) for part in take_apart(structure)]
    )


def flatten_with_path(structure: Any) -> list[tuple[tuple[Any, ...], Any]]:
    """Return pairs (path, leaf), the path being the keys and positions to the leaf.

    Examples
    --------
    >>> flatten_with_path({"a": [1, 2]})
    [(('a', 0), 1), (('a', 1), 2)]
    """
    if not is_nested(structure):
        return [((), structure)]
    keys: Iterable[Any] = range(len(structure))
    if isinstance(structure, dict):
        keys = keys_of(structure)
    return [
        ((key, *path), leaf)
        for key, part in zip(keys, take_apart(structure), strict=True)
        for path, leaf in flatten_with_path(part)
    ]


def _collect(structure: Any, leaves: list[Any]) -> None:
    for part in take_apart(structure) if isinstance(structure, dict) else structure:
        if isinstance(part, _CONTAINERS):
            _collect(part, leaves)
        else:
            leaves.append(part)


def _mapped(function: Callable[[Any], Any], structure: Any) -> Any:
    if not isinstance(structure, _CONTAINERS):
        return function(structure)
    if not structure:
        return put_together(structure, [])
    parts = [_mapped(function, part) for part in take_apart(structure)]
    return parts if type(structure) is list else put_together(structure, parts)


def take_apart(structure: Any, like: Any = None) -> list[Any]:
    """Return what is directly inside a container, dicts in the order of `keys_of`.

    Parameters
    ----------
    structure : list, tuple, deque or dict.
    like : dict with the same keys, whose order counts instead.

    Examples
    --------
    >>> take_apart({"b": 1, "a": [2]})
    [[2], 1]
    """
    if isinstance(structure, dict):
        return [structure[key] for key in keys_of(structure if like is None else like)]
    return list(structure)


def put_together(structure: Any, parts: list[Any]) -> Any:
    """Return a container of the same kind with other parts, as `take_apart` gave them.

    Examples
    --------
    >>> put_together({"b": 1, "a": [2]}, [3, 4])
    {'b': 4, 'a': 3}
    """
    if isinstance(structure, dict):
        filled = structure.copy()  # an OrderedDict stays one, as does a defaultdict
        filled.update(zip(keys_of(structure), parts, strict=True))
        return filled
    if hasattr(structure, "_fields"):  # a named tuple takes its parts one by one
        return type(structure)(*parts)
    if isinstance(structure, deque):
        return deque(parts, structure.maxlen)
    return tuple(parts) if isinstance(structure, tuple) else parts


def keys_of(structure: dict[Any, Any]) -> list[Any]:
    """Return the keys of a dict in the order in which its parts come.

    Examples
    --------
    >>> keys_of({"b": 1, "a": 2}), keys_of(OrderedDict(b=1, a=2))
    (['a', 'b'], ['b', 'a'])
    """
    if isinstance(structure, OrderedDict):
        return list(structure)
    try:
        return sorted(structure)
    except TypeError:  # keys of several kinds have no order but their own
        return list(structure)


def _check_alike(first: Any, other: Any) -> None:
    dicts = isinstance(first, dict), isinstance(other, dict)
    alike = is_nested(other) and dicts[0] == dicts[1] and len(first) == len(other)
    if alike and dicts[0]:
        alike = set(first) == set(other)
    if not alike:
        raise ValueError(_difference(first, other))


def _difference(first: Any, other: Any) -> str:
    return (
        f"the structures differ: one is {_described(first)}, the other "
        f"{_described(other)}."
    )


def _described(structure: Any) -> str:
    if isinstance(structure, dict):
        return f"a dict with the keys {list(structure)}"
    if is_nested(structure):
        return f"a {type(structure).__name__} of {len(structure)}"
    return f"one {type(structure).__name__}"
