"""An optimizer's step with its state passed in and out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from keratorch.core import GradArray
from keratorch.optimizers.parameters import label
from keratorch.variable import Variable, borrowed


class StatelessApply:
    """`apply` as a function of values, which changes no weight and no optimizer."""

    built: bool
    variables: Any
    apply: Callable[..., None]
    _trainable_variables: list[GradArray]

    def stateless_apply(
        self,
        optimizer_variables: Sequence[Any],
        grads: Iterable[Any],
        trainable_variables: Sequence[Any],
    ) -> tuple[list[np.ndarray], list[np.ndarray]]:
        """Return the weights and the state of the optimizer after one more step.

        Parameters
        ----------
        optimizer_variables : values of `variables`, in their order.
        grads : a gradient for each variable with which the optimizer was built.
        trainable_variables : values of those variables, in the order of the build.

        Returns
        -------
        (list of ndarray, list of ndarray) : new values of `trainable_variables`, and of
            `optimizer_variables`.

        Raises
        ------
        ValueError : the optimizer is not built, or values of another number or shape.

        Examples
        --------
        >>> from keratorch.optimizers import SGD
        >>> optimizer = SGD(0.5)
        >>> optimizer.build([Variable([1.0])])
        >>> state = [variable.numpy() for variable in optimizer.variables]
        >>> weights, state = optimizer.stateless_apply(state, [[1.0]], [[3.0]])
        >>> weights, int(state[0])
        ([array([2.5], dtype=float32)], 1)
        """
        if not self.built:
            raise ValueError(
                f"stateless_apply() needs a built {type(self).__name__}. Call "
                "build(trainable_variables) first."
            )
        weights = [_as_variable(x, i) for i, x in enumerate(self._trainable_variables)]
        given = [*trainable_variables, *optimizer_variables]
        if len(trainable_variables) != len(weights):
            raise ValueError(
                f"{type(self).__name__} was built with {len(weights)} variables; "
                f"received {len(trainable_variables)} values in trainable_variables."
            )
        with borrowed([*weights, *self.variables], given):
            self.apply(grads, self._trainable_variables)
            return _values(weights), _values(self.variables)


class _Weight:
    """A GradArray that is no Variable, with a Variable's two methods."""

    def __init__(self, array: GradArray, position: int):
        self._weight, self._label = array, label(array, position)

    def numpy(self) -> np.ndarray:
        return self._weight._array.copy()

    def assign(self, value: Any) -> None:
        array = np.asarray(value)
        if array.shape != self._weight.shape:
            raise ValueError(
                f"{self._label!r} has shape {self._weight.shape}; received a value of "
                f"shape {array.shape}."
            )
        self._weight._array[...] = array
        self._weight._mark_written()


def _as_variable(array: GradArray, position: int) -> Any:
    return array if isinstance(array, Variable) else _Weight(array, position)


def _values(variables: Iterable[Any]) -> list[np.ndarray]:
    return [variable.numpy() for variable in variables]
