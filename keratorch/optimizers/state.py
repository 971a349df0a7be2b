"""The arrays that an optimizer keeps from one update to the next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from keratorch.core import GradArray
from keratorch.optimizers.parameters import label
from keratorch.variable import Variable


class State:
    """Arrays by their name and by the position of their weight, with Keras's names.

    Parameters
    ----------
    owner : str, the name of the optimizer.

    Examples
    --------
    >>> state = State("adam")
    >>> state.add("momentum", [Variable([1.0, 2.0], name="kernel")])
    >>> state.arrays["momentum"]
    [<Variable path=adam/kernel_momentum, shape=(2,), dtype=float32, value=[0. 0.]>]
    """

    def __init__(self, owner: str):
        self.owner = owner
        self.arrays: dict[str, list[Variable]] = {}

    def number(self, name: str, value: float, dtype: str) -> Variable:
        """Make a single number with a name of this optimizer's."""
        path = f"{self.owner}/{name}"
        return Variable(value, dtype=dtype, trainable=False, name=name, path=path)

    def add(self, name: str, variables: Sequence[GradArray]) -> None:
        """Make an array of zeros for each variable."""
        self.arrays[name] = []
        for i, variable in enumerate(variables):
            full_name = f"{label(variable, i).replace('/', '_')}_{name}"
            zeros = Variable(
                np.zeros(variable.shape),
                dtype=variable._array.dtype,
                trainable=False,
                name=full_name,
                path=f"{self.owner}/{full_name}",
            )
            self.arrays[name].append(zeros)

    def listed(self, groups: Iterable[Sequence[str]]) -> list[Variable]:
        """Return the arrays group by group, and in a group weight by weight."""
        found: list[Variable] = []
        for group in groups:
            for row in zip(*(self.arrays[name] for name in group), strict=True):
                found.extend(row)
        return found
