"""Lamb."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from keratorch.core import GradArray
from keratorch.kernels.blas import axpby
from keratorch.optimizers.adam import rounded_power
from keratorch.optimizers.arguments import check_decay, check_number
from keratorch.optimizers.gradients import norm
from keratorch.optimizers.learning_rate import LearningRate
from keratorch.optimizers.optimizer import Optimizer
from keratorch.optimizers.pytorch_loop import either_style


class Lamb(Optimizer):
    """LAMB: Adam with steps in proportion to the size of each weight array.

    m = beta_1 * m + (1 - beta_1) * g
    v = beta_2 * v + (1 - beta_2) * g**2
    step = m / (1 - beta_1**t) / (sqrt(v / (1 - beta_2**t)) + epsilon)
    w = w - learning_rate * norm(w) / norm(step) * step

    where t counts the updates from 1; a norm of 0 leaves norm(w) / norm(step) out.

    Parameters
    ----------
    learning_rate : float >= 0, LearningRateSchedule or function, the step size.
    beta_1, beta_2 : float in [0, 1), decay of the moments m and v per update.
    epsilon : float >= 0, keeps the divisor away from 0.
    weight_decay, clipnorm, ... : see `Optimizer`.

    Raises
    ------
    ValueError : a number outside its range.

    Source: You et al. (2020), 'Large Batch Optimization for Deep Learning'.

    Examples
    --------
    >>> from keratorch import Variable
    >>> w = Variable([3.0, 4.0])
    >>> Lamb(learning_rate=0.1).apply([np.array([7.0, 7.0])], [w])
    >>> w.numpy().round(4)
    array([2.6464, 3.6464], dtype=float32)
    """

    slots: tuple[str, ...] = ("momentum", "velocity")

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
        np.divide(
            velocity, 1 - rounded_power(self.beta_2, step, weight.dtype), out=scratch
        )
        np.sqrt(scratch, out=scratch)
        scratch += self.epsilon
        np.divide(momentum, scratch, out=scratch)
        scratch /= 1 - rounded_power(self.beta_1, step, weight.dtype)
        weight_norm, step_norm = norm([weight]), norm([scratch])
        if weight_norm > 0 and step_norm > 0:
            rate *= weight_norm / step_norm
        axpby(-rate, scratch, 1, weight, scratch)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make an equal optimizer."""
        return {
            **super().get_config(),
            "beta_1": self.beta_1,
            "beta_2": self.beta_2,
            "epsilon": self.epsilon,
        }
