"""Ftrl."""

from __future__ import annotations

import math
from collections.abc import Iterable
from numbers import Real
from typing import Any

import numpy as np

from keratorch.core import GradArray
from keratorch.optimizers.arguments import check_number
from keratorch.optimizers.learning_rate import LearningRate
from keratorch.optimizers.optimizer import Optimizer
from keratorch.optimizers.pytorch_loop import either_style


class Ftrl(Optimizer):
    """FTRL, 'follow the regularized leader': for sparse linear models of many features.

    n' = n + g**2
    sigma = (n'**-power - n**-power) / learning_rate
    z = z + g + 2 * l2_shrinkage * w - sigma * w
    w = (clip(z, -l1, l1) - z) / ((n'**-power + beta) / learning_rate + 2 * l2)
    n = n'

    With l1 > 0 weights become exactly 0.

    Parameters
    ----------
    learning_rate : float > 0, LearningRateSchedule or function, the step size.
    learning_rate_power : float <= 0, `power` in the formula; 0 for a fixed rate.
    initial_accumulator_value : float >= 0, where n begins.
    l1_regularization_strength, l2_regularization_strength : float >= 0, l1 and l2.
    l2_shrinkage_regularization_strength : float >= 0, a penalty of the size of weights
        that acts like one of the loss.
    beta : float >= 0, see the formula.
    weight_decay, clipnorm, ... : see `Optimizer`.

    Raises
    ------
    ValueError : a number outside its range.

    Source: McMahan et al. (2013), 'Ad Click Prediction'; shrinkage: TensorFlow.

    Examples
    --------
    >>> from keratorch import Variable
    >>> w = Variable([1.0, 2.0])
    >>> Ftrl(0.5, l1_regularization_strength=1.0).apply([np.array([3.0, 0.1])], [w])
    >>> w.numpy().round(4)
    array([0.2322, 0.    ], dtype=float32)
    """

    slots: tuple[str, ...] = ("accumulator", "linear")
    elementwise = True

    @either_style
    def __init__(
        self,
        learning_rate: LearningRate | Iterable[GradArray] = 0.001,
        learning_rate_power: float = -0.5,
        initial_accumulator_value: float = 0.1,
        l1_regularization_strength: float = 0.0,
        l2_regularization_strength: float = 0.0,
        l2_shrinkage_regularization_strength: float = 0.0,
        beta: float = 0.0,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: float | None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
    ):
        super().__init__(
            learning_rate=learning_rate,
            weight_decay=weight_decay,
            clipnorm=clipnorm,
            clipvalue=clipvalue,
            global_clipnorm=global_clipnorm,
            use_ema=use_ema,
            ema_momentum=ema_momentum,
            ema_overwrite_frequency=ema_overwrite_frequency,
            loss_scale_factor=loss_scale_factor,
            gradient_accumulation_steps=gradient_accumulation_steps,
            name=name,
        )
        self.learning_rate_power = _check_power(learning_rate_power)
        self.initial_accumulator_value = check_number(
            "initial_accumulator_value", initial_accumulator_value
        )
        self.l1_regularization_strength = check_number(
            "l1_regularization_strength", l1_regularization_strength
        )
        self.l2_regularization_strength = check_number(
            "l2_regularization_strength", l2_regularization_strength
        )
        self.l2_shrinkage_regularization_strength = check_number(
            "l2_shrinkage_regularization_strength",
            l2_shrinkage_regularization_strength,
        )
        self.beta = check_number("beta", beta)

    def first_value(self, slot: str, variable: GradArray, position: int) -> float:
        """Return where n and z begin."""
        return self.initial_accumulator_value if slot == "accumulator" else 0.0

    def start(self, rate: float, step: int) -> None:
        """Refuse a rate of 0, by which the formula divides."""
        if rate == 0:
            raise ValueError(
                "Ftrl divides by learning_rate, which must be > 0; received 0. To "
                "leave weights as they are, set trainable=False on their layer."
            )

    def update(
        self,
        weight: np.ndarray,
        gradient: np.ndarray,
        accumulator: np.ndarray,
        linear: np.ndarray,
        *,
        rate: float,
        step: int,
        scratch: np.ndarray,
    ) -> None:
        """Apply the formula to one weight, in place."""
        before = self._scratch.like(weight, "before")
        after = self._scratch.like(weight, "after")
        self._power(accumulator, out=before)
        np.multiply(gradient, gradient, out=scratch)
        accumulator += scratch
        self._power(accumulator, out=after)
        np.subtract(after, before, out=scratch)
        scratch /= -rate
        if self.l2_shrinkage_regularization_strength:
            scratch += 2 * self.l2_shrinkage_regularization_strength
        scratch *= weight
        scratch += gradient
        linear += scratch
        l1 = self.l1_regularization_strength
        np.clip(linear, -l1, l1, out=scratch)
        scratch -= linear
        after /= rate
        after += 2 * (self.l2_regularization_strength + self.beta / (2 * rate))
        np.divide(scratch, after, out=weight)

    def _power(self, accumulator: np.ndarray, out: np.ndarray) -> None:
        if self.learning_rate_power == -0.5:
            np.sqrt(accumulator, out=out)
        else:
            np.power(accumulator, -self.learning_rate_power, out=out)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make an equal optimizer."""
        return {
            **super().get_config(),
            "learning_rate_power": self.learning_rate_power,
            "initial_accumulator_value": self.initial_accumulator_value,
            "l1_regularization_strength": self.l1_regularization_strength,
            "l2_regularization_strength": self.l2_regularization_strength,
            "l2_shrinkage_regularization_strength": (
                self.l2_shrinkage_regularization_strength
            ),
            "beta": self.beta,
        }


def _check_power(value: Any) -> float:
    if not isinstance(value, Real) or not -math.inf < float(value) <= 0:
        raise ValueError(
            "learning_rate_power must be a finite number <= 0, such as -0.5; received "
            f"{value!r}."
        )
    return float(value)
