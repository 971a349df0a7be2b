"""Adam."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from keratorch.core import GradArray
from keratorch.kernels.blas import axpby
from keratorch.optimizers.arguments import check_decay, check_number
from keratorch.optimizers.learning_rate import LearningRate
from keratorch.optimizers.optimizer import Optimizer
from keratorch.optimizers.pytorch_loop import either_style


class Adam(Optimizer):
    """Adam: gradient descent scaled by running moments of the gradient.

    m = beta_1 * m + (1 - beta_1) * g
    v = beta_2 * v + (1 - beta_2) * g**2
    rate = learning_rate * sqrt(1 - beta_2**t) / (1 - beta_1**t)
    w = w - rate * m / (sqrt(v) + epsilon)

    where t counts the updates from 1. AMSGrad divides by the largest v so far.

    Parameters
    ----------
    learning_rate : float >= 0, LearningRateSchedule or function, the step size.
    beta_1, beta_2 : float in [0, 1), decay of the moments m and v per update.
    epsilon : float >= 0, keeps the divisor away from 0.
    amsgrad : bool, whether v never falls where it divides.
    weight_decay, clipnorm, ... : see `Optimizer`.

    Raises
    ------
    ValueError : a number outside its range.

    Source: Kingma & Ba (2015), Algorithm 1, in Keras's epsilon placement; AMSGrad:
    Reddi et al. (2018).

    Examples
    --------
    >>> from keratorch import Variable
    >>> w = Variable([1.0, 2.0])
    >>> Adam(learning_rate=0.5).apply([np.array([3.0, -0.1])], [w])
    >>> w.numpy().round(4)
    array([0.5, 2.5], dtype=float32)
    """

    slots: tuple[str, ...] = ("momentum", "velocity")
    elementwise = True

    @either_style
    def __init__(
        self,
        learning_rate: LearningRate | Iterable[GradArray] = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        amsgrad: bool = False,
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
        self.amsgrad = bool(amsgrad)
        if self.amsgrad:
            self.slots = ("momentum", "velocity", "velocity_hat")

    @property
    def slot_groups(self) -> tuple[tuple[str, ...], ...]:
        """The moments weight by weight, then the largest velocities."""
        return self.slots[:2], self.slots[2:]

    def update(
        self,
        weight: np.ndarray,
        gradient: np.ndarray,
        momentum: np.ndarray,
        velocity: np.ndarray,
        velocity_hat: np.ndarray | None = None,
        *,
        rate: float,
        step: int,
        scratch: np.ndarray,
    ) -> None:
        """Apply the formula to one weight, in place."""
        axpby(1 - self.beta_1, gradient, self.beta_1, momentum, scratch)
        np.multiply(gradient, gradient, out=scratch)
        axpby(1 - self.beta_2, scratch, self.beta_2, velocity, scratch)
        if velocity_hat is not None:
            velocity = np.maximum(velocity_hat, velocity, out=velocity_hat)
        np.sqrt(velocity, out=scratch)
        scratch += self.epsilon
        np.divide(momentum, scratch, out=scratch)
        rate *= bias_correction(self.beta_1, self.beta_2, step, weight.dtype)
        axpby(-rate, scratch, 1, weight, scratch)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make an equal optimizer."""
        return {
            **super().get_config(),
            "beta_1": self.beta_1,
            "beta_2": self.beta_2,
            "epsilon": self.epsilon,
            "amsgrad": self.amsgrad,
        }


@functools.lru_cache(maxsize=64)
def bias_correction(beta_1: float, beta_2: float, step: int, dtype: np.dtype) -> float:
    """Return what makes up for moments that began at 0.

    sqrt(1 - beta_2**step) / (1 - beta_1**step), the powers rounded to `dtype`: Keras
    computes them in it, and in the first steps the rounding shows in the fifth digit.

    Examples
    --------
    >>> bias_correction(0.5, 0.75, 1, np.dtype("float32"))
    1.0
    """
    first = rounded_power(beta_1, step, dtype)
    second = rounded_power(beta_2, step, dtype)
    return math.sqrt(1 - second) / (1 - first)


def rounded_power(beta: float, step: int, dtype: np.dtype) -> float:
    """Return beta**step, rounded to a dtype, and in any case less than 1.

    Examples
    --------
    >>> rounded_power(0.5, 3, np.dtype("float32"))
    0.125
    """
    rounded = float(dtype.type(float(dtype.type(beta)) ** step))
    # A beta so near to 1 that it rounds to 1 would make the correction 0 / 0.
    return rounded if rounded < 1 else beta**step
