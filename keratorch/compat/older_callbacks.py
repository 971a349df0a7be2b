"""Callbacks that Keras had."""

from __future__ import annotations

from collections.abc import Iterable

from keratorch.callbacks import Callback


class BaseLogger(Callback):
    """The callback that averaged metrics over an epoch, which `fit` does itself.

    Parameters
    ----------
    stateful_metrics : names of metrics that average themselves: all of them do.
    """

    def __init__(self, stateful_metrics: Iterable[str] | None = None):
        super().__init__()
        self.stateful_metrics = set(stateful_metrics or ())
