"""What `compile` was given, made ready for the training loop."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

from keratorch import losses, metrics
from keratorch.metrics import Metric

_REGRESSION_LOSSES = ("mean_squared_error", "mean_absolute_error", "mse", "mae")


def compiled_loss(loss: Any) -> losses.Loss | None:
    """Return the loss object of a name, a function, an object or a list of one."""
    if isinstance(loss, (list, tuple)) and len(loss) == 1:
        loss = loss[0]
    if loss is None:
        return None
    if isinstance(loss, (list, tuple, dict)) and "class_name" not in loss:
        raise ValueError(
            f"loss must be one loss, since the model has one output; received a "
            f"{type(loss).__name__} of {len(loss)}."
        )
    found = losses.get(loss)
    if isinstance(found, losses.Loss):
        return found
    return losses.LossFunctionWrapper(found, name=_function_name(found))


def compiled_loss_weight(weights: Any) -> float | None:
    """Return the factor of the loss from ``loss_weights``."""
    if weights is None:
        return None
    if isinstance(weights, dict):
        weights = list(weights.values())
    weights = list(weights) if isinstance(weights, (list, tuple)) else [weights]
    if len(weights) != 1:
        raise ValueError(
            f"loss_weights must hold one number for the model's one output; received "
            f"{len(weights)}."
        )
    return float(weights[0])


class CompiledMetrics:
    """The metrics of `compile`, made when the shapes of the data are known.

    Parameters
    ----------
    unweighted, weighted : list of names, metrics or functions, or one of them; the
        latter are given the sample weights.
    loss : the loss object, for warnings about metrics that do not go with it.
    """

    def __init__(self, unweighted: Any, weighted: Any, loss: Any):
        self._given = [(m, False) for m in _flat(unweighted)]
        self._given += [(m, True) for m in _flat(weighted)]
        for metric, _ in self._given:
            _check_known(metric, loss)
        self._made: list[tuple[Metric, bool]] | None = None

    @property
    def metrics(self) -> list[Metric]:
        """The metric objects; none before the first batch."""
        return [metric for metric, _ in self._made or ()]

    @property
    def names(self) -> list[str]:
        """A name for each metric, another one for each: 'weighted_accuracy'."""
        names: list[str] = []
        for metric, weighted in self._made or ():
            name = metric.name
            if name in names and weighted:
                name = f"weighted_{name}"
            if name in names:
                name = f"{name}_{sum(n.startswith(name) for n in names)}"
            names.append(name)
        return names

    def results(self) -> dict[str, Any]:
        """Return the values so far by name."""
        results: dict[str, Any] = {}
        for name, metric in zip(self.names, self.metrics, strict=True):
            value = metric.result()
            results.update(value if isinstance(value, dict) else {name: value})
        return results

    def update(self, y_true: Any, y_pred: np.ndarray, sample_weight: Any) -> None:
        """Take in a batch."""
        if self._made is None:
            self._made = [
                (_metric(m, np.shape(y_true), y_pred.shape), weighted)
                for m, weighted in self._given
            ]
        for metric, weighted in self._made:
            metric.update_state(y_true, y_pred, sample_weight if weighted else None)


def _flat(given: Any) -> list[Any]:
    if given is None:
        return []
    if isinstance(given, dict):
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
        warnings.warn(
            f"metrics: {metric!r} counts exactly equal values, which says little about "
            f"a regression with loss {loss.name!r}. Use 'mae' or 'mse'.",
            UserWarning,
            stacklevel=4,
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
    return metrics.MeanMetricWrapper(found, name=_function_name(found))


def _function_name(function: Any) -> str:
    return getattr(function, "__name__", type(function).__name__)
