"""The state of optimizers in the files of Keras 1 and 2."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

from keratorch.saving.arrays import Arrays


def assign_legacy_state(model: Any, arrays: Arrays, names: Sequence[str]) -> None:
    """Put the state of an optimizer into that of a model, or warn.

    Keras 3 lists number of updates, learning rate, then the slots weight by weight;
    Keras 2 number of updates, then each slot for all weights. Before the first update
    there are no slots.
    """
    optimizer = model.optimizer
    if optimizer is None or not names:
        return
    unused = list(optimizer.variables)
    optimizer.build(model.trainable_variables)
    variables = list(optimizer.variables)
    shapes = [arrays.headers[name].shape for name in names]
    for order in (variables, _older_order(optimizer, variables), unused):
        if shapes == [variable.shape for variable in order]:
            values = [arrays.read(name) for name in names]
            for variable, value in zip(order, values, strict=True):
                variable.assign(value)
            return
    warnings.warn(
        f"'{arrays.file}' holds the optimizer's state in a form that "
        f"{type(optimizer).__name__} does not have; the optimizer begins anew.",
        UserWarning,
        stacklevel=6,
    )


def _older_order(optimizer: Any, variables: list[Any]) -> list[Any]:
    """Return the state in the order of Keras 2, which had no learning rate in it."""
    numbers = [variable for variable in variables if variable.shape == ()]
    has_rate = any(v is optimizer._learning_rate for v in variables[1:2])
    scalars = 2 if has_rate else 1
    rest = variables[scalars:] if len(numbers) >= scalars else []
    count = len(optimizer._trainable_variables)
    slots = len(rest) // count if count else 0
    return [
        variables[0],
        *(rest[i + slots * j] for i in range(slots) for j in range(count)),
    ]
