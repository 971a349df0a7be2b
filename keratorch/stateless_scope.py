"""Scopes: variables that hold other values for a while, and symbols instead of data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from keratorch import graph
from keratorch.core import GradArray
from keratorch.trial_runs import trying
from keratorch.variable import Variable, stateless


class StatelessScope:
    """Within ``with``, variables hold given values; after it they have their own again.

    What is assigned inside is found by `get_current_value`, and forgotten by the
    variables at the end. Gradients do not flow to the values: `Layer.stateless_call`
    lets them. Optimizers update in place: use ``stateless_apply``.

    Parameters
    ----------
    state_mapping : list of (variable, value); others hold what they held.
    collect_losses : must be False: ``stateless_call(..., return_losses=True)`` returns
        what layers add to the loss.
    initialize_variables : bool. Variables made here have their values at once, so that
        it changes nothing.

    Raises
    ------
    ValueError : a key that is no variable, a value of another shape or one that wants a
        gradient, or `collect_losses`.

    Examples
    --------
    >>> import numpy as np
    >>> import keratorch as keras
    >>> count = keras.Variable(0.0)
    >>> with keras.StatelessScope([(count, 5.0)]) as scope:
    ...     count.assign_add(1.0).numpy()
    array(6., dtype=float32)
    >>> scope.get_current_value(count).numpy(), count.numpy()
    (array(6., dtype=float32), array(0., dtype=float32))
    """

    def __init__(
        self,
        state_mapping: Iterable[tuple[Any, Any]] | None = None,
        collect_losses: bool = False,
        initialize_variables: bool = True,
    ):
        if collect_losses:
            raise ValueError(
                "StatelessScope: collect_losses=True is not supported. Use "
                "layer.stateless_call(..., return_losses=True)."
            )
        self.initialize_variables = initialize_variables
        self._given = [_checked(*pair) for pair in state_mapping or ()]
        self._own: dict[int, tuple[Variable, np.ndarray]] = {}
        self._values: dict[int, np.ndarray] = {id(k): v for k, v in self._given}

    def __enter__(self) -> StatelessScope:
        self._token = stateless.set(self)
        for variable, value in self._given:
            self.borrow(variable)
            variable._array[...] = value
        return self

    def __exit__(self, *error: Any) -> None:
        for key, (variable, array) in self._own.items():
            self._values[key] = variable._array
            variable._array = array
        self._own = {}
        stateless.reset(self._token)

    def borrow(self, variable: Variable) -> None:
        """Let a variable be written without losing its own values."""
        if id(variable) not in self._own:
            self._own[id(variable)] = variable, variable._array
            variable._array = variable._array.copy()

    def add_update(self, update: tuple[Variable, Any]) -> None:
        """Assign a value: (variable, value)."""
        variable, value = update
        variable.assign(value)

    def get_current_value(self, variable: Variable) -> GradArray | None:
        """Return the value given or assigned last; None where there was none."""
        if id(variable) in self._own:
            value = variable._array.copy()
        elif id(variable) in self._values:
            value = self._values[id(variable)]
        else:
            return None
        return GradArray(value, requires_grad=False)


class SymbolicScope:
    """Within ``with``, arrays are made up: layers find shapes, and warn of no values.

    Examples
    --------
    >>> import keratorch as keras
    >>> with keras.SymbolicScope():
    ...     keras.ops.zeros((2, 3)).shape
    (2, 3)
    """

    def __enter__(self) -> SymbolicScope:
        self._token = trying.set(True)
        return self

    def __exit__(self, *error: Any) -> None:
        trying.reset(self._token)


def _checked(variable: Any, value: Any) -> tuple[Variable, np.ndarray]:
    if not isinstance(variable, Variable):
        raise ValueError(
            "StatelessScope: state_mapping must hold pairs (variable, value); received "
            f"a {type(variable).__name__} in the place of a variable."
        )
    if getattr(value, "requires_grad", False) and not isinstance(value, Variable):
        raise ValueError(
            f"StatelessScope: the value for '{variable.path}' wants a gradient, which "
            "would be lost. Use layer.stateless_call(variables, ...), or detach it."
        )
    array = np.array(graph.plain(value), variable._array.dtype)
    if array.shape != variable.shape:
        raise ValueError(
            f"StatelessScope: '{variable.path}' has shape {variable.shape}; received a "
            f"value of shape {array.shape}."
        )
    return variable, array
