"""A lower learning rate when training no longer helps."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.callbacks.callback import Logs
from keratorch.callbacks.learning_rate import add_rates, optimizers_of, rate_of
from keratorch.callbacks.monitor_callback import MonitorCallback
from keratorch.utils.io_utils import print_msg


class ReduceLROnPlateau(MonitorCallback):
    """Lowers the learning rate when one number of the logs has stopped getting better.

    The logs of each epoch hold the rate as 'learning_rate'.

    Parameters
    ----------
    monitor : str, name of the number: 'val_loss', 'accuracy'.
    factor : float in (0, 1) by which the rate is multiplied.
    patience : int >= 0, epochs without improvement after which it is.
    verbose : 0 or 1; 1 prints each new rate.
    mode : 'min' where smaller is better, 'max' where larger is, or 'auto': the metric
        of that name knows.
    min_delta : float, changes no larger than that are no improvement.
    cooldown : int >= 0, epochs to wait after a reduction before counting again.
    min_lr : float >= 0, the lowest rate.

    Raises
    ------
    ValueError : a number outside its range; after the first epoch, no metric of that
        name, or 'auto' for a metric of unknown direction.

    Examples
    --------
    >>> callback = ReduceLROnPlateau(monitor="loss", factor=0.2, patience=5)
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        factor: float = 0.1,
        patience: int = 10,
        verbose: int = 0,
        mode: str = "auto",
        min_delta: float = 1e-4,
        cooldown: int = 0,
        min_lr: float = 0.0,
    ):
        super().__init__(monitor, mode, min_delta=min_delta)
        if not 0 <= factor < 1:
            raise ValueError(
                f"factor must be in (0, 1), such as 0.1; received {factor}. With 1 or "
                "more the learning rate would not fall."
            )
        counts = {"patience": patience, "cooldown": cooldown, "min_lr": min_lr}
        for name, number in counts.items():
            if not number >= 0:
                raise ValueError(f"{name} must be >= 0; received {number}.")
        self.factor = factor
        self.min_lr = min_lr
        self.patience = patience
        self.verbose = verbose
        self.cooldown = cooldown
        self._forget()

    def _forget(self) -> None:
        self.best = None
        self.cooldown_counter = 0
        self.wait = 0

    def in_cooldown(self) -> bool:
        """Return whether the last reduction is too near to count epochs."""
        return self.cooldown_counter > 0

    def on_train_begin(self, logs: Logs = None) -> None:
        """Start anew: one callback may serve several runs."""
        self._forget()

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Compare, and lower the rate where patience is exhausted."""
        logs = {} if logs is None else logs
        add_rates(logs, self.model)
        current = self.monitored(epoch, logs)
        if current is None:
            return
        if self.in_cooldown():
            self.cooldown_counter -= 1
            self.wait = 0
        if self.is_improvement(current, self.best):
            self.best = current
            self.wait = 0
        elif not self.in_cooldown():
            self.wait += 1
            if self.wait >= self.patience and self._reduce(epoch):
                self.cooldown_counter = self.cooldown
                self.wait = 0

    def _reduce(self, epoch: int) -> bool:
        """Lower the rates, and return whether any was above `min_lr`."""
        reduced = False
        for name, optimizer in optimizers_of(self.model):
            old = rate_of(optimizer)
            if old <= np.float32(self.min_lr):
                continue
            new: Any = max(old * self.factor, self.min_lr)
            optimizer.learning_rate = new
            reduced = True
            if self.verbose > 0:
                own = f" {name}" if name else ""
                print_msg(
                    f"\nEpoch {epoch + 1}: ReduceLROnPlateau reducing{own} learning "
                    f"rate to {new}."
                )
        return reduced
