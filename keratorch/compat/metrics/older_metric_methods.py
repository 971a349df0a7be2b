"""What metrics of Keras 2 had: `reset_states`, `weights`, and variables named first."""

from __future__ import annotations

from typing import Any

from keratorch.compat.layers.weight_orders import name_first
from keratorch.compat.metrics.older_orders import name_then_type
from keratorch.compat.spoken import say_modern
from keratorch.compat.translation import answering


def finish(metric: Any) -> None:
    """Give the class of all metrics what it had, and its subclasses what they need."""
    metric.__init__ = name_then_type(metric.__init__)
    metric.add_weight = answering(metric.add_weight, "add_weight", {}, name_first)
    metric.reset_states = _reset_states
    metric.weights = _Weights()
    metric.stateful = True
    before = vars(metric)["__init_subclass__"].__func__

    def __init_subclass__(cls: Any, **kwargs: Any) -> None:  # noqa: N807
        before(cls, **kwargs)
        if "reset_states" in vars(cls) and "reset_state" not in vars(cls):
            cls.reset_state = _as_older_versions_did

    metric.__init_subclass__ = classmethod(__init_subclass__)


class _Weights:
    """The variables of a metric, unless it has an attribute `weights` of its own."""

    def __get__(self, metric: Any, cls: Any = None) -> Any:
        return self if metric is None else metric.variables


def _as_older_versions_did(metric: Any) -> None:
    """Forget all batches, by the method that the metric's class has written."""
    metric.reset_states()


def _reset_states(metric: Any) -> None:
    """Forget all batches: `reset_state` today."""
    say_modern("metric.reset_states()", "metric.reset_state()")
    for cls in type(metric).__mro__:
        reset = vars(cls).get("reset_state", _as_older_versions_did)
        if reset is not _as_older_versions_did:
            return reset(metric)
