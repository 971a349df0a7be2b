"""ScheduleFreeAdamW."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from keratorch.core import GradArray
from keratorch.kernels.blas import axpby
from keratorch.optimizers.adam import rounded_power
from keratorch.optimizers.arguments import check_decay, check_number
from keratorch.optimizers.learning_rate import LearningRate
from keratorch.optimizers.optimizer import Optimizer
from keratorch.optimizers.pytorch_loop import either_style


class ScheduleFreeAdamW(Optimizer):
    """Schedule-free AdamW: an average of the weights in place of a falling rate.

    z = z - rate * g / (sqrt(v / (1 - beta_2**t)) + epsilon)
    x = (1 - 1 / t) * x + z / t
    w = (1 - beta_1) * z + beta_1 * x

    where t counts the updates from 1, v = beta_2 * v + (1 - beta_2) * g**2, z and x
    begin as w, and rate = learning_rate * min(t / warmup_steps, 1). z is kept as
    'momentum'; x is found from w and z.

    Parameters
    ----------
    learning_rate : float >= 0, LearningRateSchedule or function, the step size.
    beta_1 : float in [0, 1], the share of the average x in the weights.
    beta_2 : float in [0, 1), decay of v per update.
    epsilon : float >= 0, keeps the divisor away from 0.
    warmup_steps : int >= 0, updates in which the rate grows to `learning_rate`.
    weight_decay, clipnorm, ... : see `Optimizer`.

    Raises
    ------
    ValueError : a number outside its range.

    Source: Defazio et al. (2024), 'The Road Less Scheduled'.

    Examples
    --------
    >>> from keratorch import Variable
    >>> w = Variable([1.0, 2.0])
    >>> ScheduleFreeAdamW(learning_rate=0.5).apply([np.array([3.0, -0.1])], [w])
    >>> w.numpy().round(4)
    array([0.5, 2.5], dtype=float32)
    """

    slots: tuple[str, ...] = ("momentum", "velocity")
    elementwise = True

    @either_style
    def __init__(
        self,
        learning_rate: LearningRate | Iterable[GradArray] = 0.0025,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-8,
        warmup_steps: int = 0,
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
        self.beta_1 = check_number("beta_1", beta_1, high=1.0)
        self.beta_2 = check_decay("beta_2", beta_2)
        self.epsilon = check_number("epsilon", epsilon)
        check_number("warmup_steps", warmup_steps)
        self.warmup_steps = warmup_steps

    def first_value(self, slot: str, variable: GradArray, position: int) -> Any:
        """Return the weight itself where z begins, and 0 for v."""
        return variable._array if slot == "momentum" else 0.0

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
        if step < self.warmup_steps:
            rate *= step / self.warmup_steps
        share = 1 / step
        # w - (1 - beta_1) * z is beta_1 * x: what is kept of it
        axpby(self.beta_1 - 1, momentum, 1, weight, scratch)
        weight *= 1 - share
        np.multiply(gradient, gradient, out=scratch)
        axpby(1 - self.beta_2, scratch, self.beta_2, velocity, scratch)
        np.divide(
            velocity, 1 - rounded_power(self.beta_2, step, weight.dtype), out=scratch
        )
        np.sqrt(scratch, out=scratch)
        scratch += self.epsilon
        np.divide(gradient, scratch, out=scratch)
        axpby(-rate, scratch, 1, momentum, scratch)
        part = 1 - self.beta_1 + self.beta_1 * share
        axpby(part, momentum, 1, weight, scratch)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make an equal optimizer."""
        return {
            **super().get_config(),
            "beta_1": self.beta_1,
            "beta_2": self.beta_2,
            "epsilon": self.epsilon,
            "warmup_steps": self.warmup_steps,
        }
