"""Nadam."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from keratorch import config
from keratorch.core import GradArray
from keratorch.kernels.blas import axpby
from keratorch.optimizers.adam import rounded_power
from keratorch.optimizers.arguments import check_decay, check_number
from keratorch.optimizers.learning_rate import LearningRate
from keratorch.optimizers.optimizer import Optimizer
from keratorch.optimizers.pytorch_loop import either_style
from keratorch.variable import Variable


class Nadam(Optimizer):
    """Nadam: Adam with Nesterov's look ahead.

    m = beta_1 * m + (1 - beta_1) * g
    v = beta_2 * v + (1 - beta_2) * g**2
    u(t) = beta_1 * (1 - 0.96**t / 2),  p(t) = u(1) * u(2) * ... * u(t)
    ahead = u(t + 1) * m / (1 - p(t + 1)) + (1 - u(t)) * g / (1 - p(t))
    w = w - learning_rate * ahead / (sqrt(v / (1 - beta_2**t)) + epsilon)

    where t counts the updates from 1.

    Parameters
    ----------
    learning_rate : float >= 0, LearningRateSchedule or function, the step size.
    beta_1, beta_2 : float in [0, 1), decay of the moments m and v per update.
    epsilon : float >= 0, keeps the divisor away from 0.
    weight_decay, clipnorm, ... : see `Optimizer`.

    Raises
    ------
    ValueError : a number outside its range.

    Source: Dozat (2016), 'Incorporating Nesterov Momentum into Adam'.

    Examples
    --------
    >>> from keratorch import Variable
    >>> w = Variable([1.0, 2.0])
    >>> Nadam(learning_rate=0.5).apply([np.array([3.0, -0.1])], [w])
    >>> w.numpy().round(4)
    array([0.4686, 2.5314], dtype=float32)
    """

    slots: tuple[str, ...] = ("momentum", "velocity")
    elementwise = True
    factor_steps = 1.0  # how far an update takes t in u(t): 0.004 in Keras 2

    @either_style
    def __init__(
        self,
        learning_rate: LearningRate | Iterable[GradArray] = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
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
        self.beta_1 = check_decay("beta_1", beta_1)
        self.beta_2 = check_decay("beta_2", beta_2)
        self.epsilon = check_number("epsilon", epsilon)

    @property
    def variables(self) -> list[Variable]:
        """The numbers and arrays that are its state, in Keras's order: p(t) is last."""
        return [*super().variables, *([self._product] if self.built else [])]

    def build(self, variables: Iterable[GradArray]) -> None:
        """Make the slots for these variables; once built, do nothing."""
        if self.built:
            return
        super().build(variables)
        found = self._trainable_variables
        dtype = found[0]._array.dtype.name if found else config.floatx()
        self._product = self._state.number("u_product", 1.0, dtype)

    def start(self, rate: float, step: int) -> None:
        """Take this update's factor into the product."""
        self._product._array *= self._factor(step)

    def _factor(self, step: int) -> float:
        return self.beta_1 * (1 - 0.5 * 0.96 ** (step * self.factor_steps))

    def update(
        self,
        weight: np.ndarray,
        gradient: np.ndarray,
        momentum: np.ndarray,
        velocity: np.ndarray,
        *,
        rate: float,
        step: int,
        scratch: np.ndarray,
    ) -> None:
        """Apply the formula to one weight, in place."""
        axpby(1 - self.beta_1, gradient, self.beta_1, momentum, scratch)
        np.multiply(gradient, gradient, out=scratch)
        axpby(1 - self.beta_2, scratch, self.beta_2, velocity, scratch)
        product, factor = self._product.item(), self._factor(step + 1)
        ahead = self._scratch.like(weight, "ahead")
        np.multiply(momentum, factor / (1 - product * factor), out=ahead)
        share = (1 - self._factor(step)) / (1 - product)
        axpby(share, gradient, 1, ahead, scratch)
        share = 1 - rounded_power(self.beta_2, step, weight.dtype)
        np.divide(velocity, share, out=scratch)
        np.sqrt(scratch, out=scratch)
        scratch += self.epsilon
        np.divide(ahead, scratch, out=scratch)
        axpby(-rate, scratch, 1, weight, scratch)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make an equal optimizer."""
        return {
            **super().get_config(),
            "beta_1": self.beta_1,
            "beta_2": self.beta_2,
            "epsilon": self.epsilon,
        }
