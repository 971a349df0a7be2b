"""What all learning-rate schedules share."""

from __future__ import annotations

import functools
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from keratorch.graph import value

_Self = TypeVar("_Self", bound="LearningRateSchedule")


class LearningRateSchedule(ABC):
    """A learning rate that depends on the number of updates made so far.

    A subclass computes it in ``__call__``; its `get_config` returns its arguments.

    Examples
    --------
    >>> from keratorch.optimizers import SGD
    >>> class Harmonic(LearningRateSchedule):
    ...     def __init__(self, initial_learning_rate):
    ...         self.initial_learning_rate = initial_learning_rate
    ...
    ...     def __call__(self, step):
    ...         return self.initial_learning_rate / (step + 1)
    >>> SGD(learning_rate=Harmonic(0.1)).learning_rate
    0.1
    """

    @abstractmethod
    def __call__(self, step: Any) -> Any:
        """Return the learning rate of the update before which `step` were made."""

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make an equal schedule."""
        raise NotImplementedError(
            f"{type(self).__name__} must define get_config(self) and return its "
            "arguments as a dict, so that it can be saved."
        )

    @classmethod
    def from_config(cls: type[_Self], config: dict[str, Any]) -> _Self:
        """Return a schedule from `get_config`'s dict."""
        return cls(**config)


def for_each_step(rate: Callable[[Any, float], float]) -> Callable[[Any, Any], Any]:
    """Let a formula for one number of updates answer arrays of them as well.

    It then returns the rate of each, as for a plot of a schedule.
    """

    @functools.wraps(rate)
    def rates(self: Any, step: Any) -> Any:
        steps = np.asarray(value(step))
        if not steps.ndim:
            return rate(self, float(steps))
        each = [rate(self, float(one)) for one in steps.ravel()]
        return np.array(each).reshape(steps.shape)

    return rates
