"""When callbacks that watch a number acted in older versions.

Before Keras 3 `EarlyStopping` restored the best weights only where it stopped the
training, and at once. In Keras 1 patience was one epoch longer, as that of
`ReduceLROnPlateau` was.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from keratorch.compat import dialect
from keratorch.utils.io_utils import print_msg


def stopping(on_epoch_end: Callable[..., None]) -> Callable[..., None]:
    """Return the method by which `EarlyStopping` compares, as it did then."""

    @functools.wraps(on_epoch_end)
    def watched(self: Any, epoch: int, logs: Any = None) -> None:
        before = self.stopped_epoch
        with _older_patience(self):
            on_epoch_end(self, epoch, logs)
        if self.stopped_epoch != before and dialect.is_before_3():
            _restore(self)

    return watched


def ending(on_train_end: Callable[..., None]) -> Callable[..., None]:
    """Return the method that ends the training, and then restores no weights."""

    @functools.wraps(on_train_end)
    def ended(self: Any, logs: Any = None) -> None:
        best = self.best_weights
        if dialect.is_before_3():
            self.best_weights = None
        try:
            on_train_end(self, logs)
        finally:
            self.best_weights = best

    return ended


def reducing(on_epoch_end: Callable[..., None]) -> Callable[..., None]:
    """Return the method by which `ReduceLROnPlateau` compares, as it did then.

    Keras 1 counted the epoch of a reduction as the first one of the next patience.
    """

    @functools.wraps(on_epoch_end)
    def watched(self: Any, epoch: int, logs: Any = None) -> None:
        best, waited = self.best, self.wait
        with _older_patience(self):
            on_epoch_end(self, epoch, logs)
        reduced = self.wait == 0 and waited >= self.patience and self.best == best
        if reduced and dialect.is_before_2():
            self.wait = 1

    return watched


@contextmanager
def _older_patience(callback: Any) -> Iterator[None]:
    longer = int(dialect.is_before_2())
    callback.patience += longer
    try:
        yield
    finally:
        callback.patience -= longer


def _restore(callback: Any) -> None:
    if callback.best_weights is None:
        return
    if callback.verbose:
        number = "" if dialect.is_before_2_9() else f": {callback.best_epoch + 1}"
        print_msg(f"Restoring model weights from the end of the best epoch{number}.")
    callback.model.set_weights(callback.best_weights)
