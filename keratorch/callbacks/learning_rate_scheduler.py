"""The learning rate by a function of the epoch."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from keratorch.callbacks.callback import Callback, Logs
from keratorch.callbacks.learning_rate import add_rates, optimizers_of, rate_of
from keratorch.utils.io_utils import print_msg


class LearningRateScheduler(Callback):
    """Sets the learning rate before each epoch; the logs of the epoch hold it.

    Parameters
    ----------
    schedule : function ``f(epoch, learning_rate)`` or ``f(epoch)`` that returns the
        rate of epoch number `epoch`, counted from 0, as a float.
    verbose : 0 or 1; 1 prints each rate.

    Raises
    ------
    TypeError : `schedule` cannot be called.
    ValueError : before an epoch, where `schedule` returned no float.

    Examples
    --------
    >>> callback = LearningRateScheduler(lambda epoch, rate: rate * 0.9)
    """

    def __init__(self, schedule: Callable[..., float], verbose: int = 0):
        if not callable(schedule):
            raise TypeError(
                "schedule must be a function of the epoch and the learning rate; "
                f"received {schedule!r}."
            )
        self.schedule = schedule
        self.verbose = verbose
        self._takes_rate = _takes_two(schedule)

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        """Set the rate of each optimizer."""
        for name, optimizer in optimizers_of(self.model):
            rate = self._rate(epoch, rate_of(optimizer))
            optimizer.learning_rate = rate
            if self.verbose > 0:
                own = f"{name} " if name else ""
                print_msg(
                    f"\nEpoch {epoch + 1}: LearningRateScheduler setting "
                    f"{own}learning rate to {rate}."
                )

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Write the rate into the logs."""
        add_rates({} if logs is None else logs, self.model)

    def _rate(self, epoch: int, rate: float) -> Any:
        arguments = (epoch, rate) if self._takes_rate else (epoch,)
        found = self.schedule(*arguments)
        dtype = getattr(found, "dtype", None)
        if dtype is not None and np.ndim(found) == 0 and np.dtype(dtype).kind == "f":
            return found if isinstance(found, (float, np.floating)) else found.item()
        if not isinstance(found, float):
            raise ValueError(
                "schedule must return the learning rate as a float; received "
                f"{found!r} for epoch {epoch}."
            )
        return found


def _takes_two(schedule: Callable[..., Any]) -> bool:
    """Return whether a function takes the learning rate beside the epoch."""
    try:
        inspect.signature(schedule).bind(0, 0.1)
    except TypeError:
        return False
    except ValueError:  # a function without a known signature
        return True
    return True
