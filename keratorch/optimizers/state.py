"""The arrays that an optimizer keeps from one update to the next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

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
        self.arrays: dict[str, list[Any]] = {}  # by position; None where it has none

    def number(self, name: str, value: float, dtype: str) -> Variable:
        """Make a single number with a name of this optimizer's."""
        path = f"{self.owner}/{name}"
        return Variable(value, dtype=dtype, trainable=False, name=name, path=path)

    def add(
        self,
        name: str,
        variables: Sequence[GradArray],
        first_value: Callable[[GradArray, int], Any] | None = None,
    ) -> None:
        """Make an array for each variable.

        Parameters
        ----------
        name : str, what the arrays are.
        variables : the weights to which they belong.
        first_value : function of a variable and its position that returns a number for
            all elements, an array, or None for a variable that gets no array. By
            default all elements are 0.
        """
        self.arrays[name] = []
        for i, variable in enumerate(variables):
            value = 0.0 if first_value is None else first_value(variable, i)
            if value is None:
                self.arrays[name].append(None)
                continue
            if not isinstance(value, np.ndarray):
                value = np.full(variable.shape, value)
            full_name = f"{label(variable, i).replace('/', '_')}_{name}"
            array = Variable(
                value,
                dtype=variable._array.dtype,
                trainable=False,
                name=full_name,
                path=f"{self.owner}/{full_name}",
            )
            self.arrays[name].append(array)

    def listed(self, groups: Iterable[Sequence[str]]) -> list[Variable]:
        """Return the arrays group by group, and in a group weight by weight."""
        found: list[Variable] = []
        for group in groups:
            for row in zip(*(self.arrays[name] for name in group), strict=True):
                found.extend(array for array in row if array is not None)
        return found
