"""The rate of an optimizer with Keras 2's `decay`, which starts from a variable."""

from __future__ import annotations

from typing import Any

from keratorch.optimizers import schedules
from keratorch.variable import Variable


class InverseTimeDecay(schedules.InverseTimeDecay):
    """``base / (1 + decay * updates)``, where programs may change the base."""

    def __init__(self, base: float, decay: float):
        self.base = Variable(base, name="learning_rate", trainable=False)
        super().__init__(base, 1, decay)

    @property
    def initial_learning_rate(self) -> Any:
        """The rate before any decay."""
        return float(self.base.item())

    @initial_learning_rate.setter
    def initial_learning_rate(self, value: Any) -> None:
        self.base.assign(value)
