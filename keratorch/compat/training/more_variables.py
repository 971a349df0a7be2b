"""An optimizer that is given variables which it has not met, in older scripts.

Up to Keras 2.10 it made its arrays for any variable at the first gradient of it: one
object changed the weights of several models, one after the other.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

from keratorch.compat import dialect
from keratorch.compat.spoken import warn_once
from keratorch.lazy import Postponed

_parameters: Any = Postponed("keratorch.optimizers.parameters")
_state: Any = Postponed("keratorch.optimizers.state")


def met_on_the_way(apply: Callable[..., Any]) -> Callable[..., Any]:
    """Return the method that changes variables by their gradients, new ones as well."""

    @functools.wraps(apply)
    def applied(self: Any, grads: Any, trainable_variables: Any = None) -> None:
        if trainable_variables is not None and self.built and dialect.is_older():
            trainable_variables = list(trainable_variables)
            known = {id(variable) for variable in self._trainable_variables}
            new = [v for v in trainable_variables if id(v) not in known]
            if new and _makes_each_alike(self):
                _meet(self, new)
        apply(self, grads, trainable_variables)

    return applied


def _makes_each_alike(optimizer: Any) -> bool:
    """Return whether the arrays of a variable do not depend on the others."""
    kinds = (kind for kind in type(optimizer).__mro__ if "build" in vars(kind))
    return next(kinds).__name__ in ("Nadam", "Optimizer")


def _meet(optimizer: Any, new: Sequence[Any]) -> None:
    kind = type(optimizer).__name__
    known = optimizer._trainable_variables
    both = [*known, *new]
    _parameters.check_variables(both, kind)
    warn_once(
        f"{kind} is given variables with which it was not built, and takes them, as up "
        "to Keras 2.10: today it raises. Make an optimizer for each model, or one "
        "build(variables) with all of them first."
    )
    for name, arrays in optimizer._state.arrays.items():
        first = None
        if name in optimizer.slots:
            first = functools.partial(optimizer.first_value, name)
        made = _state.State(optimizer._state.owner)
        made.add(name, both, first)
        arrays.extend(made.arrays[name][len(known) :])
    undecayed = optimizer._undecayed, optimizer._undecayed_names
    optimizer._decays += [_decays(variable, *undecayed) for variable in new]
    optimizer._trainable_variables = both


def _decays(variable: Any, excluded: Sequence[Any], names: Sequence[Any]) -> bool:
    by_name = any(pattern.search(variable.name or "") for pattern in names)
    return not by_name and all(variable is not x for x in excluded)
