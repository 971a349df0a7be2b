"""Nested structures, by the names of Keras: see `keratorch.nested`.

A structure is a leaf, or a list, a tuple, a named tuple, a deque or a dict of
structures. The leaves of a dict come in the order of its sorted keys, those of an
OrderedDict in its own.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from typing import Any

from keratorch import nested
from keratorch.nested import (
    flatten,
    flatten_with_path,
    is_nested,
    put_together,
    take_apart,
)

__all__ = [
    "MAP_TO_NONE",
    "assert_same_paths",
    "assert_same_structure",
    "flatten",
    "flatten_with_path",
    "is_nested",
    "lists_to_tuples",
    "map_shape_structure",
    "map_structure",
    "map_structure_up_to",
    "pack_sequence_as",
    "traverse",
]


class MAP_TO_NONE:  # noqa: N801  Keras's name
    """What a function returns to `traverse` to put None into a structure."""


def traverse(func: Callable[[Any], Any], structure: Any, top_down: bool = True) -> Any:
    """Return a structure with each part replaced by ``func(part)``.

    Parameters
    ----------
    func : function of a part: the structure, those inside it, and its leaves. Where it
        returns None the part stays; `MAP_TO_NONE` puts None in its place.
    structure : nested structure.
    top_down : bool, whether `func` sees a part before those inside it, which it does
        not see once it has replaced the part.

    Raises
    ------
    TypeError : `func` cannot be called.

    Examples
    --------
    >>> traverse(lambda x: x + 1 if isinstance(x, int) else None, [1, {"a": 2}])
    [2, {'a': 3}]
    """
    _check_callable(func)

    def visit(part: Any) -> Any:
        found = func(part) if top_down else None
        if top_down and found is not None:
            return None if found is MAP_TO_NONE else found
        part = _map_parts(visit, part)
        found = None if top_down else func(part)
        if found is None:
            return part
        return None if found is MAP_TO_NONE else found

    return visit(structure)


def map_structure(
    func: Callable[..., Any], *structures: Any, none_is_leaf: bool = True
) -> Any:
    """Return a structure like the first one, with ``func(*leaves)`` as leaves.

    Parameters
    ----------
    func : function of as many leaves as there are structures.
    *structures : nested structures, all alike.
    none_is_leaf : bool; where it is false, None stays None and `func` does not see it.

    Raises
    ------
    TypeError : `func` cannot be called.
    ValueError : the structures differ, or there is none.

    Examples
    --------
    >>> map_structure(lambda x, y: x * y, [[1], {"a": 2}], [[3], {"a": 4}])
    [[3], {'a': 8}]
    """
    _check_callable(func)
    if not structures:
        raise ValueError("map_structure needs a structure; received none.")
    first, *others = structures
    for other in others:
        assert_same_structure(first, other)
    if none_is_leaf:
        return nested.map_structure(func, *structures)
    return nested.map_structure(
        lambda *leaves: None if leaves[0] is None else func(*leaves), *structures
    )


def map_structure_up_to(
    shallow_structure: Any, func: Callable[..., Any], *structures: Any
) -> Any:
    """Return a structure like `shallow_structure`, of ``func(*parts)``.

    The parts are what the structures have where the shallow one has leaves: structures
    themselves, if they go deeper.

    Raises
    ------
    TypeError : `func` cannot be called.
    ValueError : a structure is less deep, or different; or there is none.

    Examples
    --------
    >>> map_structure_up_to([None, [None]], str, [[1, 1], [2]])
    ['[1, 1]', ['2']]
    """
    _check_callable(func)
    if not structures:
        raise ValueError("map_structure_up_to needs a structure; received none.")
    if not is_nested(shallow_structure):
        return func(*structures)
    for structure in structures:
        _check_alike(shallow_structure, structure)
    together = zip(
        *(take_apart(x, shallow_structure) for x in (shallow_structure, *structures)),
        strict=True,
    )
    return put_together(
        shallow_structure,
        [map_structure_up_to(s, func, *deep) for s, *deep in together],
    )


def assert_same_structure(a: Any, b: Any, check_types: bool | None = None) -> None:
    """Raise unless two structures have the same containers and keys.

    A list and a tuple are not the same. `check_types` changes nothing here, nor in
    Keras, and warns.

    Raises
    ------
    ValueError : they differ.

    Examples
    --------
    >>> assert_same_structure([(0, 1)], [(2, "b")])
    """
    if check_types is not None:
        warnings.warn(
            "check_types of assert_same_structure changes nothing: leave it out, or "
            "compare with assert_same_paths, for which lists and tuples are the same.",
            DeprecationWarning,
            stacklevel=2,
        )
    if not is_nested(a) and not is_nested(b):
        return
    _check_alike(a, b)
    for own, other in zip(take_apart(a), take_apart(b, a), strict=True):
        assert_same_structure(own, other)


def assert_same_paths(a: Any, b: Any) -> None:
    """Raise unless two structures have leaves at the same keys and positions.

    Raises
    ------
    ValueError : they differ; the message has the paths.

    Examples
    --------
    >>> assert_same_paths([0, 1], (2, 3))
    """
    paths = [{path for path, _ in flatten_with_path(x)} for x in (a, b)]
    if paths[0] != paths[1]:
        only = [
            sorted(own, key=str)[:5]
            for own in (paths[0] - paths[1], paths[1] - paths[0])
        ]
        raise ValueError(
            f"the structures have other paths: {only[0]} only the first, {only[1]} "
            "only the second."
        )


def pack_sequence_as(structure: Any, flat_sequence: Iterable[Any]) -> Any:
    """Return a structure like the given one, with other leaves, in order.

    Raises
    ------
    TypeError : `flat_sequence` is no sequence.
    ValueError : fewer or more leaves than the structure has.

    Examples
    --------
    >>> pack_sequence_as({"b": 0, "a": [0]}, ["first", "second"])
    {'b': 'second', 'a': ['first']}
    """
    return nested.pack_like(structure, flat_sequence)


def lists_to_tuples(structure: Any) -> Any:
    """Return a structure with tuples for lists.

    Examples
    --------
    >>> lists_to_tuples([1, {"a": [2, 3]}])
    (1, {'a': (2, 3)})
    """
    return traverse(
        lambda x: tuple(x) if isinstance(x, list) else None, structure, top_down=False
    )


def map_shape_structure(func: Callable[[Any], Any], structure: Any) -> Any:
    """Return a structure with ``func(shape)`` for each shape in it.

    A shape is a list or tuple of int and None.

    Examples
    --------
    >>> map_shape_structure(len, {"a": (None, 3), "b": [(1,), (2, 3, 4)]})
    {'a': 2, 'b': [1, 3]}
    """
    _check_callable(func)

    def visit(part: Any) -> Any:
        is_shape = isinstance(part, (list, tuple)) and all(
            n is None or isinstance(n, int) for n in part
        )
        return (
            func(part) if is_shape or not is_nested(part) else _map_parts(visit, part)
        )

    return visit(structure)


def _map_parts(function: Callable[[Any], Any], structure: Any) -> Any:
    if not is_nested(structure):
        return structure
    return put_together(structure, [function(part) for part in take_apart(structure)])


def _check_alike(a: Any, b: Any) -> None:
    """Raise unless two containers are of one kind, with the same places."""
    dicts = isinstance(a, dict) and isinstance(b, dict)
    alike = is_nested(a) and is_nested(b) and (dicts or type(a) is type(b))
    if alike:
        alike = set(a) == set(b) if dicts else len(a) == len(b)
    if not alike:
        raise ValueError(
            f"the structures differ: one is {_described(a)}, the other {_described(b)}."
        )


def _described(structure: Any) -> str:
    if isinstance(structure, dict):
        return f"a dict with the keys {list(structure)}"
    kind = type(structure).__name__
    return f"a {kind} of {len(structure)}" if is_nested(structure) else f"one {kind}"


def _check_callable(func: Any) -> None:
    if not callable(func):
        raise TypeError(f"func must be a function; received {func!r}.")
