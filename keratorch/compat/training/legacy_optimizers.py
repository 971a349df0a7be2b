"""Optimizers of `keras.optimizers.legacy`, with the formulas of Keras 2.

Those that are the same today are not listed here.
"""

from __future__ import annotations

from typing import Any

from keratorch import optimizers
from keratorch.compat.spoken import warn_once
from keratorch.compat.training.older_rates import SCHEDULE_DECAY


class Adagrad(optimizers.Adagrad):
    """Adagrad that adds epsilon to the root of the squares, not to their sum."""

    epsilon_in_root = False


class RMSprop(optimizers.RMSprop):
    """RMSprop that adds epsilon to the root of the mean square, not to the mean."""

    epsilon_in_root = False


class Nadam(optimizers.Nadam):
    """Nadam whose factors grow by a small share of a step, and whose rate stays."""

    factor_steps = SCHEDULE_DECAY

    def __init__(self, *args: Any, decay: float = 0.0, **kwargs: Any):
        if decay:
            warn_once(
                f"legacy.Nadam(decay={decay!r}) was ignored by Keras 2, and so it is "
                "here. Write learning_rate=keras.optimizers.schedules."
                "InverseTimeDecay(...) to let the rate fall."
            )
        super().__init__(*args, **kwargs)


__all__ = ["Adagrad", "Nadam", "RMSprop"]
