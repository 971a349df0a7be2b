"""Adadelta."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from keratorch.core import GradArray
from keratorch.kernels.blas import axpby
from keratorch.optimizers.arguments import check_decay, check_number
from keratorch.optimizers.learning_rate import LearningRate
from keratorch.optimizers.optimizer import Optimizer
from keratorch.optimizers.pytorch_loop import either_style


class Adadelta(Optimizer):
    """Adadelta: steps in proportion to the recent steps, over the recent gradients.

    accumulated_grad = rho * accumulated_grad + (1 - rho) * g**2
    step = g * sqrt(accumulated_delta_var + epsilon) / sqrt(accumulated_grad + epsilon)
    accumulated_delta_var = rho * accumulated_delta_var + (1 - rho) * step**2
    w = w - learning_rate * step

    Parameters
    ----------
    learning_rate : float >= 0, LearningRateSchedule or function. The paper has none,
        which is 1; with Keras's default of 0.001 learning is very slow.
    rho : float in [0, 1), decay of the two averages per update.
    epsilon : float >= 0, keeps the square roots away from 0.
    weight_decay, clipnorm, ... : see `Optimizer`.

    Raises
    ------
    ValueError : a number outside its range.

    Source: Zeiler (2012), 'ADADELTA: An Adaptive Learning Rate Method'.

    Examples
    --------
    >>> from keratorch import Variable
    >>> w = Variable([1.0])
    >>> Adadelta(learning_rate=1.0, epsilon=0.01).apply([np.array([2.0])], [w])
    >>> w.numpy().round(4)
    array([0.5636], dtype=float32)
    """

    slots: tuple[str, ...] = ("accumulated_grad", "accumulated_delta_var")
    elementwise = True

    @either_style
    def __init__(
        self,
        learning_rate: LearningRate | Iterable[GradArray] = 0.001,
        rho: float = 0.95,
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
        self.rho = check_decay("rho", rho)
        self.epsilon = check_number("epsilon", epsilon)

    def update(
        self,
        weight: np.ndarray,
        gradient: np.ndarray,
        accumulated_grad: np.ndarray,
        accumulated_delta_var: np.ndarray,
        *,
        rate: float,
        step: int,
        scratch: np.ndarray,
    ) -> None:
        """Apply the formula to one weight, in place."""
        np.multiply(gradient, gradient, out=scratch)
        axpby(1 - self.rho, scratch, self.rho, accumulated_grad, scratch)
        divisor = square = self._scratch.like(weight, "other")
        np.add(accumulated_delta_var, self.epsilon, out=scratch)
        np.add(accumulated_grad, self.epsilon, out=divisor)
        scratch /= divisor
        np.sqrt(scratch, out=scratch)
        scratch *= gradient
        np.multiply(scratch, scratch, out=square)
        axpby(1 - self.rho, square, self.rho, accumulated_delta_var, square)
        axpby(-rate, scratch, 1, weight, scratch)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make an equal optimizer."""
        return {
            **super().get_config(),
            "rho": self.rho,
            "epsilon": self.epsilon,
        }
