"""The rate of an optimizer with Keras 2's `decay`, which starts from a variable."""

from __future__ import annotations

from typing import Any

from keratorch.optimizers import schedules
from keratorch.variable import Variable


class InverseTimeDecay(schedules.InverseTimeDecay):
    """``base / (1 + decay * updates)``, where programs may change base and decay."""

    def __init__(self, base: float, decay: float):
        self.base = Variable(base, name="learning_rate", trainable=False)
        self.decay = Variable(decay, name="decay", trainable=False)
        super().__init__(base, 1, decay)

    @property
    def initial_learning_rate(self) -> Any:
        """The rate before any decay."""
        return float(self.base.item())

    @initial_learning_rate.setter
    def initial_learning_rate(self, value: Any) -> None:
        self.base.assign(value)

    @property
    def decay_rate(self) -> Any:
        """By how much the rate falls with each update."""
        return float(self.decay.item())

    @decay_rate.setter
    def decay_rate(self, value: Any) -> None:
        self.decay.assign(value)
