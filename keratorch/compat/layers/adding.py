"""`add_update` and `add_metric` of layers and models in Keras 1 and 2."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import graph
from keratorch.compat.spoken import say_modern
from keratorch.core import GradArray
from keratorch.layers import Layer
from keratorch.layers.calls import current_call
from keratorch.metrics import Mean
from keratorch.symbolic import any_symbolic
from keratorch.trial_runs import trying


class Noting(Layer):
    """A layer that takes the mean of its input into a metric, and returns 0.

    Parameters
    ----------
    metric : str, the name of the metric; or a metric, which takes in all values.
    """

    def __init__(self, metric: Any):
        self_named = metric if isinstance(metric, str) else metric.name
        super().__init__(name=f"{self_named}_noted")
        self._takes_all = metric is not self_named
        self.metric = metric if self._takes_all else Mean(name=metric)

    def call(self, inputs: Any) -> Any:
        """Return 0, and note the mean."""
        if not trying.get():
            values = graph.plain(inputs)
            self.metric.update_state(values if self._takes_all else np.mean(values))
        return GradArray(np.zeros((), self.dtype), requires_grad=False)


def add_update(layer: Any, updates: Any, inputs: Any = None) -> None:
    """Assign the values of pairs (variable, value) in training.

    ``K.update`` and its like have done so already, and give no pairs.
    """
    say_modern("layer.add_update(...)", "variable.assign(value) in call()")
    call = current_call.get()
    if trying.get() or call is None or not call.training:
        return
    for pair in updates if isinstance(updates, list) else [updates]:
        if isinstance(pair, (tuple, list)) and len(pair) == 2:
            pair[0].assign(graph.plain(pair[1]))


def add_metric(
    layer: Any, value: Any, name: str | None = None, aggregation: str | None = None
) -> None:
    """Show the mean of a value, of each call, among the metrics.

    Parameters
    ----------
    layer : Layer in whose ``call`` the value is computed, or a Model with symbols.
    value : GradArray, array or number; or, of a model, a symbolic array.
    name : str. A metric that an attribute of the layer holds shows itself.
    aggregation : 'mean', or None for the result of a metric.

    Raises
    ------
    ValueError : another aggregation.
    """
    if aggregation not in (None, "mean"):
        raise ValueError(
            f"add_metric: aggregation must be 'mean' or None; received {aggregation!r}."
        )
    if any_symbolic(value):
        noting = getattr(value.node, "operation", None)
        if not isinstance(noting, Noting):  # else Mean()(symbol) made it
            noting = Noting(name or "metric")
            value = noting(value)
        layer.add_loss(value)
        layer._noting = [*layer.__dict__.get("_noting", ()), noting]
    elif name is not None and not trying.get() and name not in _held_names(layer):
        _metric_of(layer, name).update_state(np.mean(graph.plain(value)))


def _held_names(layer: Any) -> set[str]:
    """Return the names of the metrics that attributes of the script hold."""
    own = set(map(id, layer.__dict__.get("_added_metrics", {}).values()))
    return {metric.name for metric in layer.metrics if id(metric) not in own}


def _metric_of(layer: Any, name: str) -> Any:
    known = layer.__dict__.get("_added_metrics", {})
    if name not in known:
        known = {**known, name: Mean(name=name)}
        layer._added_metrics = known  # anew, so that the layer looks into it
    return known[name]
