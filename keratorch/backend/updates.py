"""What a function of symbolic arrays changes each time that it is called."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any, Protocol

from keratorch import graph
from keratorch.core import GradArray


class Update(Protocol):
    """Something that is done with the values of symbolic arrays.

    Attributes
    ----------
    symbols : list of the symbolic arrays whose values it needs.
    """

    symbols: list[Any]

    def apply(self, values: Sequence[Any]) -> None:
        """Do it, with the values of `symbols`."""


class Assignment:
    """A variable gets a new value, which symbolic arrays determine."""

    def __init__(self, variable: Any, new_value: Any):
        self.variable, self.symbols = variable, [new_value]

    def apply(self, values: Sequence[Any]) -> None:
        """Overwrite the variable."""
        self.variable.assign(graph.plain(values[0]))


def recomputed(x: Any) -> Any:
    """Return what an array is now, that was computed from variables when it was made.

    ``K.function([], [0.9 * a + 0.1 * b])`` reads `a` and `b` when it is called, as the
    graphs of Keras 2 did. Anything else comes back as it is.

    Examples
    --------
    >>> from keratorch import Variable
    >>> a = Variable([1.0, 2.0])
    >>> doubled = 2 * a
    >>> _ = a.assign([3.0, 4.0])
    >>> recomputed(doubled).tolist()
    [6.0, 8.0]
    """
    if not isinstance(x, GradArray) or x._grad_op is None:
        return x
    results: dict[int, Any] = {}
    for op in reversed(graph.newest_first([x])):
        again = copy.copy(op)  # forward may keep something for backward
        values = [results.get(id(_producer(i)), graph.value(i)) for i in op._inputs]
        results[id(op)] = again.forward(*values)
    return GradArray(results[id(x._grad_op)], requires_grad=False)


def _producer(x: Any) -> Any:
    return getattr(x, "_grad_op", None)


def as_updates(updates: Any) -> list[Update]:
    """Return updates that were given in one of their forms.

    Parameters
    ----------
    updates : None, or a list of pairs (variable, its new value), of objects like
        `Update`, and of arrays: those come from ``K.update``, which is done already.

    Raises
    ------
    TypeError : something else.
    """
    found: list[Update] = []
    for update in updates or ():
        if isinstance(update, (tuple, list)) and len(update) == 2:
            found.append(Assignment(*update))
        elif hasattr(update, "symbols") and hasattr(update, "apply"):
            found.append(update)
        elif not isinstance(update, GradArray):
            raise TypeError(
                "function: updates must be pairs (variable, new value), or what "
                f"optimizer.get_updates returned; received a {type(update).__name__}."
            )
    return found
