"""What can be read off a graph: its order, its names, a flat copy of it.

The functions here know a GradArray by its ``_array`` and ``_grad_op`` alone.  None of
them recurses along the graph, so a chain of a million operations is no problem.
"""

from __future__ import annotations

import copyreg
import itertools
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Any

import numpy as np

numbers = itertools.count()  # of operations: each is younger than its inputs
_age = attrgetter("_number")
_NAME_DEPTH = 6  # operations that a derived name shows, counted from the result
_NAME_WIDTH = 4  # inputs of each
_NAME_LENGTH = 60  # characters


def now() -> int:
    """Return a number larger than that of every operation made so far."""
    return next(numbers)


def value(x: Any) -> Any:
    """Return the ndarray of a GradArray, and anything else as it is."""
    return getattr(x, "_array", x)


def plain(nested: Any) -> Any:
    """Return nested lists, tuples and dicts with each GradArray as its ndarray."""
    if isinstance(nested, (list, tuple)):
        items = [plain(x) for x in nested]
        if hasattr(nested, "_fields"):
            return type(nested)(*items)
        return items if isinstance(nested, list) else tuple(items)
    if isinstance(nested, dict):
        return {key: plain(x) for key, x in nested.items()}
    return value(nested)


def arrays_in(*nested: Any) -> Iterator[Any]:
    """Yield the GradArrays in nested lists, tuples and dicts."""
    for x in nested:
        if isinstance(x, (list, tuple)):
            yield from arrays_in(*x)
        elif isinstance(x, dict):
            yield from arrays_in(*x.values())
        elif hasattr(x, "_grad_op"):
            yield x


def newest_first(roots: Iterable[Any], since: int = -1) -> list[Any]:
    """Return every operation behind the roots, consumers before producers.

    An operation is numbered when it is made, so it is younger than its inputs and the
    order of numbers is a topological order.  Operations up to the number `since`, and
    the graph behind them, are not visited.
    """
    found: set[int] = set()
    operations: list[Any] = []
    arrays = list(roots)
    for x in arrays:  # which grows
        op = getattr(x, "_grad_op", None)
        if op is not None and op._number > since and op._number not in found:
            found.add(op._number)
            operations.append(op)
            arrays += op._inputs
    if len(operations) > 1:
        operations.sort(key=_age, reverse=True)
    return operations


def arrays_behind(root: Any, operations: Iterable[Any]) -> Iterable[Any]:
    """Return every GradArray of the graph once: the root and all inputs."""
    found = {id(root): root}
    for op in operations:
        for x in op._inputs:
            if hasattr(x, "_grad_op"):
                found[id(x)] = x
    return found.values()


def leading_to(targets: Iterable[int], operations: Sequence[Any]) -> frozenset[int]:
    """Return the targets and the nodes of all operations that depend on one."""
    reached = set(targets)
    for op in reversed(operations):
        for x in op._inputs:
            if hasattr(x, "_grad_op") and x._node in reached:
                reached.add(op._number)
                break
    return frozenset(reached)


def expression(array: Any) -> str:
    """Return the expression that made an array, as in ``"A @ B + c"``, cut if long."""
    text = _expression(array, _NAME_DEPTH, nested=False)
    return text if len(text) <= _NAME_LENGTH else text[: _NAME_LENGTH - 3] + "..."


def _expression(x: Any, depth: int, nested: bool) -> str:
    if isinstance(x, (int, float)):
        return f"{x:g}"
    if getattr(x, "_name", None) is not None:
        return x._name
    op = getattr(x, "_grad_op", None)
    if op is None:
        return "array"
    if depth == 0:
        return "..."
    parts = _parts(op, depth, nested=op.notation is not None)
    if op.notation is None:
        return f"{_function_name(op)}({', '.join(parts)})"
    text = op.notation.format(*parts)
    is_sum = " {" in op.notation or op.notation[0] == "-"
    return f"({text})" if nested and is_sum else text


def _parts(op: Any, depth: int, nested: bool) -> list[str]:
    """Return the expressions of the inputs, the first few of them."""
    shown = (op._inputs or ())[:_NAME_WIDTH]
    parts = [_expression(x, depth - 1, nested) for x in shown]
    return parts + ["..."] * (len(op._inputs or ()) > len(shown))


def arguments(op: Any) -> str:
    """Return the expressions of an operation's inputs: ``"x @ w, b"``."""
    text = ", ".join(_parts(op, _NAME_DEPTH, nested=False))
    return text if len(text) <= _NAME_LENGTH else text[: _NAME_LENGTH - 3] + "..."


def _function_name(op: Any) -> str:
    if op.of is not None:
        return op.of.__name__
    return type(op).__name__.removesuffix("Grad").lower()


def get_state(array: Any) -> dict[str, Any]:
    """Return the attributes of an array, those in slots included."""
    state = dict(getattr(array, "__dict__", {}))
    for kind in type(array).__mro__:
        for slot in getattr(kind, "__slots__", ()):
            if slot != "__weakref__" and hasattr(array, slot):
                state[slot] = getattr(array, slot)
    return state


def set_state(array: Any, state: dict[str, Any]) -> None:
    """Set the attributes that `get_state` returned, of a leaf but for its number."""
    for name, attribute in state.items():
        setattr(array, name, attribute)
    if state.get("_grad_op") is None:
        array._node = now()


def reduced(array: Any) -> tuple:
    """Return what `pickle` and `copy.deepcopy` need to make the array again.

    A leaf is its attributes.  A result is the flat list of the operations behind it,
    oldest first, so that the copy has the same graph; gradients are kept as values.
    """
    if array._grad_op is None:
        state = get_state(array)
        state["_grad"] = value(array._grad)
        state["_written"] = -1  # the copy's operations are numbered anew
        state.pop("_hooks", None)  # functions belong to the program, not to the data
        state.pop("_logits", None)  # they would come with all of their graph
        return copyreg.__newobj__, (type(array),), state  # type: ignore[attr-defined]
    operations = newest_first([array])[::-1]
    return _rebuilt, (type(array.detach()), _table(array, operations))


def _table(root: Any, operations: list[Any]) -> dict[str, Any]:
    """Return a graph as columns, one entry for each operation or each of its inputs.

    Columns keep copying and pickling to a few large objects, where a chain of a million
    operations would otherwise be millions of small ones.
    """
    index = {id(op): i for i, op in enumerate(operations)}

    def producer(x: Any) -> int:
        return index.get(id(getattr(x, "_grad_op", None)), -1)

    table: dict[str, Any] = {
        "kinds": [type(op) for op in operations],
        "outputs": [op._output for op in operations],
        "counts": np.array([len(op._inputs) for op in operations]),
        "producers": np.array([producer(x) for op in operations for x in op._inputs]),
        "constants": [],  # the inputs that no operation here produces
        "attributes": {},  # what else an operation holds, such as its axis
        "references": {},  # those of its attributes that an operation here produces
        "names": {},
        "grads": {},
        "subclasses": {},  # class and attributes of results that are no plain GradArray
    }
    for i, op in enumerate(operations):
        for name, x in vars(op).items():
            if name not in ("_arrays", "_hooks", "_inputs", "_number", "_output"):
                j = producer(x)
                column = "attributes" if j < 0 else "references"
                table[column].setdefault(i, {})[name] = x if j < 0 else j
        table["constants"] += [
            x for x in op._inputs if getattr(x, "_grad_op", None) is None
        ]
    for x in arrays_behind(root, operations):
        i = producer(x)
        if i >= 0:
            if x._name is not None:
                table["names"][i] = x._name
            if x._grad is not None:
                table["grads"][i] = value(x._grad)
            if hasattr(x, "__dict__"):
                table["subclasses"][i] = type(x), vars(x)
    return table


def _rebuilt(kind: Any, table: dict[str, Any]) -> Any:
    """Make the graph of a `_table`, and return its newest result."""
    results: list[Any] = []
    constants = iter(table["constants"])
    producers = iter(table["producers"].tolist())
    counts = table["counts"].tolist()
    for i, (op_kind, output) in enumerate(
        zip(table["kinds"], table["outputs"], strict=True)
    ):
        op = op_kind.__new__(op_kind)
        vars(op).update(table["attributes"].get(i, {}))
        for name, j in table["references"].get(i, {}).items():
            setattr(op, name, results[j])
        op._inputs = tuple(
            [
                next(constants) if j < 0 else results[j]
                for j in itertools.islice(producers, counts[i])
            ]
        )
        op._output = output
        op._number = now()
        array_kind, attributes = table["subclasses"].get(i, (kind, {}))
        result = array_kind.__new__(array_kind)
        set_state(result, attributes)
        result._array, result._grad_op, result._requires_grad = output, op, True
        result._name = table["names"].get(i)
        result._node, result._written = op._number, -1
        result._grad = table["grads"].get(i)
        results.append(result)
    return results[-1]
