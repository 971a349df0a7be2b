"""`optimizer.get_updates` of Keras 1 and 2: training by `K.function`.

updates = optimizer.get_updates(model.trainable_weights, [], loss)
train = K.function([model.input, target], [loss], updates=updates)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from keratorch.compat.spoken import say_modern
from keratorch.compat.training import running_step
from keratorch.nested import flatten
from keratorch.transforms import gradients


class Step:
    """One update of an optimizer, by the gradients of a loss.

    Parameters
    ----------
    optimizer : Optimizer.
    loss : symbolic array; where it has several elements, their sum is made smaller.
    params : list of the variables that are changed.
    """

    def __init__(self, optimizer: Any, loss: Any, params: Sequence[Any]):
        self.optimizer, self.params = optimizer, list(params)
        self.symbols = [loss]

    def apply(self, values: Sequence[Any]) -> None:
        """Change the variables by the gradients of the loss's value."""
        found = gradients(np.sum(values[0]), self.params)
        self.optimizer.apply(found, self.params)


def get_updates(
    optimizer: Any,
    *args: Any,
    loss: Any = None,
    params: Any = None,
    constraints: Any = None,  # of Keras 1: variables hold theirs today
) -> list[Step]:
    """Return the step of an optimizer in a list, to which others may be added.

    Parameters
    ----------
    args : the loss and the variables; or, as in Keras 1, the variables, their
        constraints, which they hold themselves today, and the loss.

    Raises
    ------
    TypeError : no loss, or no variables.
    """
    say_modern("optimizer.get_updates(...)", "model.train_on_batch(x, y)")
    if len(args) == 3:
        params, _, loss = args
    elif len(args) == 2:
        loss, params = args
    elif args:
        raise TypeError(
            "get_updates takes (loss, params), or (params, constraints, loss); "
            f"received {len(args)} argument by position. Give both by name."
        )
    if loss is None or params is None:
        raise TypeError("get_updates needs loss= and params=; one is missing.")
    if isinstance(loss, running_step.Loss):
        return running_step.updates_by(optimizer, loss, flatten(params))
    return [Step(optimizer, loss, flatten(params))]
