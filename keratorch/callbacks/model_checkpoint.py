"""Files of the model, written while it trains."""

from __future__ import annotations

import os
import warnings
from typing import Any

import numpy as np

from keratorch.callbacks.callback import Logs
from keratorch.callbacks.monitor_callback import MonitorCallback
from keratorch.utils.io_utils import print_msg


class ModelCheckpoint(MonitorCallback):
    """Saves the model, or its weights, after epochs or batches.

    Parameters
    ----------
    filepath : str, name of the file; ``{epoch:02d}``, ``{batch}`` and names of the
        logs, ``{val_loss:.3f}``, are filled in.
    monitor : str, name of the number that says which model is best.
    verbose : 0 or 1; 1 says what is saved.
    save_best_only : bool, whether to save only where the number got better.
    save_weights_only : bool, whether to save the weights alone.
    mode : 'min' where smaller is better, 'max' where larger is, or 'auto': the metric
        of that name knows.
    save_freq : 'epoch', or int >= 1, the batches from one file to the next.
    initial_value_threshold : float that the number has to beat for the first file.

    Raises
    ------
    ValueError : save_freq is neither 'epoch' nor such an integer; a name to fill in
        that the logs do not have.

    Examples
    --------
    >>> callback = ModelCheckpoint("best.keras", "val_loss", save_best_only=True)
    """

    def __init__(
        self,
        filepath: str | os.PathLike[str],
        monitor: str = "val_loss",
        verbose: int = 0,
        save_best_only: bool = False,
        save_weights_only: bool = False,
        mode: str = "auto",
        save_freq: str | int = "epoch",
        initial_value_threshold: float | None = None,
    ):
        super().__init__(monitor, mode, initial_value_threshold)
        is_count = isinstance(save_freq, int) and not isinstance(save_freq, bool)
        if save_freq != "epoch" and not (is_count and int(save_freq) >= 1):
            raise ValueError(
                "ModelCheckpoint: save_freq must be 'epoch' or a number of batches "
                f">= 1; received {save_freq!r}."
            )
        self.filepath = os.fspath(filepath)
        self.verbose = verbose
        self.save_best_only = save_best_only
        self.save_weights_only = save_weights_only
        self.save_freq = save_freq
        self._epoch = 0
        self._batches = 0  # since the last file

    def check_monitored(self) -> None:
        """Accept any name: what is not in the logs is told where it is looked for."""

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        """Remember the epoch, for the names of files."""
        self._epoch = epoch

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Save if it is time to, counted in batches."""
        if self.save_freq == "epoch":
            return
        self._batches += 1
        if self._batches >= int(self.save_freq):
            self._batches = 0
            self._save(self._epoch, batch, logs)

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Save if it is time to, counted in epochs."""
        if self.save_freq == "epoch":
            self._save(epoch, None, logs)

    def _save(self, epoch: int, batch: int | None, logs: Logs) -> None:
        logs = logs or {}
        path = self._path(epoch, batch, logs)
        if not self._is_wanted(epoch, logs, path):
            return
        if self.save_weights_only:
            self.model.save_weights(path, overwrite=True)
        else:
            self.model.save(path, overwrite=True)
        self._say(epoch, f"finished saving model to {path}")

    def _path(self, epoch: int, batch: int | None, logs: dict[str, Any]) -> str:
        known: dict[str, Any] = {"epoch": epoch + 1}
        if batch is not None:
            known["batch"] = batch + 1
        known.update(logs)
        try:
            return self.filepath.format(**known)
        except KeyError as error:
            raise ValueError(
                f"ModelCheckpoint: filepath {self.filepath!r} names {error}, which the "
                f"logs do not hold. They hold: {', '.join(map(str, known))}."
            ) from error

    _warned = False

    def _is_wanted(self, epoch: int, logs: dict[str, Any], path: str) -> bool:
        """Return whether to save, and say so if asked to."""
        if not self.save_best_only:
            self._say(epoch, f"saving model to {path}")
            return True
        current = logs.get(self.monitor)
        if current is None or np.ndim(current):
            what = (
                "is not in the logs" if current is None else "is more than one number"
            )
            if self._warned:
                return True
            self._warned = True
            warnings.warn(
                f"ModelCheckpoint: {self.monitor!r} {what}, so the best model cannot "
                f"be told; the model is saved. There are: {', '.join(sorted(logs))}.",
                UserWarning,
                stacklevel=2,
            )
            return True
        before = "None" if self.best is None else f"{self.best:.5f}"
        if not self.is_improvement(current, self.best):
            self._say(epoch, f"{self.monitor} did not improve from {before}")
            return False
        change = f"from {before} to {current:.5f}"
        self._say(epoch, f"{self.monitor} improved {change}, saving model to {path}")
        self.best = current
        return True

    def _say(self, epoch: int, what: str) -> None:
        if self.verbose > 0:
            print_msg(f"\nEpoch {epoch + 1}: {what}")
