"""Adagrad."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from keratorch.core import GradArray
from keratorch.kernels.blas import axpby
from keratorch.optimizers.arguments import check_number
from keratorch.optimizers.learning_rate import LearningRate
from keratorch.optimizers.optimizer import Optimizer
from keratorch.optimizers.pytorch_loop import either_style
from keratorch.optimizers.roots import write_root


class Adagrad(Optimizer):
    """Adagrad: gradient descent that slows down where it has gone far already.

    accumulator = accumulator + g**2
    w = w - learning_rate * g / sqrt(accumulator + epsilon)

    Parameters
    ----------
    learning_rate : float >= 0, LearningRateSchedule or function, the step size. It may
        be large, such as 0.1; the default is Keras's.
    initial_accumulator_value : float >= 0, where the accumulators begin.
    epsilon : float >= 0, keeps the square root away from 0.
    weight_decay, clipnorm, ... : see `Optimizer`.

    Raises
    ------
    ValueError : a number outside its range.

    Source: Duchi et al. (2011), 'Adaptive Subgradient Methods'.

    Examples
    --------
    >>> from keratorch import Variable
    >>> w = Variable([1.0, 2.0])
    >>> optimizer = Adagrad(learning_rate=0.5, initial_accumulator_value=0.0)
    >>> optimizer.apply([np.array([3.0, -0.1])], [w])
    >>> w.numpy().round(4)
    array([0.5, 2.5], dtype=float32)
    """

    slots: tuple[str, ...] = ("accumulator",)
    elementwise = True
    epsilon_in_root = True  # False for sqrt(accumulator) + epsilon, as in Keras 2

    @either_style
    def __init__(
        self,
        learning_rate: LearningRate | Iterable[GradArray] = 0.001,
        initial_accumulator_value: float = 0.1,
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
        self.initial_accumulator_value = check_number(
            "initial_accumulator_value", initial_accumulator_value
        )
        self.epsilon = check_number("epsilon", epsilon)

    def first_value(self, slot: str, variable: GradArray, position: int) -> float:
        """Return where the accumulators begin."""
        return self.initial_accumulator_value

    def update(
        self,
        weight: np.ndarray,
        gradient: np.ndarray,
        accumulator: np.ndarray,
        *,
        rate: float,
        step: int,
        scratch: np.ndarray,
    ) -> None:
        """Apply the formula to one weight, in place."""
        np.multiply(gradient, gradient, out=scratch)
        accumulator += scratch
        write_root(accumulator, self.epsilon, scratch, self.epsilon_in_root)
        np.divide(gradient, scratch, out=scratch)
        axpby(-rate, scratch, 1, weight, scratch)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make an equal optimizer."""
        return {
            **super().get_config(),
            "initial_accumulator_value": self.initial_accumulator_value,
            "epsilon": self.epsilon,
        }
