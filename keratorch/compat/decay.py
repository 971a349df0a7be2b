"""`decay` of Keras 2's optimizers: a rate that falls as 1 / time, update by update."""

from __future__ import annotations

import importlib
from typing import Any


def give_decay(optimizer: Any, decay: float) -> None:
    """Let the rate of an optimizer fall: rate = learning_rate / (1 + decay * updates).

    Examples
    --------
    >>> from keratorch.optimizers import SGD
    >>> optimizer = SGD(0.5)
    >>> give_decay(optimizer, 1.0)
    >>> optimizer.learning_rate
    0.5
    """
    if decay:
        schedules = importlib.import_module("keratorch.optimizers.schedules")
        rate = float(optimizer.learning_rate)
        optimizer.learning_rate = schedules.InverseTimeDecay(rate, 1, float(decay))
        optimizer._decaying_rate = optimizer._learning_rate


def settable(rate: property) -> property:
    """Return the property `learning_rate` that can be set in spite of `decay`.

    A number becomes the rate that the decay starts from, as in Keras 2.
    """

    def set_rate(optimizer: Any, value: Any) -> None:
        decaying = getattr(optimizer, "_decaying_rate", None)
        if decaying is not None and not callable(value):
            decaying.initial_learning_rate = float(value)
        else:
            rate.fset(optimizer, value)  # type: ignore[misc]

    return rate.setter(set_rate)
