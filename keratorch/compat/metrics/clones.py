"""Metrics of one configuration, each with a state of its own, as Keras 2 made them."""

from __future__ import annotations

from typing import Any

from keratorch.metrics import Metric
from keratorch.nested import map_structure


def clone_metric(metric: Any) -> Any:
    """Return a metric of the same configuration, without state; functions as they are.

    Examples
    --------
    >>> from keratorch.metrics import Mean
    >>> first = Mean(name="size")
    >>> first.update_state([2.0])
    >>> second = clone_metric(first)
    >>> second.name, float(second.result()), float(first.result())
    ('size', 0.0, 2.0)
    """
    if isinstance(metric, Metric):
        return type(metric).from_config(metric.get_config())
    return metric


def clone_metrics(metrics: Any) -> Any:
    """Return clones of metrics, in the lists and dicts in which they came."""
    return map_structure(clone_metric, metrics)


__all__ = ["clone_metric", "clone_metrics"]
