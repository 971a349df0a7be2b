"""One rate at the best threshold that gives another rate at least a value."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from keratorch.metrics.confusion_metrics import share
from keratorch.metrics.metric import Metric
from keratorch.metrics.threshold_counts import (
    Counts,
    Thresholds,
    even_thresholds,
    prepared,
)


class CurveMetric(Metric):
    """The base of metrics that need all four counts at many thresholds.

    Parameters
    ----------
    thresholds : sequence of float.
    labels : int, how many columns are counted each for itself; None for all as one.
    name, dtype : as for `Metric`.
    """

    _kinds = "f"
    _direction = "up"

    def __init__(self, thresholds: Any, name: str | None, dtype: Any):
        super().__init__(name=name, dtype=dtype)
        self._steps = Thresholds(thresholds, self._dtype)

    def _make_counts(self, labels: int | None = None) -> None:
        shape = (len(self._steps),) if labels is None else (len(self._steps), labels)
        for name in Counts._fields:
            setattr(self, name, self.add_variable(shape, dtype=np.float64, name=name))

    def _add(self, counts: Counts) -> None:
        for name, values in counts._asdict().items():
            getattr(self, name).assign_add(values)

    def _counts(self) -> Counts:
        # In the dtype of the result, so that 2 / 5 equals the 0.4 that was asked for.
        return Counts(
            *(getattr(self, n).numpy().astype(self._dtype) for n in Counts._fields)
        )


class _AtPoint(CurveMetric):
    """The largest value of one rate where another one is at least `value`."""

    _given: ClassVar[str]

    def __init__(
        self,
        value: float,
        num_thresholds: int,
        class_id: int | None,
        name: str | None,
        dtype: Any,
    ):
        cls = type(self).__name__
        if not 0 <= value <= 1:
            raise ValueError(
                f"{cls}: {self._given} must be from 0 to 1; received {value!r}."
            )
        if num_thresholds <= 0:
            raise ValueError(
                f"{cls}: num_thresholds must be an int > 0; received {num_thresholds}."
            )
        thresholds = [0.5] if num_thresholds == 1 else even_thresholds(num_thresholds)
        super().__init__(thresholds, name, dtype)
        self.thresholds = thresholds
        self.num_thresholds = num_thresholds
        self.value = value
        self.class_id = class_id
        self._make_counts()

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Take in one batch of labels and predictions."""
        batch = prepared(
            y_true, y_pred, sample_weight, self._dtype, class_id=self.class_id
        )
        self._add(self._steps.count(*batch))

    def result(self) -> np.floating:
        """Return the rate at the best threshold, 0 where there is none."""
        wanted, given = self._rates(self._counts())
        possible = given >= self._dtype.type(self.value)
        return np.max(np.where(possible, wanted, self._dtype.type(0)))

    def _rates(self, counts: Counts) -> tuple[np.ndarray, np.ndarray]:
        """Return the rate that is wanted large, and the one that is given."""
        raise NotImplementedError

    def get_config(self) -> dict[str, Any]:
        """Return the arguments."""
        return {
            **super().get_config(),
            "class_id": self.class_id,
            "num_thresholds": self.num_thresholds,
            self._given: self.value,
        }


class SensitivityAtSpecificity(_AtPoint):
    """The best share of positives found, with a share of negatives left alone.

    Parameters
    ----------
    specificity : float in [0, 1], TN / (TN + FP) that is needed.
    num_thresholds : int > 0, how many thresholds are tried.
    class_id : int, the only class that is looked at.
    name : str.
    dtype : float dtype of the result, or None for `floatx()`.

    Raises
    ------
    ValueError : an argument out of range.

    Examples
    --------
    >>> metric = SensitivityAtSpecificity(0.5)
    >>> metric.update_state([0, 0, 0, 1, 1], [0, 0.3, 0.8, 0.3, 0.8])
    >>> float(metric.result())
    0.5
    """

    _given = "specificity"

    def __init__(
        self,
        specificity: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: Any = None,
    ):
        super().__init__(specificity, num_thresholds, class_id, name, dtype)
        self.specificity = specificity

    def _rates(self, counts: Counts) -> tuple[np.ndarray, np.ndarray]:
        return recall(counts), specificity(counts)


class SpecificityAtSensitivity(_AtPoint):
    """The best share of negatives left alone, with a share of positives found.

    Parameters
    ----------
    sensitivity : float in [0, 1], TP / (TP + FN) that is needed.
    num_thresholds, class_id, name, dtype : see `SensitivityAtSpecificity`.

    Raises
    ------
    ValueError : an argument out of range.

    Examples
    --------
    >>> metric = SpecificityAtSensitivity(0.5)
    >>> metric.update_state([0, 0, 0, 1, 1], [0, 0.3, 0.8, 0.3, 0.8])
    >>> print(f"{metric.result():.4f}")
    0.6667
    """

    _given = "sensitivity"

    def __init__(
        self,
        sensitivity: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: Any = None,
    ):
        super().__init__(sensitivity, num_thresholds, class_id, name, dtype)
        self.sensitivity = sensitivity

    def _rates(self, counts: Counts) -> tuple[np.ndarray, np.ndarray]:
        return specificity(counts), recall(counts)


class PrecisionAtRecall(_AtPoint):
    """The best share of right ones in what is found, with a share of positives found.

    Parameters
    ----------
    recall : float in [0, 1], TP / (TP + FN) that is needed.
    num_thresholds, class_id, name, dtype : see `SensitivityAtSpecificity`.

    Raises
    ------
    ValueError : an argument out of range.

    Examples
    --------
    >>> metric = PrecisionAtRecall(0.5)
    >>> metric.update_state([0, 0, 0, 1, 1], [0, 0.3, 0.8, 0.3, 0.8])
    >>> float(metric.result())
    0.5
    """

    _given = "recall"

    def __init__(
        self,
        recall: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: Any = None,
    ):
        super().__init__(recall, num_thresholds, class_id, name, dtype)
        self.recall = recall

    def _rates(self, counts: Counts) -> tuple[np.ndarray, np.ndarray]:
        return precision(counts), recall(counts)


class RecallAtPrecision(_AtPoint):
    """The best share of positives found, with a share of right ones in what is found.

    Parameters
    ----------
    precision : float in [0, 1], TP / (TP + FP) that is needed.
    num_thresholds, class_id, name, dtype : see `SensitivityAtSpecificity`.

    Raises
    ------
    ValueError : an argument out of range.

    Examples
    --------
    >>> metric = RecallAtPrecision(0.8)
    >>> metric.update_state([0, 0, 1, 1], [0, 0.5, 0.3, 0.9])
    >>> float(metric.result())
    0.5
    """

    _given = "precision"

    def __init__(
        self,
        precision: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: Any = None,
    ):
        super().__init__(precision, num_thresholds, class_id, name, dtype)
        self.precision = precision

    def _rates(self, counts: Counts) -> tuple[np.ndarray, np.ndarray]:
        return recall(counts), precision(counts)


def recall(counts: Counts) -> np.ndarray:
    """Return which share of the positives is found."""
    right, _, _, missed = counts
    return share(right, right + missed)


def precision(counts: Counts) -> np.ndarray:
    """Return which share of what is found is right."""
    right, wrong, _, _ = counts
    return share(right, right + wrong)


def specificity(counts: Counts) -> np.ndarray:
    """Return which share of the negatives is left alone."""
    _, wrong, right, _ = counts
    return share(right, right + wrong)
