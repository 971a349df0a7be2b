"""Gradient descent."""

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


class SGD(Optimizer):
    """Gradient descent, with momentum if wanted.

    w = w - learning_rate * g

    with momentum:

    momentum = momentum_rate * momentum - learning_rate * g
    w = w + momentum

    with Nesterov's momentum, which looks one step ahead:

    w = w + momentum_rate * momentum - learning_rate * g

    Parameters
    ----------
    learning_rate : float >= 0, LearningRateSchedule or function, the step size.
    momentum : float in [0, 1], how much of its last change a weight keeps.
    nesterov : bool, whether the momentum is Nesterov's.
    weight_decay, clipnorm, ... : see `Optimizer`.

    Raises
    ------
    ValueError : a number outside its range.

    Source: Sutskever et al. (2013), 'On the importance of initialization and momentum'.

    Examples
    --------
    >>> from keratorch import Variable
    >>> w = Variable([1.0, 2.0])
    >>> SGD(learning_rate=0.5).apply([np.array([1.0, -1.0])], [w])
    >>> w.numpy()
    array([0.5, 2.5], dtype=float32)
    """

    elementwise = True

    @either_style
    def __init__(
        self,
        learning_rate: LearningRate | Iterable[GradArray] = 0.01,
        momentum: float = 0.0,
        nesterov: bool = False,
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
        self.momentum = check_number("momentum", momentum, high=1.0)
        self.nesterov = bool(nesterov)
        self.slots = ("momentum",) if self.momentum else ()

    def update(
        self,
        weight: np.ndarray,
        gradient: np.ndarray,
        momentum: np.ndarray | None = None,
        *,
        rate: float,
        step: int,
        scratch: np.ndarray,
    ) -> None:
        """Apply the formula to one weight, in place."""
        if momentum is not None:
            axpby(-rate, gradient, self.momentum, momentum, scratch)
        if momentum is not None and not self.nesterov:
            weight += momentum
            return
        axpby(-rate, gradient, 1, weight, scratch)
        if momentum is not None:
            axpby(self.momentum, momentum, 1, weight, scratch)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make an equal optimizer."""
        return {
            **super().get_config(),
            "momentum": self.momentum,
            "nesterov": self.nesterov,
        }
