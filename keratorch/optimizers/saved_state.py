"""The state of an optimizer, written and read as a whole."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any

import numpy as np

from keratorch.variable import Variable


class SavedState:
    """How the `variables` of an optimizer are stored and set again."""

    name: str
    built: bool

    @property
    def variables(self) -> list[Variable]:
        """The numbers and arrays that are its state."""
        raise NotImplementedError

    def set_weights(self, weights: Sequence[Any]) -> None:
        """Overwrite its `variables`, in their order.

        Raises
        ------
        ValueError : the optimizer is not built, or number or shapes differ; nothing is
            changed.
        """
        if not self.built:
            raise ValueError(
                "set_weights() needs a built optimizer. Call build(variables) first."
            )
        arrays = [np.asarray(weight) for weight in weights]
        mine = [variable.shape for variable in self.variables]
        theirs = [array.shape for array in arrays]
        if mine != theirs:
            raise ValueError(
                f"{type(self).__name__}.set_weights() needs {len(mine)} arrays of the "
                f"shapes of its variables; received {len(theirs)}. The first that "
                f"differ: {_first_difference(mine, theirs)}."
            )
        for variable, array in zip(self.variables, arrays, strict=True):
            variable.assign(array)

    def save_own_variables(self, store: MutableMapping[str, Any]) -> None:
        """Write its `variables` into a mapping, under '0', '1', ..."""
        for i, variable in enumerate(self.variables):
            store[str(i)] = variable.numpy()

    def load_own_variables(self, store: Mapping[str, Any]) -> None:
        """Read its `variables` from a mapping that `save_own_variables` wrote.

        A mapping of another number of arrays is left out, with a warning.
        """
        if len(store) != len(self.variables):
            built = "" if self.built else " It is not built: call build(variables)."
            warnings.warn(
                f"The state of {self.name!r} is not loaded: it has "
                f"{len(self.variables)} variables, and {len(store)} were saved.{built}",
                stacklevel=2,
            )
            return
        for i, variable in enumerate(self.variables):
            variable.assign(store[str(i)])


def _first_difference(mine: Sequence[tuple], theirs: Sequence[tuple]) -> str:
    for i, (shape, other) in enumerate(zip(mine, theirs, strict=False)):
        if shape != other:
            return f"number {i} has shape {shape}, received {other}"
    return f"there are {len(mine)}, received {len(theirs)}"
