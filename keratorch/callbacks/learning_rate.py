"""The learning rates of a model, as callbacks read and name them."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import config


def optimizers_of(model: Any) -> list[tuple[str, Any]]:
    """Return the optimizers of a model with the names by which they are told apart.

    One optimizer has the name ''; those of a `MultiOptimizer` have their own.
    """
    optimizer = model.optimizer
    several = getattr(optimizer, "optimizers", None)
    if several is None:
        return [("", optimizer)]
    return [(one.name, one) for one in several]


def rate_of(optimizer: Any) -> float:
    """Return the learning rate, rounded to `floatx()` as Keras stores it."""
    return float(np.dtype(config.floatx()).type(float(optimizer.learning_rate)))


def add_rates(logs: dict[str, Any], model: Any) -> None:
    """Write the learning rates into the logs."""
    for name, optimizer in optimizers_of(model):
        key = f"learning_rate_{name}" if name else "learning_rate"
        logs[key] = rate_of(optimizer)
