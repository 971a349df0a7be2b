"""Logs of a batch that know its number and size, as in Keras 1 and 2.

    def on_batch_end(self, batch, logs={}):
        self.seen += logs.get('size', 0)

They are found when they are asked for; they are not listed among the metrics.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

_OF_BATCHES = ("on_train_batch_begin", "on_train_batch_end")


class OfBatch(dict):
    """Numbers of a batch on their way to callbacks, with its number and size."""

    def __init__(self, logs: Mapping[str, Any], hidden: dict[str, int]):
        super().__init__(logs)
        self.hidden = hidden


def numbered(call_hook: Callable[..., None]) -> Callable[..., None]:
    """Return the method of a list of callbacks that hands on number and size."""

    @functools.wraps(call_hook)
    def called(self: Any, name: str, batch: int, logs: Any) -> None:
        sizes = getattr(self.model, "_sizes_given", None)
        if sizes is None or name not in _OF_BATCHES:
            call_hook(self, name, batch, logs)
            return
        samples, size = sizes["samples"], sizes["batch_size"]
        hidden = {"batch": batch, "size": min(size, samples - batch * size)}

        def of_batch() -> OfBatch:
            return OfBatch((logs() if callable(logs) else logs) or {}, hidden)

        call_hook(self, name, batch, of_batch)

    return called
