"""Lion."""

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


class Lion(Optimizer):
    """Lion: steps of one size, in the direction of the sign of the momentum.

    w = w - learning_rate * sign(beta_1 * m + (1 - beta_1) * g)
    m = beta_2 * m + (1 - beta_2) * g

    Its steps are larger than Adam's: take a learning rate 3 to 10 times smaller.

    Parameters
    ----------
    learning_rate : float >= 0, LearningRateSchedule or function, the step size.
    beta_1 : float in (0, 1], the share of the momentum in the direction.
    beta_2 : float in [0, 1], decay of the momentum per update.
    weight_decay, clipnorm, ... : see `Optimizer`.

    Raises
    ------
    ValueError : a number outside its range.

    Source: Chen et al. (2023), 'Symbolic Discovery of Optimization Algorithms'.

    Examples
    --------
    >>> from keratorch import Variable
    >>> w = Variable([1.0, 2.0])
    >>> Lion(learning_rate=0.5).apply([np.array([3.0, -0.1])], [w])
    >>> w.numpy()
    array([0.5, 2.5], dtype=float32)
    """

    slots: tuple[str, ...] = ("momentum",)
    elementwise = True

    @either_style
    def __init__(
        self,
        learning_rate: LearningRate | Iterable[GradArray] = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.99,
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
        if not self.beta_1:
            raise ValueError(
                "Lion's beta_1 must be in (0, 1]; received 0, which ignores the "
                "momentum. Give 0.9."
            )
        self.beta_2 = check_number("beta_2", beta_2, high=1.0)

    def update(
        self,
        weight: np.ndarray,
        gradient: np.ndarray,
        momentum: np.ndarray,
        *,
        rate: float,
        step: int,
        scratch: np.ndarray,
    ) -> None:
        """Apply the formula to one weight, in place."""
        np.multiply(gradient, 1 - self.beta_1, out=scratch)
        kept = self._scratch.like(weight, "kept")
        scratch += np.multiply(momentum, self.beta_1, out=kept)
        sign(scratch)
        axpby(-rate, scratch, 1, weight, scratch)
        axpby(1 - self.beta_2, gradient, self.beta_2, momentum, scratch)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make an equal optimizer."""
        return {
            **super().get_config(),
            "beta_1": self.beta_1,
            "beta_2": self.beta_2,
        }


def sign(x: np.ndarray) -> None:
    """Replace each number of an array by its sign, as `np.sign` does, but faster.

    `np.sign` asks each element, and the processor guesses wrong half of the time. Here
    all of them, even the smallest, are made larger than 1, and cut there.

    Examples
    --------
    >>> x = np.array([-1e-300, 0.0, 5.0])
    >>> sign(x)
    >>> x
    array([-1.,  0.,  1.])
    """
    large = np.ldexp(x.dtype.type(1.0), np.finfo(x.dtype).maxexp - 1)
    with np.errstate(over="ignore"):
        x *= large
        x *= large
    np.clip(x, -1, 1, out=x)
