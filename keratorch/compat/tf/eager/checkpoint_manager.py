"""`tf.train.CheckpointManager`: the last few checkpoints in a folder."""

from __future__ import annotations

import os
from typing import Any

from keratorch.compat.tf.eager import checkpoint_files
from keratorch.compat.tf.eager.checkpoints import Checkpoint


class CheckpointManager:
    """Saves numbered checkpoints in a folder, and deletes old ones.

    Parameters
    ----------
    checkpoint : Checkpoint.
    directory : str, the folder.
    max_to_keep : int >= 1, or None for all.
    checkpoint_name : str, what the files' names begin with.
    step_counter : variable, whose value `checkpoint_interval` is counted in.
    checkpoint_interval : int, steps between two checkpoints.
    keep_checkpoint_every_n_hours, init_fn : not supported; None.

    Raises
    ------
    ValueError : max_to_keep below 1, or an argument that is not supported.
    """

    def __init__(
        self,
        checkpoint: Checkpoint,
        directory: Any,
        max_to_keep: int | None,
        keep_checkpoint_every_n_hours: Any = None,
        checkpoint_name: str = "ckpt",
        step_counter: Any = None,
        checkpoint_interval: int | None = None,
        init_fn: Any = None,
    ):
        if max_to_keep is not None and max_to_keep < 1:
            raise ValueError(
                "Expected a positive integer or None for `max_to_keep`, got "
                f"{max_to_keep}."
            )
        if keep_checkpoint_every_n_hours is not None or init_fn is not None:
            raise ValueError(
                "CheckpointManager: keep_checkpoint_every_n_hours and init_fn are not "
                "supported; leave them out."
            )
        self._checkpoint, self._directory = checkpoint, os.fspath(directory)
        self._most, self._name = max_to_keep, checkpoint_name
        self._steps, self._interval = step_counter, checkpoint_interval
        self._last_step: int | None = None
        self._paths = list(dict.fromkeys(checkpoint_files.noted(self._directory)[1:]))

    @property
    def checkpoint(self) -> Checkpoint:
        """What is saved."""
        return self._checkpoint

    @property
    def directory(self) -> str:
        """The folder."""
        return self._directory

    @property
    def checkpoints(self) -> list[str]:
        """The checkpoints that are there, the oldest first."""
        return list(self._paths)

    @property
    def latest_checkpoint(self) -> str | None:
        """The newest checkpoint, or None."""
        return self._paths[-1] if self._paths else None

    def save(
        self,
        checkpoint_number: Any = None,
        check_interval: bool = True,
        options: Any = None,
    ) -> str | None:
        """Save a checkpoint and return its prefix; None within the interval."""
        step = None if self._steps is None else int(self._steps)
        if check_interval and self._is_too_early(step):
            return None
        self._last_step = step
        counter = self._checkpoint.save_counter
        counter.assign(int(counter) + 1)
        number = int(counter) if checkpoint_number is None else int(checkpoint_number)
        prefix = os.path.join(self._directory, f"{self._name}-{number}")
        self._checkpoint.write(prefix)
        self._paths = [path for path in self._paths if path != prefix] + [prefix]
        while self._most is not None and len(self._paths) > self._most:
            checkpoint_files.delete(self._paths.pop(0))
        checkpoint_files.write_state(self._directory, prefix, self._paths)
        return prefix

    def _is_too_early(self, step: int | None) -> bool:
        if step is None or self._last_step is None or not self._interval:
            return False
        return step < self._last_step + self._interval

    def restore_or_initialize(self) -> str | None:
        """Restore the newest checkpoint and return its prefix; None without one."""
        newest = self.latest_checkpoint
        if newest is not None:
            self._checkpoint.restore(newest)
        return newest
