"""What the functions of a script mean by name, and which of its functions they call."""

from __future__ import annotations

import dis
import functools
from collections.abc import Iterator
from types import CellType, CodeType, FunctionType, MethodType
from typing import Any


def free_names(function: FunctionType) -> Iterator[tuple[str, Any]]:
    """Yield the names that a function takes from outside, with what they stand for."""
    cells = function.__closure__ or ()
    for name, cell in zip(function.__code__.co_freevars, cells, strict=True):
        if _is_filled(cell):
            yield name, cell.cell_contents
    for name in _globals_of(function.__code__):
        if name in function.__globals__:
            yield name, function.__globals__[name]


def of_the_script(value: Any, function: FunctionType) -> bool:
    """Return whether a value is a function of the same module as another."""
    return isinstance(value, FunctionType) and value.__module__ == function.__module__


def codes_within(code: CodeType) -> Iterator[CodeType]:
    """Yield the code of a function, and of those that are written inside it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from codes_within(constant)


def reads(function: Any, attributes: frozenset[str]) -> bool:
    """Return whether a function, partial or method, or one it calls, reads attributes.

    Parameters
    ----------
    function : of a script; other objects read none.
    attributes : their names, of whatever object.
    """
    return any(not attributes.isdisjoint(_read(code)) for code in _codes(function))


def names(function: Any, wanted: frozenset[str]) -> bool:
    """Return whether a function, or one it calls, names a global or an attribute."""
    return any(not wanted.isdisjoint(code.co_names) for code in _codes(function))


def _codes(function: Any) -> Iterator[CodeType]:
    for reached in _reached(function):
        yield from codes_within(reached.__code__)


def _read(code: CodeType) -> Iterator[str]:
    return (
        step.argval
        for step in dis.get_instructions(code)
        if step.opname in ("LOAD_ATTR", "LOAD_METHOD")
    )


def _reached(function: Any) -> Iterator[FunctionType]:
    """Yield a function, and those of its script that it calls, also as methods.

    KeraTorch's own are not of a script.
    """
    met: set[FunctionType] = set()
    stack = [function]
    while stack:
        known = stack.pop()
        owners: list[Any] = []
        while isinstance(known, functools.partial):
            owners += [*known.args, *known.keywords.values()]
            known = known.func
        if isinstance(known, MethodType):
            owners.append(known.__self__)
            known = known.__func__
        if not isinstance(known, FunctionType) or known in met or _is_ours(known):
            continue
        met.add(known)
        yield known
        for _, value in free_names(known):
            if of_the_script(value, known):
                stack.append(value)
            elif type(value).__module__ == known.__module__:
                owners.append(value)
        stack += [method for owner in owners for method in _methods(owner, known)]


def _is_ours(function: FunctionType) -> bool:
    return str(function.__module__).startswith("keratorch.")


def _methods(owner: Any, function: FunctionType) -> list[MethodType]:
    """Return the methods of an object that a function names."""
    named = {n for code in codes_within(function.__code__) for n in code.co_names}
    found = [getattr(type(owner), name, None) for name in sorted(named)]
    return [
        MethodType(method, owner)
        for method in found
        if isinstance(method, FunctionType) and of_the_script(method, function)
    ]


def _globals_of(code: CodeType) -> set[str]:
    return {
        step.argval
        for inside in codes_within(code)
        for step in dis.get_instructions(inside)
        if step.opname == "LOAD_GLOBAL"
    }


def _is_filled(cell: CellType) -> bool:
    try:
        return cell.cell_contents is not cell
    except ValueError:
        return False
