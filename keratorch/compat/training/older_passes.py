"""Epochs of fewer batches than a `Sequence` has, as tf.keras 2 counted them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any

from keratorch.compat import dialect


def beginning_anew(iterate: Callable[..., Any]) -> Callable[..., Any]:
    """Return what yields an epoch, in older scripts from the first batch on.

    ``fit(sequence, steps_per_epoch=n // batch_size)`` leaves the last, smaller batch
    out. Keras 3 begins the next epoch with it, and ends that epoch there.

    Parameters
    ----------
    iterate : method of the batches of a `Sequence`.
    """

    @functools.wraps(iterate)
    def epoch(batches: Any) -> Iterator[Any]:
        few = batches.count is not None and (batches.steps or 0) < batches.count
        if few and dialect.is_older():
            batches.reset()
        return iterate(batches)

    return epoch
