"""RMSprop."""

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
from keratorch.optimizers.roots import write_root


class RMSprop(Optimizer):
    """RMSprop: gradient descent scaled by the root mean square of recent gradients.

    velocity = rho * velocity + (1 - rho) * g**2
    w = w - learning_rate * g / sqrt(velocity + epsilon)

    centered, the variance of the gradient takes the place of its mean square:

    average = rho * average + (1 - rho) * g
    w = w - learning_rate * g / sqrt(velocity - average**2 + epsilon)

    With momentum, what would be subtracted from w is added to momentum * last change,
    and that is subtracted.

    Parameters
    ----------
    learning_rate : float >= 0, LearningRateSchedule or function, the step size.
    rho : float in [0, 1), decay of the averages per update.
    momentum : float in [0, 1], how much of its last change a weight keeps.
    epsilon : float >= 0, keeps the square root away from 0.
    centered : bool, whether the gradients are scaled by their variance.
    weight_decay, clipnorm, ... : see `Optimizer`.

    Raises
    ------
    ValueError : a number outside its range.

    Source: Tieleman & Hinton (2012), lecture 6.5; centered: Graves (2013).

    Examples
    --------
    >>> from keratorch import Variable
    >>> w = Variable([10.0])
    >>> RMSprop(learning_rate=0.1).apply([np.array([10.0])], [w])
    >>> w.numpy()
    array([9.683772], dtype=float32)
    """

    elementwise = True
    #: False for sqrt(...) + epsilon where there is no momentum, as in Keras 2.
    epsilon_in_root = True

    @either_style
    def __init__(
        self,
        learning_rate: LearningRate | Iterable[GradArray] = 0.001,
        rho: float = 0.9,
        momentum: float = 0.0,
        epsilon: float = 1e-7,
        centered: bool = False,
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
        self.momentum = check_number("momentum", momentum, high=1.0)
        self.epsilon = check_number("epsilon", epsilon)
        self.centered = bool(centered)
        self.slots = ("velocity",)
        if self.momentum:
            self.slots += ("momentum",)
        if self.centered:
            self.slots += ("average_gradient",)

    @property
    def slot_groups(self) -> tuple[tuple[str, ...], ...]:
        """Each slot by itself, for all weights."""
        return tuple((name,) for name in self.slots)

    def update(
        self,
        weight: np.ndarray,
        gradient: np.ndarray,
        velocity: np.ndarray,
        momentum: np.ndarray | None = None,
        average_gradient: np.ndarray | None = None,
        *,
        rate: float,
        step: int,
        scratch: np.ndarray,
    ) -> None:
        """Apply the formula to one weight, in place."""
        np.multiply(gradient, gradient, out=scratch)
        axpby(1 - self.rho, scratch, self.rho, velocity, scratch)
        square = velocity
        if average_gradient is not None:
            self._variance(velocity, gradient, average_gradient, scratch)
            square = scratch
        inside = self.epsilon_in_root or momentum is not None
        write_root(square, self.epsilon, scratch, inside)
        np.divide(gradient, scratch, out=scratch)
        if momentum is None:
            axpby(-rate, scratch, 1, weight, scratch)
        else:
            axpby(rate, scratch, self.momentum, momentum, scratch)
            weight -= momentum

    def _variance(
        self,
        velocity: np.ndarray,
        gradient: np.ndarray,
        average_gradient: np.ndarray,
        out: np.ndarray,
    ) -> None:
        """Update the average of the gradients, and write their variance into `out`."""
        axpby(1 - self.rho, gradient, self.rho, average_gradient, out)
        np.multiply(average_gradient, average_gradient, out=out)
        np.subtract(velocity, out, out=out)
        # Rounding makes the variance of steady gradients negative: no square root.
        np.maximum(out, 0.0, out=out)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make an equal optimizer."""
        return {
            **super().get_config(),
            "rho": self.rho,
            "momentum": self.momentum,
            "epsilon": self.epsilon,
            "centered": self.centered,
        }
