"""What variables held before they were changed, for the tapes that saw them used.

A recorded operation refers to its inputs. Where one of these is a variable that is
assigned to before a tape is asked, the derivative is that at the older values.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from keratorch import graph
from keratorch.compat.tf.eager import tape_memory
from keratorch.core import GradArray
from keratorch.variable import Variable, before_change

_ATTRIBUTE = "_earlier_values"  # of a variable: pairs (number of the change, values)


def keep(variable: Variable) -> None:
    """Remember the values of a variable that is about to be changed.

    Those that no tape can ask for any more are let go.
    """
    first = tape_memory.first_asked()
    known = vars(variable).pop(_ATTRIBUTE, [])
    kept = [(changed, values) for changed, values in known if changed > first]
    if first < float("inf"):
        kept.append((graph.now(), variable._array.copy()))
    if kept:
        vars(variable)[_ATTRIBUTE] = kept


def keeping(apply: Callable[..., Any]) -> Callable[..., Any]:
    """Let an optimizer `keep` what it is about to change."""

    @functools.wraps(apply)
    def applied(self: Any, grads: Any, trainable_variables: Any = None) -> None:
        if trainable_variables is not None:
            trainable_variables = list(trainable_variables)
        if tape_memory.first_asked() < float("inf"):
            for variable in trainable_variables or self._trainable_variables:
                if isinstance(variable, Variable):
                    keep(variable)
        apply(self, grads, trainable_variables)

    return applied


@contextlib.contextmanager
def as_recorded(
    operations: Iterable[Any], lost: Callable[[Variable], None]
) -> Iterator[None]:
    """Let operations have the values that variables held when these ran.

    Of a variable whose values then are not known `lost` is told.
    """
    replaced = []
    for op in operations:
        inputs = tuple([_at(x, op._number, lost) for x in op._inputs])
        pairs = list(zip(op._inputs, inputs, strict=True))
        if any(new is not x for x, new in pairs):
            replaced.append((op, op._inputs, op._arrays))
            op._inputs, op._arrays = inputs, _exchanged(op._arrays, pairs)
    try:
        yield
    finally:
        for op, inputs, arrays in replaced:
            op._inputs, op._arrays = inputs, arrays


def _exchanged(arrays: Any, pairs: list[tuple[Any, Any]]) -> Any:
    """Return the arrays that an operation holds, those of changed variables as then."""
    older = {id(x._array): new._array for x, new in pairs if new is not x}
    return arrays and tuple([older.get(id(array), array) for array in arrays])


def _at(x: Any, number: int, lost: Callable[[Variable], None]) -> Any:
    if not isinstance(x, Variable) or x._written < number:
        return x
    for changed, values in vars(x).get(_ATTRIBUTE, ()):
        if changed > number:
            return _twin(x, values)
    lost(x)
    return x


def _twin(x: Variable, values: Any) -> GradArray:
    """Return the variable with other values, the same one for the graph."""
    twin = type(x).__new__(type(x))
    graph.set_state(twin, graph.get_state(x))
    twin._array, twin._node, twin._written = values, x._node, -1
    return twin


before_change.append(keep)
