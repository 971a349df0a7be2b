"""The metrics that `compile` was given, made when the shapes of the data are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from keratorch import metrics
from keratorch.core import GradArray
from keratorch.masks import get_mask, set_mask
from keratorch.metrics import Metric
from keratorch.nested import flatten, is_nested, map_structure, put_together, take_apart
from keratorch.training.compiled_loss import (
    CompiledLoss,
    function_name,
    weights_in_order,
)
from keratorch.training.outputs import Names, in_output_order, path_names
from keratorch.training.user_warning import warn

_REGRESSION_LOSSES = ("mean_squared_error", "mean_absolute_error", "mse", "mae")


class _Place(NamedTuple):
    """A metric, the output that it looks at, and whether it is weighted."""

    metric: Metric
    output: int
    weighted: bool


class CompiledMetrics(Metric):
    """All metrics of `compile` as one, which gives a dict of results.

    Parameters
    ----------
    unweighted, weighted : a name, metric or function, or a list of them, for all
        outputs; or a list or dict with such for each output. The weighted ones are
        given the sample weights.
    loss : the losses, which say which outputs have targets.
    names : the names of the outputs.
    """

    def __init__(
        self,
        unweighted: Any,
        weighted: Any,
        loss: CompiledLoss | None = None,
        names: Names = None,
    ):
        super().__init__(name="compile_metrics")
        self._given = (_leaves_of(unweighted), _leaves_of(weighted))
        self._output_names = names
        self._loss = loss
        self._places: list[_Place] | None = None
        for given in self._given:
            for metric in _flat(given):
                _check_known(metric, loss and loss.single)

    @property
    def is_empty(self) -> bool:
        """Whether there is no metric at all."""
        return not any(_flat(given) for given in self._given)

    @property
    def metrics(self) -> list[Metric]:
        """The metric objects; none before the first batch."""
        return [place.metric for place in self._places or ()]

    @property
    def variables(self) -> list[Any]:
        """The variables of all metrics."""
        return [v for metric in self.metrics for v in metric.variables]

    @property
    def names(self) -> list[str]:
        """A name for each metric, another one for each: 'b_weighted_accuracy'."""
        seen: dict[str, int] = {}
        names = []
        for metric, index, weighted in self._places or ():
            prefix = self._prefixes[index]
            name = f"{prefix}{metric.name}"
            if weighted and name in seen:
                name = f"{prefix}weighted_{metric.name}"
            count = seen.get(name, 0)
            seen[name] = count + 1
            names.append(f"{name}_{count}" if count else name)
        return names

    def result(self) -> dict[str, Any]:
        """Return the values so far by name."""
        results: dict[str, Any] = {}
        for name, metric in zip(self.names, self.metrics, strict=True):
            value = metric.result()
            results.update(value if isinstance(value, dict) else {name: value})
        return results

    def reset_state(self) -> None:
        """Begin all metrics anew."""
        for metric in self.metrics:
            metric.reset_state()

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Take in a batch."""
        if not is_nested(y_pred) and not is_nested(y_true):
            trues, preds, weights = [y_true], [y_pred], [sample_weight]
        else:
            preds, names = flatten(y_pred), self._output_names
            wanted = self._have_targets(len(preds))
            trues = in_output_order(y_true, y_pred, names, "y", wanted)
            weights = weights_in_order(sample_weight, y_pred, names, wanted)
        if self._places is None:
            self._build(trues, y_pred)
        values = [_detached(pred) for pred in preds]
        for metric, i, weighted in self._places or ():
            if trues[i] is not None:
                seen = preds if metric._takes_logits else values
                metric.update_state(trues[i], seen[i], weights[i] if weighted else None)

    def _have_targets(self, count: int) -> list[bool]:
        """Return for each output whether the data must hold targets for it."""
        if self._loss is None:
            return [True] * count
        return self._loss.have_loss(count)

    def _build(self, trues: list[Any], y_pred: Any) -> None:
        """Make the metrics of each output, for the shapes of a batch."""
        preds = flatten(y_pred)
        self._prefixes = [""]
        if len(preds) > 1:
            names = self._names_of(y_pred)
            self._prefixes = ["" if name is None else f"{name}_" for name in names]
        self._places = []
        for given, weighted in zip(self._given, (False, True), strict=True):
            each = self._per_output(given, y_pred, "weighted_" * weighted + "metrics")
            for i, entries in enumerate(each):
                for entry in entries if trues[i] is not None else ():
                    made = _metric(entry, np.shape(trues[i]), np.shape(preds[i]))
                    self._places.append(_Place(made, i, weighted))

    def _names_of(self, y_pred: Any) -> list[str | None]:
        """Return what stands before the names of an output's metrics, as in Keras.

        Where outputs are nested deeper than once, that is the name of the layer alone.
        """
        names = path_names(y_pred, self._output_names)
        if any(map(is_nested, take_apart(y_pred))):
            alone: list[str | None] = [None] * len(names)
            return list(self._output_names) if self._output_names else alone
        return names

    def _per_output(self, given: Any, y_pred: Any, what: str) -> list[list[Any]]:
        """Return the metrics of each output, as they were given."""
        count = len(flatten(y_pred))
        if count == 1 or given is None:
            return [_flat(given)] * count
        if _is_as_deep(given, y_pred):
            leaves = _along(given, y_pred, what)
        elif isinstance(given, Mapping):
            leaves = {name: _Leaf(part) for name, part in given.items()}
        elif isinstance(given, (list, tuple)) and len(given) == count:
            leaves = self._in_model_order(given, y_pred)
        elif isinstance(given, (list, tuple)) and any(map(is_nested, given)):
            raise ValueError(
                f"{what}: the model has {count} outputs; received lists for "
                f"{len(given)}. Give a list of metrics for each output, or a dict by "
                "their names."
            )
        else:  # as in older versions of Keras: all of them for each output
            return [_flat(given)] * count
        wanted = [True] * count
        found = in_output_order(leaves, y_pred, self._output_names, what, wanted)
        return [[] if leaf is None else _flat(leaf.value) for leaf in found]

    def _in_model_order(self, given: Sequence[Any], y_pred: Any) -> Any:
        """Return entries as leaves, which go by the model's order of outputs."""
        leaves = [_Leaf(part) for part in given]
        names = self._output_names
        if isinstance(y_pred, Mapping) and names and set(names) == set(y_pred):
            return dict(zip(names, leaves, strict=True))
        return leaves


class _Leaf:
    """What was given for one output, so that its lists are not taken for outputs."""

    def __init__(self, value: Any):
        self.value = value


def _is_as_deep(given: Any, outputs: Any) -> bool:
    """Return whether metrics are in dicts and lists as the outputs are."""
    both = isinstance(given, Mapping) and isinstance(outputs, Mapping)
    return both and any(map(is_nested, outputs.values())) and set(given) <= set(outputs)


def _along(given: Any, outputs: Any, what: str) -> Any:
    """Return the metrics of each output as a leaf, nested as the outputs are."""
    if given is None:
        return map_structure(lambda _: _Leaf(None), outputs)
    if not is_nested(outputs):
        return _Leaf(given)
    if isinstance(outputs, Mapping):
        if isinstance(given, Mapping) and set(given) <= set(outputs):
            return {key: _along(given.get(key), outputs[key], what) for key in outputs}
    elif isinstance(given, (list, tuple)) and len(given) == len(outputs):
        parts = zip(given, outputs, strict=True)
        return put_together(outputs, [_along(*pair, what) for pair in parts])
    raise ValueError(
        f"{what}: received a {type(given).__name__} where the model has a "
        f"{type(outputs).__name__} of {len(outputs)} outputs. Nest the metrics as the "
        "outputs are, with None for an output without metrics."
    )


def _detached(y_pred: Any) -> Any:
    """Return predictions as an ndarray, or as a GradArray that carries their mask."""
    if not isinstance(y_pred, GradArray):
        return y_pred
    mask = get_mask(y_pred)
    if mask is None:
        return y_pred.numpy()
    detached = GradArray(y_pred.numpy(), requires_grad=False)
    set_mask(detached, mask)
    return detached


def _leaves_of(given: Any) -> Any:
    return (
        given if isinstance(given, (list, tuple, Mapping)) or given is None else [given]
    )


def _flat(given: Any) -> list[Any]:
    if given is None:
        return []
    if isinstance(given, Mapping) and "class_name" not in given:
        given = list(given.values())
    if not isinstance(given, (list, tuple)):
        return [given]
    return [item for entry in given for item in _flat(entry)]


def _check_known(metric: Any, loss: Any) -> None:
    """Raise for a name that is no metric, warn for one that says nothing here."""
    if not isinstance(metric, str):
        metrics.get(metric)
        return
    if metrics.resolve_accuracy(metric, (1,), (1, 2)) is None:
        metrics.require_known(metric)
    elif "acc" in metric.lower() and getattr(loss, "name", "") in _REGRESSION_LOSSES:
        warn(
            f"metrics: {metric!r} counts the classes that are right, which says little "
            f"about a regression with loss {loss.name!r}. Use 'mae' or 'mse'."
        )


def _metric(given: Any, true_shape: Sequence[int], pred_shape: Sequence[int]) -> Any:
    """Return the metric object, under the name that the user gave it."""
    if isinstance(given, str):
        resolved = metrics.resolve_accuracy(given, true_shape, pred_shape)
        if resolved is not None:
            return resolved
        metric = metrics.get(given)
        metric.name = given
        return metric
    found = metrics.get(given)
    if isinstance(found, Metric):
        return found
    return metrics.MeanMetricWrapper(found, name=function_name(found))
