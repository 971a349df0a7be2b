"""What accuracy was: `show_accuracy=True` of Keras 0, and the one that fits a loss."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from keratorch import losses, metrics
from keratorch.compat import dialect
from keratorch.compat.spoken import say_modern
from keratorch.training.compiled_metrics import CompiledMetrics


def add(model: Any) -> None:
    """Let a compiled model without metrics have the accuracy as its metric."""
    say_modern("show_accuracy=True", "model.compile(metrics=['accuracy'])")
    compiled, names = model._compiled, getattr(model, "output_names", None)
    compiled.metrics = CompiledMetrics(["accuracy"], None, compiled.loss, names)


def by_the_loss(per_output: Callable[..., Any]) -> Callable[..., Any]:
    """Return what gives each output its metrics, for scripts of Keras 1 to 2.3, too.

    There 'accuracy' was binary wherever the loss is binary_crossentropy: with several
    labels for a sample, the share of the labels. By the shapes, as it is chosen today,
    it is the share of the samples whose highest label is right.
    """

    @functools.wraps(per_output)
    def chosen(self: Any, *args: Any) -> list[list[Any]]:
        each = per_output(self, *args)
        return [
            [_of_binary(entry) for entry in entries] if binary else entries
            for entries, binary in zip(each, _binary(self, len(each)), strict=True)
        ]

    return chosen


def _binary(compiled: CompiledMetrics, count: int) -> list[bool]:
    """Return for each output whether its loss is binary_crossentropy."""
    loss = compiled._loss
    if loss is None:
        return [False] * count
    own = {
        term.place: term.loss
        for term in loss._terms or ()
        if isinstance(term.place, int)
    }
    return [_is_binary(own.get(i, loss.single)) for i in range(count)]


def _is_binary(loss: Any) -> bool:
    return isinstance(loss, losses.BinaryCrossentropy) or (
        getattr(loss, "fn", loss) is losses.binary_crossentropy
    )


def _of_binary(metric: Any) -> Any:
    known = isinstance(metric, str) and metric in ("accuracy", "acc")
    if not known or not dialect.goes_by_loss(metric):
        return metric
    return metrics.BinaryAccuracy(name=metric)
