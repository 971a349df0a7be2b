"""Callbacks that Keras had."""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping
from typing import Any

from keratorch.callbacks import Callback


class BaseLogger(Callback):
    """The callback that averages what batches logged, into the logs of the epoch.

    `fit` does this itself: only what the logs of an epoch lack is added. A training
    loop of one's own calls it in a `CallbackList`.

    Parameters
    ----------
    stateful_metrics : names of metrics whose last value counts.
    """

    def __init__(self, stateful_metrics: Iterable[str] | None = None):
        super().__init__()
        self.stateful_metrics = set(stateful_metrics or ())
        self._samples = 0
        self._totals: dict[str, float] = {}

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Begin anew."""
        self._samples, self._totals = 0, {}

    def on_batch_end(self, batch: int, logs: Any = None) -> None:
        """Add what a batch logged, weighed by its size."""
        size = (logs or {}).get("size", 1)
        self._samples += size
        for name, value in (logs or {}).items():
            if name in self.stateful_metrics:
                self._totals[name] = value
            elif name not in ("batch", "size"):
                self._totals[name] = self._totals.get(name, 0) + value * size

    def on_epoch_end(
        self, epoch: int, logs: MutableMapping[str, Any] | None = None
    ) -> None:
        """Add the means that the logs of the epoch lack."""
        if logs is None:
            return
        for name, total in self._totals.items():
            last = name in self.stateful_metrics
            logs.setdefault(name, total if last else total / max(self._samples, 1))
