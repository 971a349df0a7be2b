"""The callback base class: one method for each moment of training."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np

Logs = dict[str, Any] | None


class Callback:
    """Something that `fit`, `evaluate` and `predict` call at given moments.

    A subclass overrides the methods of the moments that it cares for. What it does not
    override costs nothing.

    ``self.model`` is the model, ``self.params`` a dict with 'verbose', 'epochs' and
    'steps'. Setting ``self.model.stop_training = True`` ends `fit` after the batch.

    ``logs`` holds the metrics so far as Python floats, ``{"loss": 0.2}``; after an
    epoch also those of the validation, ``{"loss": 0.2, "val_loss": 0.3}``.

    Examples
    --------
    >>> class Announce(Callback):
    ...     def on_epoch_end(self, epoch, logs=None):
    ...         print(f"epoch {epoch} has loss {logs['loss']}")
    >>> Announce().on_epoch_end(0, {"loss": 0.5})
    epoch 0 has loss 0.5
    """

    params: dict[str, Any] | None = None
    #: After every how many epochs, or after which, counted from 1, `fit` validates.
    validation_freq: int | Collection[int] = 1
    _model: Any = None

    @property
    def model(self) -> Any:
        """The model that runs, or None before it does."""
        return self._model

    @model.setter
    def model(self, model: Any) -> None:
        self._model = model

    def set_params(self, params: dict[str, Any]) -> None:
        """Take in what is known of the run."""
        self.params = params

    def set_model(self, model: Any) -> None:
        """Take in the model that runs."""
        self._model = model

    def on_train_begin(self, logs: Logs = None) -> None:
        """Called when `fit` begins."""

    def on_train_end(self, logs: Logs = None) -> None:
        """Called when `fit` ends, also where an error or Ctrl-C ends it."""

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        """Called before epoch number `epoch`, counted from 0, of `fit`."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Called after the epoch and its validation."""

    def on_train_batch_begin(self, batch: int, logs: Logs = None) -> None:
        """Called before batch number `batch`, counted from 0, of an epoch."""
        self.on_batch_begin(batch, logs=logs)

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Called after the update of the weights by a batch."""
        self.on_batch_end(batch, logs=logs)

    def on_batch_begin(self, batch: int, logs: Logs = None) -> None:
        """The older name of `on_train_batch_begin`."""

    def on_batch_end(self, batch: int, logs: Logs = None) -> None:
        """The older name of `on_train_batch_end`."""

    def on_test_begin(self, logs: Logs = None) -> None:
        """Called when `evaluate`, or a validation in `fit`, begins."""

    def on_test_end(self, logs: Logs = None) -> None:
        """Called when `evaluate`, or a validation in `fit`, ends."""

    def on_test_batch_begin(self, batch: int, logs: Logs = None) -> None:
        """Called before a batch of `evaluate` or of a validation."""

    def on_test_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Called after a batch of `evaluate` or of a validation."""

    def on_predict_begin(self, logs: Logs = None) -> None:
        """Called when `predict` begins."""

    def on_predict_end(self, logs: Logs = None) -> None:
        """Called when `predict` ends."""

    def on_predict_batch_begin(self, batch: int, logs: Logs = None) -> None:
        """Called before a batch of `predict`."""

    def on_predict_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Called after a batch of `predict`."""


def as_floats(logs: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return logs in alphabetical order, numbers as floats, inner dicts dissolved.

    Examples
    --------
    >>> as_floats({"loss": 1, "by_class": {"b": 2, "a": 3}})
    {'a': 3.0, 'b': 2.0, 'loss': 1.0}
    """
    plain: dict[str, Any] = {}
    for name, value in sorted((logs or {}).items()):
        if isinstance(value, Mapping):
            plain.update(as_floats(value))
            continue
        is_number = np.ndim(value) == 0 and not isinstance(value, str)
        plain[name] = float(value) if is_number else value
    return plain
