"""`show_accuracy=True` of Keras 0, where `compile` did not yet know metrics."""

from __future__ import annotations

from typing import Any

from keratorch.compat.spoken import say_modern
from keratorch.training.compiled_metrics import CompiledMetrics


def add(model: Any) -> None:
    """Let a compiled model without metrics have the accuracy as its metric."""
    say_modern("show_accuracy=True", "model.compile(metrics=['accuracy'])")
    compiled, names = model._compiled, getattr(model, "output_names", None)
    compiled.metrics = CompiledMetrics(["accuracy"], None, compiled.loss, names)
