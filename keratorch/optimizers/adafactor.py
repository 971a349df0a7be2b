"""Adafactor."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from keratorch.core import GradArray
from keratorch.optimizers.arguments import check_number, check_positive
from keratorch.optimizers.gradients import norm
from keratorch.optimizers.learning_rate import LearningRate
from keratorch.optimizers.optimizer import Optimizer
from keratorch.optimizers.pytorch_loop import either_style


class Adafactor(Optimizer):
    """Adafactor: Adam's scaling, kept only for the rows and columns of a matrix.

    beta = 1 - t**beta_2_decay,  q = g**2 + epsilon_1
    row = beta * row + (1 - beta) * mean(q, axis=-1)
    column = beta * column + (1 - beta) * mean(q, axis=-2)
    velocity = row / mean(row, axis=-1) * column, for each row and column
    step = g / sqrt(velocity)
    rate = min(learning_rate, 1 / sqrt(t)) * max(epsilon_2, rms(w))
    w = w - rate * step / max(1, rms(step) / clip_threshold)

    where t counts the updates from 1 and rms(x) = sqrt(mean(x**2)). A vector has
    velocity = beta * velocity + (1 - beta) * q.

    Parameters
    ----------
    learning_rate : float >= 0, LearningRateSchedule or function, the step size.
    beta_2_decay : float, the exponent of t in beta.
    epsilon_1 : float >= 0, keeps the square root away from 0.
    epsilon_2 : float >= 0, the least size of weights that steps are made for.
    clip_threshold : float > 0, the rms that steps may have.
    relative_step : bool. Changes nothing: as in Keras 3.15, the rate is at most
        1 / sqrt(t) either way.
    weight_decay, clipnorm, ... : see `Optimizer`.

    Raises
    ------
    ValueError : a number outside its range.

    Source: Shazeer & Stern (2018), 'Adafactor'.

    Examples
    --------
    >>> from keratorch import Variable
    >>> w = Variable([[3.0, 3.0]])
    >>> Adafactor(learning_rate=0.5).apply([np.array([[7.0, -7.0]])], [w])
    >>> w.numpy().round(4)
    array([[1.5, 4.5]], dtype=float32)
    """

    slots: tuple[str, ...] = ("row", "column", "velocity")

    @either_style
    def __init__(
        self,
        learning_rate: LearningRate | Iterable[GradArray] = 0.001,
        beta_2_decay: float = -0.8,
        epsilon_1: float = 1e-30,
        epsilon_2: float = 1e-3,
        clip_threshold: float = 1.0,
        relative_step: bool = True,
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
        self.beta_2_decay = beta_2_decay
        self.epsilon_1 = check_number("epsilon_1", epsilon_1)
        self.epsilon_2 = check_number("epsilon_2", epsilon_2)
        self.clip_threshold = check_positive("clip_threshold", clip_threshold)
        self.relative_step = relative_step

    def first_value(self, slot: str, variable: GradArray, position: int) -> np.ndarray:
        """Return zeros: for each row, for each column, or for each element."""
        shape: tuple[int, ...] = variable.shape
        if slot != "velocity":
            rows, columns = shape[:-1], (*shape[:-2], *shape[-1:])
            shape = rows if slot == "row" else columns
            shape = shape if variable.ndim > 1 else ()  # a vector does not use it
        return np.zeros(shape)

    def update(
        self,
        weight: np.ndarray,
        gradient: np.ndarray,
        row: np.ndarray,
        column: np.ndarray,
        velocity: np.ndarray,
        *,
        rate: float,
        step: int,
        scratch: np.ndarray,
    ) -> None:
        """Apply the formula to one weight, in place."""
        beta = 1 - step**self.beta_2_decay
        np.multiply(gradient, gradient, out=scratch)
        scratch += self.epsilon_1
        if weight.ndim < 2:
            velocity *= beta
            velocity += (1 - beta) * scratch
        else:
            for average, axis in ((row, -1), (column, -2)):
                average *= beta
                average += (1 - beta) * np.mean(scratch, axis=axis)
            share = row / np.mean(row, axis=-1, keepdims=True)
            np.multiply(share[..., None], column[..., None, :], out=velocity)
        size = max(self.epsilon_2, _rms(weight))
        np.sqrt(velocity, out=scratch)
        np.divide(gradient, scratch, out=scratch)
        rate = min(rate, 1 / math.sqrt(step)) * size
        scratch *= rate / max(1.0, _rms(scratch) / self.clip_threshold)
        weight -= scratch

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make an equal optimizer."""
        return {
            **super().get_config(),
            "beta_2_decay": self.beta_2_decay,
            "epsilon_1": self.epsilon_1,
            "epsilon_2": self.epsilon_2,
            "clip_threshold": self.clip_threshold,
            "relative_step": self.relative_step,
        }


def _rms(x: np.ndarray) -> float:
    return norm([x]) / math.sqrt(x.size) if x.size else 0.0
