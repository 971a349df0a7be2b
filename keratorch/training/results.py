"""What the steps return, as logs for callbacks and as lists for users."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import numpy as np


def as_floats(results: dict[str, Any]) -> dict[str, Any]:
    """Return results as Python floats, sorted by name as in Keras's logs.

    A metric may give an array, such as one F1 score for each class, or a dict, whose
    entries become results of their own.

    Raises
    ------
    TypeError : what a step returned is no dict.

    Examples
    --------
    >>> as_floats({"loss": np.float32(0.5), "more": {"a": 1}})
    {'loss': 0.5, 'a': 1.0}
    """
    if not isinstance(results, dict):
        raise TypeError(
            "train_step and test_step must return a dict of results by name, such as "
            f"{{'loss': loss}}; received {type(results).__name__}. Did you forget "
            "`return`?"
        )
    found: dict[str, Any] = {}
    for name, value in sorted(results.items()):
        if isinstance(value, dict):
            found.update(as_floats(value))
        else:
            found[name] = float(value) if np.ndim(value) == 0 else np.asarray(value)
    return found


def in_order(results: dict[str, float], metrics: Iterable[Any]) -> Any:
    """Return results as a list in Keras's order, or as one number."""
    values = [results[name] for name in names_in_order(results, metrics)]
    return values[0] if len(values) == 1 else values


def names_in_order(names: Collection[str], metrics: Iterable[Any]) -> list[str]:
    """Return the names of results in Keras's order.

    First comes the loss, then the metrics of a single output as `compile` was given
    them, or the losses of several outputs; the rest follows by name.

    Parameters
    ----------
    names : of all results.
    metrics : those of the model.
    """
    first: list[str] = []
    for metric in metrics:
        parts = getattr(metric, "metrics", None)
        found = [m.name for m in parts] if parts is not None else [metric.name]
        # Outputs of one name have one entry, and each its place in the list.
        first += [name for name in found if name in names]
    return [*first, *sorted(name for name in names if name not in first)]
