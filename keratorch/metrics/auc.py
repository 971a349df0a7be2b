"""The area under a curve that the choice of a threshold runs along."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from keratorch import config
from keratorch.metrics.alignment import as_float
from keratorch.metrics.confusion_metrics import share
from keratorch.metrics.operating_points import CurveMetric, precision, recall
from keratorch.metrics.probability_functions import sigmoid
from keratorch.metrics.threshold_counts import (
    Counts,
    checked_thresholds,
    even_thresholds,
    prepared,
)

_CURVES = ("ROC", "PR", "PRGAIN")
_METHODS = ("interpolation", "majoring", "minoring")


class AUC(CurveMetric):
    """The area under the ROC or the precision-recall curve, by a sum over thresholds.

    Parameters
    ----------
    num_thresholds : int > 1, how many thresholds from 0 to 1 the curve is drawn by.
    curve : 'ROC' (recall over the share of negatives that are found), 'PR' (precision
        over recall) or 'PRGAIN' (precision gain over recall gain).
    summation_method : 'interpolation', 'majoring' or 'minoring': the height between
        two points is their mean, the larger or the smaller one. Under 'PR',
        interpolation is that of Davis & Goadrich.
    name : str.
    dtype : float dtype of the result, or None for `floatx()`.
    thresholds : list of float in [0, 1] to use in place of `num_thresholds`.
    multi_label : bool, whether each column of y_pred has a curve of its own, and the
        result is the mean of their areas.
    num_labels : int, how many columns; by default found in the first batch.
    label_weights : list of float, one for each column: in the mean of the areas, or
        without `multi_label` of the column's samples.
    from_logits : bool, whether y_pred is given before its sigmoid.

    Raises
    ------
    ValueError : an argument that has no meaning.

    Source: Davis & Goadrich (2006), The Relationship Between Precision-Recall and ROC
    Curves; Flach & Kull (2015), Precision-Recall-Gain Curves.

    Examples
    --------
    >>> metric = AUC(num_thresholds=3)
    >>> metric.update_state([0, 0, 1, 1], [0, 0.5, 0.3, 0.9])
    >>> float(metric.result())
    0.75
    """

    def __init__(
        self,
        num_thresholds: int = 200,
        curve: str = "ROC",
        summation_method: str = "interpolation",
        name: str | None = None,
        dtype: Any = None,
        thresholds: Sequence[float] | None = None,
        multi_label: bool = False,
        num_labels: int | None = None,
        label_weights: Any = None,
        from_logits: bool = False,
    ):
        self.curve = _one_of("curve", curve, _CURVES)
        self.summation_method = _one_of("summation_method", summation_method, _METHODS)
        self._init_from_thresholds = thresholds is not None
        if thresholds is not None:
            inner = sorted(checked_thresholds(list(thresholds), 0.5))
        elif num_thresholds > 1:
            inner = even_thresholds(num_thresholds)[1:-1]
        else:
            raise ValueError(
                f"AUC: num_thresholds must be an int > 1; received {num_thresholds}."
            )
        if num_labels and not multi_label:
            raise ValueError(
                f"AUC: num_labels={num_labels} says how many labels have a curve of "
                "their own; set multi_label=True, or leave num_labels out."
            )
        # A little beyond 0 and 1, so that these lie between the outermost two.
        epsilon = config.epsilon()
        self._thresholds = [0.0 - epsilon, *inner, 1.0 + epsilon]
        super().__init__(self._thresholds, name, dtype)
        self.num_thresholds = len(self._thresholds)
        self.multi_label = multi_label
        self.num_labels = num_labels
        self.label_weights = None
        if label_weights is not None:
            self.label_weights = np.asarray(label_weights, self._dtype)
        self.from_logits = from_logits
        if not multi_label or num_labels:
            self._make_counts(num_labels or None)

    @property
    def thresholds(self) -> list[float]:
        """The thresholds, in rising order."""
        return list(self._thresholds)

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Take in one batch of labels and predictions."""
        if self.from_logits:
            y_pred = sigmoid(as_float(y_pred))
        labels, scores, weight = prepared(y_true, y_pred, sample_weight, self._dtype)
        if self.multi_label:
            self._check_labels(scores.shape)
        elif self.label_weights is not None:
            weight = self._times_label_weights(weight, scores.shape)
        self._add(self._steps.count(labels, scores, weight, self.multi_label))

    def result(self) -> np.floating:
        """Return the area over all batches since the last `reset_state`."""
        if not self._variables:
            return self._dtype.type(0)
        counts = self._counts()
        if self.curve == "PR" and self.summation_method == "interpolation":
            areas = _interpolated_pr(counts)
        else:
            areas = self._riemann(counts)
        if self.multi_label and self.label_weights is not None:
            weights = self.label_weights
            return self._dtype.type(share(np.sum(areas * weights), np.sum(weights)))
        return np.mean(areas)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments."""
        weights = self.label_weights
        config = {
            **super().get_config(),
            "num_thresholds": self.num_thresholds,
            "curve": self.curve,
            "summation_method": self.summation_method,
            "multi_label": self.multi_label,
            "num_labels": self.num_labels,
            "label_weights": None if weights is None else weights.tolist(),
            "from_logits": self.from_logits,
        }
        if self._init_from_thresholds:
            config["thresholds"] = self._thresholds[1:-1]
        return config

    def _riemann(self, counts: Counts) -> np.ndarray:
        """Return the sum of width times height between neighbours on the curve."""
        x, y = self._points(counts)
        if self.summation_method == "interpolation":
            heights = (y[:-1] + y[1:]) / 2
        elif self.summation_method == "minoring":
            heights = np.minimum(y[:-1], y[1:])
        else:
            heights = np.maximum(y[:-1], y[1:])
        return np.sum((x[:-1] - x[1:]) * heights, axis=0)

    def _points(self, counts: Counts) -> tuple[np.ndarray, np.ndarray]:
        true_positives, false_positives, true_negatives, false_negatives = counts
        if self.curve == "PR":
            return recall(counts), precision(counts)
        if self.curve == "ROC":
            negatives = false_positives + true_negatives
            return share(false_positives, negatives), recall(counts)
        ratio = share(
            true_positives + false_negatives, true_negatives + false_positives
        )
        none = true_positives == 0
        recall_gain = 1 - ratio * share(false_negatives, true_positives)
        precision_gain = 1 - ratio * share(false_positives, true_positives)
        recall_gain = np.maximum(np.where(none, 0, recall_gain), 0)
        return recall_gain, np.where(none, 1, precision_gain)

    def _check_labels(self, shape: tuple[int, ...]) -> None:
        if len(shape) != 2 or self.num_labels not in (None, shape[1]):
            raise ValueError(
                f"AUC(multi_label=True) needs y_pred of shape (batch, "
                f"{self.num_labels or 'labels'}); received shape {shape}."
            )
        if not self._variables:
            self._make_counts(shape[1])

    def _times_label_weights(
        self, weight: np.ndarray | None, shape: tuple[int, ...]
    ) -> np.ndarray:
        weights = np.asarray(self.label_weights)
        if not shape or weights.shape != shape[-1:]:
            raise ValueError(
                f"AUC: label_weights of shape {weights.shape} need y_pred with as many "
                f"columns; received shape {shape}."
            )
        weights = np.broadcast_to(weights, shape)
        return weights if weight is None else weight * weights


def _one_of(name: str, value: Any, names: Sequence[str]) -> str:
    for known in names:
        if value in (known, known.lower(), known.capitalize()):
            return known
    raise ValueError(f"AUC: {name} must be one of {names}; received {value!r}.")


def _interpolated_pr(counts: Counts) -> np.ndarray:
    """Return the area under precision over recall, interpolated as counts grow evenly.

    Between two points the true positives are a linear function of all positives p,
    TP = slope * p + intercept, so that the area has a logarithm in it.
    """
    true_positives, false_positives, _, false_negatives = counts
    positives = true_positives + false_positives
    gained = true_positives[:-1] - true_positives[1:]
    slope = share(gained, np.maximum(positives[:-1] - positives[1:], 0))
    intercept = true_positives[1:] - slope * positives[1:]
    both = (positives[:-1] > 0) & (positives[1:] > 0)
    ratio = np.where(both, share(positives[:-1], positives[1:]), 1)
    all_true = true_positives[1:] + false_negatives[1:]
    return np.sum(share(slope * (gained + intercept * np.log(ratio)), all_true), axis=0)
