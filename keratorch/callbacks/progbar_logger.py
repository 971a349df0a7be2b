"""The progress bar of `fit`, `evaluate` and `predict`, as a callback."""

from __future__ import annotations

from typing import Any

from keratorch.callbacks.callback import Callback, Logs, as_floats
from keratorch.utils.io_utils import print_msg
from keratorch.utils.progbar import Progbar


class ProgbarLogger(Callback):
    """Shows a progress bar and the metrics; `fit` adds one unless ``verbose=0``.

    Inside `fit` a validation shows no bar of its own: its metrics join the epoch's. The
    hooks of a batch take the logs or a function that makes them, which they call only
    where the bar is due to be drawn.

    Examples
    --------
    >>> bar = ProgbarLogger()
    >>> bar.set_params({"verbose": 2, "epochs": 1, "steps": 4})
    """

    def __init__(self) -> None:
        self.seen = 0
        self.progbar: Progbar | None = None
        self.target: int | None = None
        self.verbose = 1
        self.epochs = 1
        self._called_in_fit = False

    def set_params(self, params: dict[str, Any]) -> None:
        """Take in verbose ('auto' is 1), epochs and steps."""
        self.params = params
        self.verbose = 1 if params["verbose"] == "auto" else params["verbose"]
        self.epochs = params["epochs"]
        self.target = params["steps"]

    def on_train_begin(self, logs: Logs = None) -> None:
        """Note that validations belong to `fit`."""
        self._called_in_fit = True

    def on_train_end(self, logs: Logs = None) -> None:
        """End the line of an epoch that broke off."""
        self._called_in_fit = False
        if self.progbar is not None:
            self.progbar.close()

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        """Start a bar."""
        self._start()
        if self.verbose and self.epochs > 1:
            print_msg(f"Epoch {epoch + 1}/{self.epochs}")

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Move the bar."""
        self._move(batch, logs)

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Show the epoch's metrics, and end the line."""
        self._finish(logs)

    def on_test_begin(self, logs: Logs = None) -> None:
        """Start a bar, outside `fit`."""
        if not self._called_in_fit:
            self._start()

    def on_test_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Move the bar, outside `fit`."""
        if not self._called_in_fit:
            self._move(batch, logs)

    def on_test_end(self, logs: Logs = None) -> None:
        """Show the metrics, outside `fit`."""
        if not self._called_in_fit:
            self._finish(logs)

    def on_predict_begin(self, logs: Logs = None) -> None:
        """Start a bar."""
        self._start()

    def on_predict_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Move the bar; what was predicted is not shown."""
        self._move(batch, None)

    def on_predict_end(self, logs: Logs = None) -> None:
        """End the line."""
        self._finish(logs)

    def _new_bar(self) -> Progbar:
        # The metrics in the logs are means already.
        return Progbar(self.target, verbose=self.verbose, stateless_metrics=())

    def _start(self) -> None:
        self.seen = 0
        self.progbar = self._new_bar()

    def _move(self, batch: int, logs: Any) -> None:
        self.seen = batch + 1
        if self.progbar is None:
            self.progbar = self._new_bar()
        if self.progbar.wants(self.seen):
            numbers = as_floats(logs() if callable(logs) else logs)
            self.progbar.update(self.seen, numbers.items(), finalize=False)

    def _finish(self, logs: Logs) -> None:
        if self.progbar is None:
            self.progbar = self._new_bar()
        if self.target is None:
            self.target = self.progbar.target = self.seen
        self.progbar.update(self.target, (logs or {}).items(), finalize=True)
