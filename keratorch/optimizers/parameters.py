"""What an optimizer may optimize, and the names by which errors speak of it."""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from typing import Any

from keratorch.core import GradArray


def check_variables(variables: Sequence[Any], kind: str) -> None:
    """Raise unless each is a leaf of floats, and none comes twice.

    Raises
    ------
    TypeError : something that is no GradArray of floats.
    ValueError : the result of an operation, or one variable twice.
    """
    seen: dict[int, int] = {}
    for i, variable in enumerate(variables):
        if isinstance(variable, Mapping):
            raise TypeError(
                f"{kind} takes one list of parameters, no parameter groups; received "
                "a dict. Make one optimizer for each learning rate."
            )
        if not isinstance(variable, GradArray):
            raise TypeError(
                f"{kind} optimizes GradArrays; received {type(variable).__name__} at "
                f"position {i}. Give model.parameters(), or GradArray(array)."
            )
        if variable._array.dtype.kind != "f":
            raise TypeError(
                f"{kind} optimizes floats; {label(variable, i)!r} holds "
                f"{variable._array.dtype}. Make it with a float dtype."
            )
        if variable._grad_op is not None:
            raise ValueError(
                f"{kind} optimizes leaves; {label(variable, i)!r} is the result of an "
                "operation. Give the arrays from which it was computed, or x.detach()."
            )
        if seen.setdefault(id(variable), i) != i:
            raise ValueError(
                f"{kind} received {label(variable, i)!r} twice, at positions "
                f"{seen[id(variable)]} and {i}. List each parameter once."
            )


def label(variable: GradArray, position: int) -> str:
    """Return the path or name of a variable, or a name made from its position."""
    return getattr(variable, "path", None) or variable.name or f"variable_{position}"


def positions_of(
    variables: Sequence[GradArray], known: Sequence[GradArray]
) -> Sequence[int]:
    """Return where the variables stand among those with which a build was made.

    Raises
    ------
    ValueError : one is not among them.
    """
    if len(known) == len(variables) and all(map(operator.is_, known, variables)):
        return range(len(known))
    places = {id(variable): i for i, variable in enumerate(known)}
    positions: dict[int, GradArray] = {}
    for i, variable in enumerate(variables):
        place = places.get(id(variable))
        if place is None:
            raise ValueError(
                f"Unknown variable {label(variable, i)!r}: an optimizer changes only "
                "the variables with which it was built. Make a new one for new "
                "variables."
            )
        if place in positions:
            raise ValueError(
                f"Variable {label(variable, i)!r} comes twice. Add up its gradients, "
                "and list it once."
            )
        positions[place] = variable
    return list(positions)
