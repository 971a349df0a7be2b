"""Keras's way to write an optimizer: `build` makes arrays, `update_step` uses them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from keratorch import graph, initializers
from keratorch.core import GradArray
from keratorch.optimizers.arguments import check_rate
from keratorch.optimizers.gradients import check_gradient
from keratorch.optimizers.parameters import label, positions_of
from keratorch.optimizers.pieces import Scratch
from keratorch.optimizers.state import State
from keratorch.variable import Variable

#: What Keras calls the arrays of its optimizers -> what they are called here.
_ARRAYS = {
    "_accumulated_delta_vars": "accumulated_delta_var",
    "_accumulated_grads": "accumulated_grad",
    "_accumulators": "accumulator",
    "_average_gradients": "average_gradient",
    "_linears": "linear",
    "_m": "momentum",
    "_momentums": "momentum",
    "_u": "norm",
    "_velocities": "velocity",
    "_velocity_hats": "velocity_hat",
    "momentums": "momentum",
}


class KerasStyle:
    """What the optimizers of Keras's users call, in `build` and in `update_step`.

    The optimizers here have `slots` and `update` instead, which work in place.
    """

    slots: tuple[str, ...]
    iterations: Any
    update: Callable[..., None]
    _arrays_of: Callable[..., tuple[dict[str, np.ndarray], float]]
    _scratch: Scratch
    _trainable_variables: list[GradArray]
    _state: State
    _added: list[Variable]

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Change one variable by the formula alone, without clipping or weight decay.

        A subclass may define this in place of `update`, or change what goes in and
        comes out around ``super().update_step(...)``.

        Raises
        ------
        ValueError : the optimizer was not built with this variable.
        """
        position = self._get_variable_index(variable)
        gradient = check_gradient(gradient, variable, position)
        arrays, _ = self._arrays_of(position, self.slots, {position: (gradient, 1.0)})
        variable._mark_written()
        self.update(
            **arrays,
            rate=check_rate(graph.plain(learning_rate)),
            step=int(self.iterations) + 1,
            scratch=self._scratch.like(arrays["weight"]),
        )

    def add_variable(
        self,
        shape: Sequence[int],
        initializer: Any = "zeros",
        dtype: Any = None,
        aggregation: str = "none",
        layout: Any = None,
        name: str | None = None,
    ) -> Variable:
        """Make an array that belongs to the state.

        `aggregation` and `layout` are Keras's, for several devices: they change
        nothing.
        """
        variable = Variable(
            initializers.get(initializer),
            shape=tuple(shape),
            dtype=dtype,
            trainable=False,
            name=name,
            path=f"{self._state.owner}/{name or 'variable'}",
        )
        self._added.append(variable)
        return variable

    def add_variable_from_reference(
        self,
        reference_variable: Any,
        name: str | None = None,
        initializer: Any = "zeros",
    ) -> Variable:
        """Make an array of the shape and dtype of a variable."""
        prefix = label(reference_variable, 0).replace("/", "_")
        return self.add_variable(
            reference_variable.shape,
            initializer,
            np.dtype(reference_variable._array.dtype).name,
            name=f"{prefix}_{name or 'var'}",
        )

    def add_optimizer_variables(
        self,
        trainable_variables: Sequence[Any],
        name: str | Sequence[str],
        initializer: Any = "zeros",
    ) -> Any:
        """Make an array for each variable: a list, or a list for each of several names.

        Raises
        ------
        ValueError : as many initializers as names are needed, or one for all.
        """
        names = [name] if isinstance(name, str) else list(name)
        several = isinstance(initializer, (list, tuple))
        made_by = list(initializer) if several else [initializer] * len(names)
        if len(made_by) != len(names):
            raise ValueError(
                "initializer must be one for all names, or one for each; received "
                f"{len(made_by)} for {len(names)} names."
            )
        lists: list[list[Variable]] = [[] for _ in names]
        for variable in trainable_variables:
            for made, own, maker in zip(lists, names, made_by, strict=True):
                made.append(self.add_variable_from_reference(variable, own, maker))
        return lists[0] if isinstance(name, str) else tuple(lists)

    def assign(self, variable: Any, value: Any) -> None:
        """Overwrite the values of a variable."""
        variable._array[...] = graph.plain(value)
        variable._mark_written()

    def assign_add(self, variable: Any, value: Any) -> None:
        """Add to the values of a variable."""
        self.assign(variable, variable._array + graph.plain(value))

    def assign_sub(self, variable: Any, value: Any) -> None:
        """Subtract from the values of a variable."""
        self.assign(variable, variable._array - graph.plain(value))

    def __getattr__(self, name: str) -> Any:
        # `self._momentums[i]` in a subclass of Adam: the arrays by position
        state = self.__dict__.get("_state")
        if name in _ARRAYS and state is not None and _ARRAYS[name] in state.arrays:
            return list(state.arrays[_ARRAYS[name]])
        raise AttributeError(f"{type(self).__name__} has no attribute {name!r}.")

    def _var_key(self, variable: Any) -> int:
        return id(variable)

    @property
    def _trainable_variables_indices(self) -> dict[int, int]:
        return {self._var_key(x): i for i, x in enumerate(self._trainable_variables)}

    def _get_variable_index(self, variable: Any) -> int:
        (position,) = positions_of([variable], self._trainable_variables)
        return position
