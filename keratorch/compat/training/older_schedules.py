"""Learning-rate schedules of TensorFlow 2 that Keras 3 does not have."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from keratorch import random
from keratorch.optimizers.arguments import check_positive
from keratorch.optimizers.schedules import LearningRateSchedule
from keratorch.optimizers.schedules.learning_rate_schedule import for_each_step


class LinearCosineDecay(LearningRateSchedule):
    """A line down to 0 times a cosine, and a little on top.

    rate = initial_learning_rate * ((alpha + 1 - p) * wave + beta)
    wave = (1 + cos(2 * pi * num_periods * p)) / 2,  p = min(step / decay_steps, 1)

    Parameters
    ----------
    initial_learning_rate : float, the rate of the first update, without beta.
    decay_steps : number > 0, updates until the line reaches 0.
    num_periods : float, waves of the cosine in these.
    alpha, beta : float, added to the line, and to the whole.
    name : str.

    Source: Bello et al. (2017), Neural Optimizer Search.

    Examples
    --------
    >>> rate = LinearCosineDecay(0.5, decay_steps=10, beta=0.0)
    >>> rate(0), rate(5), rate(10)
    (0.5, 0.125, 0.0)
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: float,
        num_periods: float = 0.5,
        alpha: float = 0.0,
        beta: float = 0.001,
        name: str | None = None,
    ):
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = check_positive("decay_steps", decay_steps)
        self.num_periods = num_periods
        self.alpha = alpha
        self.beta = beta
        self.name = name

    @for_each_step
    def __call__(self, step: float) -> float:
        part = min(step / self.decay_steps, 1.0)
        wave = 0.5 * (1 + math.cos(2 * math.pi * self.num_periods * part))
        line = 1 - part + self._noise(min(step, self.decay_steps))
        return self.initial_learning_rate * ((self.alpha + line) * wave + self.beta)

    def _noise(self, step: float) -> float:
        """Return what is added to the line."""
        return 0.0

    def get_config(self) -> dict[str, Any]:
        """Return the arguments."""
        return dict(vars(self))


class NoisyLinearCosineDecay(LinearCosineDecay):
    """As `LinearCosineDecay`, with normal noise on the line.

    Parameters
    ----------
    initial_variance : float, of the noise at the first update.
    variance_decay : float; at a step it is initial_variance / (1 + step)**this.

    The others are those of `LinearCosineDecay`.
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: float,
        initial_variance: float = 1.0,
        variance_decay: float = 0.55,
        num_periods: float = 0.5,
        alpha: float = 0.0,
        beta: float = 0.001,
        name: str | None = None,
    ):
        super().__init__(
            initial_learning_rate, decay_steps, num_periods, alpha, beta, name
        )
        self.initial_variance = initial_variance
        self.variance_decay = variance_decay

    def _noise(self, step: float) -> float:
        variance = self.initial_variance / (1 + step) ** self.variance_decay
        return float(np.asarray(random.normal(()))) * math.sqrt(variance)
