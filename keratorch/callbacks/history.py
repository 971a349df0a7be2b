"""What `fit` returns: the metrics of each epoch."""

from __future__ import annotations

from keratorch.callbacks.callback import Callback, Logs


class History(Callback):
    """Keeps the logs of each epoch; `fit` adds one by itself, and returns it.

    Attributes
    ----------
    history : dict from the name of a metric to the list of its values.
    epoch : list of the numbers of the epochs.

    Examples
    --------
    >>> history = History()
    >>> history.on_train_begin()
    >>> history.on_epoch_end(0, {"loss": 0.5})
    >>> history.history, history.epoch
    ({'loss': [0.5]}, [0])
    """

    def __init__(self) -> None:
        self.history: dict[str, list] = {}
        self.epoch: list[int] = []

    def on_train_begin(self, logs: Logs = None) -> None:
        """Count the epochs anew; the metrics of earlier runs are kept."""
        self.epoch = []

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Keep the metrics."""
        self.epoch.append(epoch)
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(value)
        if self.model is not None:
            self.model.history = self
