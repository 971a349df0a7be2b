"""What a `History` of Keras 0 kept of the last epoch: sums over its samples."""

from __future__ import annotations

from typing import Any

from keratorch.compat.spoken import say_modern


def seen(history: Any) -> int:
    """Return how many samples an epoch had.

    Raises
    ------
    AttributeError : the run, or its number of samples, is not known.
    """
    say_modern("history.seen", "len(x)")
    return _samples(history)


def totals(history: Any) -> dict[str, float]:
    """Return the sum of each number of the last epoch over its samples."""
    say_modern("history.totals['loss']", "history.history['loss'][-1] * len(x)")
    samples = _samples(history)
    return {
        name: values[-1] * samples
        for name, values in history.history.items()
        if not name.startswith("val_")
    }


def _samples(history: Any) -> int:
    samples = (history.params or {}).get("samples")
    if samples is None:
        raise AttributeError("History knows no number of samples: fit(x, y) gives it.")
    return samples
