"""Learning rates that fall with the number of updates."""

from __future__ import annotations

import bisect
import itertools
import math
from collections.abc import Sequence
from typing import Any

from keratorch.optimizers.arguments import check_positive
from keratorch.optimizers.schedules.learning_rate_schedule import (
    LearningRateSchedule,
    for_each_step,
)


class _RateDecay(LearningRateSchedule):
    """What decays with a rate share: their arguments."""

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: float,
        decay_rate: float,
        staircase: bool = False,
        name: str | None = None,
    ):
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = check_positive("decay_steps", decay_steps)
        self.decay_rate = decay_rate
        self.staircase = staircase
        self.name = type(self).__name__ if name is None else name

    def _periods(self, step: float) -> float:
        periods = step / self.decay_steps
        return math.floor(periods) if self.staircase else periods

    def get_config(self) -> dict[str, Any]:
        """Return the arguments."""
        return {
            "initial_learning_rate": self.initial_learning_rate,
            "decay_steps": self.decay_steps,
            "decay_rate": self.decay_rate,
            "staircase": self.staircase,
            "name": self.name,
        }


class ExponentialDecay(_RateDecay):
    """The same factor every `decay_steps` updates.

    rate = initial_learning_rate * decay_rate**(step / decay_steps)

    Parameters
    ----------
    initial_learning_rate : float, the rate of the first update.
    decay_steps : number > 0.
    decay_rate : float.
    staircase : bool, whether the exponent is rounded down to a whole number.
    name : str.

    Examples
    --------
    >>> rate = ExponentialDecay(0.5, decay_steps=10, decay_rate=0.25)
    >>> rate(0), rate(5), rate(10)
    (0.5, 0.25, 0.125)
    """

    @for_each_step
    def __call__(self, step: float) -> float:
        return self.initial_learning_rate * self.decay_rate ** self._periods(step)


class InverseTimeDecay(_RateDecay):
    """A rate that falls as 1 / time.

    rate = initial_learning_rate / (1 + decay_rate * step / decay_steps)

    Parameters
    ----------
    initial_learning_rate : float, the rate of the first update.
    decay_steps : number > 0.
    decay_rate : float.
    staircase : bool, whether step / decay_steps is rounded down to a whole number.
    name : str.

    Examples
    --------
    >>> rate = InverseTimeDecay(0.5, decay_steps=10, decay_rate=1.0)
    >>> rate(0), rate(10)
    (0.5, 0.25)
    """

    @for_each_step
    def __call__(self, step: float) -> float:
        return self.initial_learning_rate / (1 + self.decay_rate * self._periods(step))


class PiecewiseConstantDecay(LearningRateSchedule):
    """One rate up to the first boundary, another up to the second, ...

    rate = values[i] where boundaries[i - 1] < step <= boundaries[i]

    Parameters
    ----------
    boundaries : sequence of numbers of updates, each larger than the one before.
    values : sequence of float, one more than there are boundaries.
    name : str.

    Raises
    ------
    ValueError : the lengths do not fit, or the boundaries do not increase.

    Examples
    --------
    >>> rate = PiecewiseConstantDecay([100, 200], [1.0, 0.5, 0.1])
    >>> rate(100), rate(101), rate(1000)
    (1.0, 0.5, 0.1)
    """

    def __init__(
        self,
        boundaries: Sequence[float],
        values: Sequence[float],
        name: str = "PiecewiseConstant",
    ):
        if len(values) != len(boundaries) + 1:
            raise ValueError(
                "values must be one more than boundaries; received "
                f"{len(values)} values and {len(boundaries)} boundaries."
            )
        if any(a >= b for a, b in itertools.pairwise(boundaries)):
            raise ValueError(f"boundaries must increase; received {list(boundaries)}.")
        self.boundaries = boundaries
        self.values = values
        self.name = name

    @for_each_step
    def __call__(self, step: float) -> float:
        return self.values[bisect.bisect_left(self.boundaries, step)]

    def get_config(self) -> dict[str, Any]:
        """Return the arguments."""
        return {
            "boundaries": self.boundaries,
            "values": self.values,
            "name": self.name,
        }


class PolynomialDecay(LearningRateSchedule):
    """From one rate to another over `decay_steps` updates, by a power of the rest.

    rate = (initial_learning_rate - end_learning_rate) * (1 - p)**power
           + end_learning_rate,  p = min(step, decay_steps) / decay_steps

    Parameters
    ----------
    initial_learning_rate, end_learning_rate : float, the first and the last rate.
    decay_steps : number > 0.
    power : float; 1 is a straight line.
    cycle : bool. Instead of staying at `end_learning_rate`, begin anew towards it over
        the next multiple of `decay_steps`.
    name : str.

    Examples
    --------
    >>> rate = PolynomialDecay(0.5, decay_steps=10, end_learning_rate=0.25)
    >>> rate(0), rate(5), rate(99)
    (0.5, 0.375, 0.25)
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: float,
        end_learning_rate: float = 0.0001,
        power: float = 1.0,
        cycle: bool = False,
        name: str = "PolynomialDecay",
    ):
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = check_positive("decay_steps", decay_steps)
        self.end_learning_rate = end_learning_rate
        self.power = power
        self.cycle = cycle
        self.name = name

    @for_each_step
    def __call__(self, step: float) -> float:
        periods = step / self.decay_steps
        if self.cycle:
            done = periods / max(1, math.ceil(periods))
        else:
            done = min(periods, 1.0)
        start, end = self.initial_learning_rate, self.end_learning_rate
        return (start - end) * (1 - done) ** self.power + end

    def get_config(self) -> dict[str, Any]:
        """Return the arguments."""
        return {
            "initial_learning_rate": self.initial_learning_rate,
            "decay_steps": self.decay_steps,
            "end_learning_rate": self.end_learning_rate,
            "power": self.power,
            "cycle": self.cycle,
            "name": self.name,
        }


class CosineDecay(LearningRateSchedule):
    """Half a wave of the cosine over `decay_steps` updates, after a linear warmup.

    rate = start * ((1 - alpha) * (1 + cos(pi * p)) / 2 + alpha)
    p = min(step - warmup_steps, decay_steps) / decay_steps

    `start` is `warmup_target`; where that is None, there is no warmup, and `start` is
    `initial_learning_rate`.

    Parameters
    ----------
    initial_learning_rate : float, the rate of the first update.
    decay_steps : number > 0, updates from the end of the warmup to the lowest rate.
    alpha : float, the lowest rate as a fraction of `start`.
    name : str.
    warmup_target : float, the rate that the warmup reaches, or None.
    warmup_steps : number >= 0, updates of the warmup.

    Source: Loshchilov & Hutter (2017), SGDR; warmup: Goyal et al. (2017).

    Examples
    --------
    >>> rate = CosineDecay(0.0, decay_steps=10, warmup_target=0.5, warmup_steps=2)
    >>> rate(0), rate(1), rate(2), rate(7), rate(12)
    (0.0, 0.25, 0.5, 0.25, 0.0)
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: float,
        alpha: float = 0.0,
        name: str = "CosineDecay",
        warmup_target: float | None = None,
        warmup_steps: float = 0,
    ):
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = check_positive("decay_steps", decay_steps)
        self.alpha = alpha
        self.name = name
        self.warmup_target = warmup_target
        self.warmup_steps = warmup_steps

    @for_each_step
    def __call__(self, step: float) -> float:
        start = self.initial_learning_rate
        if self.warmup_target is not None:
            if step < self.warmup_steps:
                way = self.warmup_target - start
                return start + way * step / self.warmup_steps
            start, step = self.warmup_target, step - self.warmup_steps
        wave = 0.5 * (1 + math.cos(math.pi * min(step / self.decay_steps, 1.0)))
        return start * ((1 - self.alpha) * wave + self.alpha)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments."""
        return {
            "initial_learning_rate": self.initial_learning_rate,
            "decay_steps": self.decay_steps,
            "alpha": self.alpha,
            "name": self.name,
            "warmup_target": self.warmup_target,
            "warmup_steps": self.warmup_steps,
        }


class CosineDecayRestarts(LearningRateSchedule):
    """Half waves of the cosine, each from a high rate again, longer than the last.

    rate = initial_learning_rate * ((1 - alpha) * height + alpha)
    height = m_mul**i * (1 + cos(pi * p)) / 2

    in wave number i, counted from 0, of which the part p in [0, 1) is over. It takes
    first_decay_steps * t_mul**i updates.

    Parameters
    ----------
    initial_learning_rate : float, the rate of the first update.
    first_decay_steps : number > 0, updates of the first wave.
    t_mul : float > 0, how much longer each wave is than the one before.
    m_mul : float, how much higher it begins.
    alpha : float, the lowest rate as a fraction of `initial_learning_rate`.
    name : str.

    Source: Loshchilov & Hutter (2017), SGDR.

    Examples
    --------
    >>> rate = CosineDecayRestarts(0.5, first_decay_steps=10, m_mul=0.5)
    >>> rate(0), rate(5), rate(10), rate(20)
    (0.5, 0.25, 0.25, 0.125)
    """

    def __init__(
        self,
        initial_learning_rate: float,
        first_decay_steps: float,
        t_mul: float = 2.0,
        m_mul: float = 1.0,
        alpha: float = 0.0,
        name: str = "SGDRDecay",
    ):
        self.initial_learning_rate = initial_learning_rate
        self.first_decay_steps = check_positive("first_decay_steps", first_decay_steps)
        self.t_mul = check_positive("t_mul", t_mul)
        self.m_mul = m_mul
        self.alpha = alpha
        self.name = name

    @for_each_step
    def __call__(self, step: float) -> float:
        wave, done = self._wave(step / self.first_decay_steps)
        height = 0.5 * self.m_mul**wave * (1 + math.cos(math.pi * done))
        return self.initial_learning_rate * ((1 - self.alpha) * height + self.alpha)

    def _wave(self, periods: float) -> tuple[int, float]:
        """Return the number of the wave, and the part of it that is over."""
        if self.t_mul == 1:
            return math.floor(periods), periods % 1
        # A wave that shrinks has an end that the sum of all never reaches.
        wave, length = 0, 1.0
        while periods >= length > 1e-12:
            periods -= length
            length *= self.t_mul
            wave += 1
        return wave, min(periods / length, 1.0)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments."""
        return {
            "initial_learning_rate": self.initial_learning_rate,
            "first_decay_steps": self.first_decay_steps,
            "t_mul": self.t_mul,
            "m_mul": self.m_mul,
            "alpha": self.alpha,
            "name": self.name,
        }
