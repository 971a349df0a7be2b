"""Training that goes on where a crash has ended it."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

from keratorch.callbacks.callback import Callback, Logs

# Without the ending .h5: it is .npz where h5py is missing.
_WEIGHTS = "latest.weights"
_EPOCH = "training_metadata.json"


class BackupAndRestore(Callback):
    """Saves weights, optimizer and epoch, and begins with them when `fit` runs again.

    A run that was broken off goes on at the beginning of the epoch it had reached, or
    behind the last batches that were saved. A run that ends removes its files.

    Parameters
    ----------
    backup_dir : str, a folder for this alone; it is made if need be, and removed.
    save_freq : 'epoch', or int >= 1, batches from one backup to the next.
    double_checkpoint : bool, whether to keep the backup before the last one, for the
        case that the last cannot be read.
    delete_checkpoint : bool, whether to remove the folder after the run.

    Raises
    ------
    ValueError : no folder's name, or a wrong `save_freq`; in `fit`, a model that has
        no weights yet.

    Examples
    --------
    >>> callback = BackupAndRestore("backup")
    """

    def __init__(
        self,
        backup_dir: str | os.PathLike[str],
        save_freq: str | int = "epoch",
        double_checkpoint: bool = False,
        delete_checkpoint: bool = True,
    ):
        if not backup_dir or not os.fspath(backup_dir):
            raise ValueError(
                "BackupAndRestore: backup_dir must be the name of a folder; received "
                f"{backup_dir!r}."
            )
        is_count = isinstance(save_freq, int) and not isinstance(save_freq, bool)
        if save_freq != "epoch" and not (is_count and int(save_freq) >= 1):
            raise ValueError(
                "BackupAndRestore: save_freq must be 'epoch' or a number of batches "
                f">= 1; received {save_freq!r}."
            )
        self.backup_dir = os.fspath(backup_dir)
        self.save_freq = save_freq
        self.double_checkpoint = double_checkpoint
        self.delete_checkpoint = delete_checkpoint
        self._epoch = 0
        self._batches = 0  # since the last backup

    def on_train_begin(self, logs: Logs = None) -> None:
        """Take up an earlier run that was broken off."""
        self._batches = 0
        self._epoch = 0
        if not self.model.built:
            raise ValueError(
                f"BackupAndRestore: the model '{self.model.name}' has no weights yet. "
                "Begin it with keratorch.Input(shape), or call it on data before fit."
            )
        try:
            self._restore("")
        except (OSError, ValueError):
            if not self._path(_WEIGHTS, ".bkp").exists():
                raise
            self._restore(".bkp")

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        """Remember the epoch."""
        self._epoch = epoch

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Save, if backups are counted in epochs."""
        self._epoch = epoch + 1
        if self.save_freq == "epoch":
            self._save(0)

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Save if it is time to, counted in batches."""
        if self.save_freq == "epoch":
            return
        self._batches += 1
        if self._batches >= int(self.save_freq):
            self._batches = 0
            self._save(batch)

    def on_train_end(self, logs: Logs = None) -> None:
        """Remove the backup, unless an error ends the run."""
        last = (self.params or {}).get("epochs", 0)
        is_over = self._epoch >= last or self.model.stop_training
        if is_over and self.delete_checkpoint:
            shutil.rmtree(self.backup_dir, ignore_errors=True)

    def _path(self, name: str, suffix: str = "") -> Path:
        return Path(self.backup_dir) / f"{name}{suffix}"

    def _restore(self, suffix: str) -> None:
        weights, epoch = self._path(_WEIGHTS, suffix), self._path(_EPOCH, suffix)
        if not weights.exists():
            return
        self.model.load_weights(str(weights))
        if epoch.exists():
            stored = json.loads(epoch.read_text(encoding="utf-8"))
            self.model._initial_epoch = int(stored["epoch"])

    def _save(self, batch: int) -> None:
        Path(self.backup_dir).mkdir(parents=True, exist_ok=True)
        if self.double_checkpoint:
            for name in (_WEIGHTS, _EPOCH):
                if self._path(name).exists():
                    shutil.copyfile(self._path(name), self._path(name, ".bkp"))
        self.model.save_weights(str(self._path(_WEIGHTS)), overwrite=True)
        written = self._path(_EPOCH, ".part")
        stored = {"epoch": self._epoch, "batch": batch}
        written.write_text(json.dumps(stored), encoding="utf-8")
        written.replace(self._path(_EPOCH))
