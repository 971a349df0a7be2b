"""What a function of symbolic arrays changes each time that it is called."""

from __future__ import annotations

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
