"""The end of training when it no longer helps."""

from __future__ import annotations

from typing import Any

from keratorch.callbacks.callback import Logs
from keratorch.callbacks.monitor_callback import MonitorCallback, is_number
from keratorch.utils.io_utils import print_msg


class EarlyStopping(MonitorCallback):
    """Stops `fit` when one number of the logs has not got better for a while.

    Parameters
    ----------
    monitor : str, name of the number: 'val_loss', 'accuracy'.
    min_delta : float, changes no larger than that are no improvement.
    patience : int >= 0, epochs without improvement after which training stops.
    verbose : 0 or 1; 1 says when it stops and which weights it restores.
    mode : 'min' where smaller is better, 'max' where larger is, or 'auto': the metric
        of that name knows.
    baseline : float that the number has to beat for patience to start anew; or None.
    restore_best_weights : bool, whether the model ends with the weights of its best
        epoch instead of the last.
    start_from_epoch : int >= 0, epochs at the beginning that are not looked at.

    Raises
    ------
    ValueError : patience or start_from_epoch < 0; after the first epoch, no metric of
        that name, or 'auto' for a metric of unknown direction.

    Examples
    --------
    >>> callback = EarlyStopping(monitor="loss", patience=3)
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        min_delta: float = 0,
        patience: int = 0,
        verbose: int = 0,
        mode: str = "auto",
        baseline: float | None = None,
        restore_best_weights: bool = False,
        start_from_epoch: int = 0,
    ):
        super().__init__(monitor, mode, min_delta=min_delta)
        for name, epochs in [
            ("patience", patience),
            ("start_from_epoch", start_from_epoch),
        ]:
            if not is_number(epochs) or not epochs >= 0:
                raise ValueError(f"{name} must be >= 0 epochs; received {epochs!r}.")
        self.patience = patience
        self.verbose = verbose
        self.baseline = baseline
        self.restore_best_weights = restore_best_weights
        self.start_from_epoch = start_from_epoch
        self._forget()

    def _forget(self) -> None:
        self.wait = 0
        self.stopped_epoch = 0
        self.best = None
        self.best_epoch = 0
        self.best_weights: list[Any] | None = None

    def on_train_begin(self, logs: Logs = None) -> None:
        """Start anew: one callback may serve several runs."""
        self._forget()

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Compare, and stop the model where patience is exhausted."""
        current = self.get_monitor_value(logs)
        if current is None:
            current = self.monitored(epoch, logs)
        if current is None or epoch < self.start_from_epoch:
            return
        if self.restore_best_weights and self.best_weights is None:
            self._remember(epoch)
        self.wait += 1
        if self.is_improvement(current, self.best):
            self.best = current
            self._remember(epoch)
            if self.is_improvement(current, self.baseline):
                self.wait = 0
        elif self.wait >= self.patience and epoch > 0:
            self.stopped_epoch = epoch
            self.model.stop_training = True

    def get_monitor_value(self, logs: Logs) -> float | None:
        """Return the number watched, None where the logs lack it; for subclasses."""
        return (logs or {}).get(self.monitor)

    def on_train_end(self, logs: Logs = None) -> None:
        """Restore the best weights, if asked to."""
        if self.verbose and self.stopped_epoch > 0:
            print_msg(f"Epoch {self.stopped_epoch + 1}: early stopping")
        if self.best_weights is None:
            return
        if self.verbose:
            print_msg(
                "Restoring model weights from the end of the best epoch: "
                f"{self.best_epoch + 1}."
            )
        self.model.set_weights(self.best_weights)

    def _remember(self, epoch: int) -> None:
        self.best_epoch = epoch
        if self.restore_best_weights:
            self.best_weights = self.model.get_weights()
