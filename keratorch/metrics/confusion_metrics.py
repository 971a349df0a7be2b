"""How many predictions are right and wrong, among positives and negatives."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from keratorch.metrics.metric import Metric
from keratorch.metrics.threshold_counts import (
    NEVER,
    Thresholds,
    checked_thresholds,
    prepared,
)


class _Count(Metric):
    """One of the four counts of right and wrong predictions."""

    _kinds = "f"
    _counted: ClassVar[str]

    def __init__(
        self, thresholds: Any = None, name: str | None = None, dtype: Any = None
    ):
        super().__init__(name=name, dtype=dtype)
        self.init_thresholds = thresholds
        self.thresholds = checked_thresholds(thresholds, 0.5)
        self._steps = Thresholds(self.thresholds, self._dtype)
        self.accumulator = self.add_variable(
            (len(self.thresholds),), dtype=np.float64, name="accumulator"
        )

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Take in one batch of labels and predictions."""
        batch = prepared(y_true, y_pred, sample_weight, self._dtype)
        counts = self._steps.count(*batch)
        self.accumulator.assign_add(getattr(counts, self._counted))

    def result(self) -> Any:
        """Return the count, or with several thresholds one for each."""
        return _one_or_all(self.accumulator.numpy(), self._dtype)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments."""
        return {**super().get_config(), "thresholds": self.init_thresholds}


class TruePositives(_Count):
    """How many positives are predicted as such.

    Parameters
    ----------
    thresholds : float in [0, 1] above which a prediction is positive, by default 0.5;
        or a list of them, for one count each.
    name : str.
    dtype : float dtype of the result, or None for `floatx()`.

    Raises
    ------
    ValueError : a threshold outside [0, 1].

    Examples
    --------
    >>> metric = TruePositives()
    >>> metric.update_state([0, 1, 1, 1], [0.8, 0.3, 0.9, 0.6])
    >>> float(metric.result())
    2.0
    """

    _counted = "true_positives"


class TrueNegatives(_Count):
    """How many negatives are predicted as such.

    Parameters
    ----------
    thresholds, name, dtype : see `TruePositives`.

    Examples
    --------
    >>> metric = TrueNegatives(thresholds=[0.25, 0.75])
    >>> metric.update_state([0, 0, 0, 1], [0.5, 0.3, 0.1, 0.2])
    >>> metric.result()
    array([1., 3.], dtype=float32)
    """

    _counted = "true_negatives"


class FalsePositives(_Count):
    """How many negatives are predicted as positives.

    Parameters
    ----------
    thresholds, name, dtype : see `TruePositives`.

    Examples
    --------
    >>> metric = FalsePositives()
    >>> metric.update_state([0, 1, 0, 0], [0.8, 0.9, 0.6, 0.1])
    >>> float(metric.result())
    2.0
    """

    _counted = "false_positives"


class FalseNegatives(_Count):
    """How many positives are predicted as negatives.

    Parameters
    ----------
    thresholds, name, dtype : see `TruePositives`.

    Examples
    --------
    >>> metric = FalseNegatives()
    >>> metric.update_state([0, 1, 1, 1], [0.1, 0.9, 0.2, 0.3])
    >>> float(metric.result())
    2.0
    """

    _counted = "false_negatives"


class _Share(Metric):
    """The share of true positives in all that were, or should have been, found."""

    _kinds = "f"
    _direction = "up"
    _missed: ClassVar[str]

    def __init__(
        self,
        thresholds: Any = None,
        top_k: int | None = None,
        class_id: int | None = None,
        name: str | None = None,
        dtype: Any = None,
    ):
        super().__init__(name=name, dtype=dtype)
        self.init_thresholds = thresholds
        self.top_k = top_k
        self.class_id = class_id
        default = 0.5 if top_k is None else NEVER
        self.thresholds = checked_thresholds(thresholds, default)
        self._steps = Thresholds(self.thresholds, self._dtype)
        shape = (len(self.thresholds),)
        self.true_positives = self.add_variable(
            shape, dtype=np.float64, name="true_positives"
        )
        self._wrong = self.add_variable(shape, dtype=np.float64, name=self._missed)

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Take in one batch of labels and predictions."""
        counts = self._steps.count(
            *prepared(
                y_true, y_pred, sample_weight, self._dtype, self.top_k, self.class_id
            )
        )
        self.true_positives.assign_add(counts.true_positives)
        self._wrong.assign_add(getattr(counts, self._missed))

    def result(self) -> Any:
        """Return the share, or with several thresholds one for each; 0 of nothing."""
        right = self.true_positives.numpy()
        return _one_or_all(share(right, right + self._wrong.numpy()), self._dtype)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments."""
        return {
            **super().get_config(),
            "thresholds": self.init_thresholds,
            "top_k": self.top_k,
            "class_id": self.class_id,
        }


class Precision(_Share):
    """Which share of the positive predictions is right.

    Parameters
    ----------
    thresholds : float in [0, 1] above which a prediction is positive, by default 0.5
        (with `top_k`: none); or a list of them, for one result each.
    top_k : int, how many of the classes with the highest scores are positive at all.
    class_id : int, the only class that is looked at.
    name : str.
    dtype : float dtype of the result, or None for `floatx()`.

    Raises
    ------
    ValueError : a threshold outside [0, 1].

    Examples
    --------
    >>> metric = Precision()
    >>> metric.update_state([0, 1, 1, 1], [0.8, 0.3, 0.9, 0.6])
    >>> print(f"{metric.result():.4f}")
    0.6667
    """

    _missed = "false_positives"

    @property
    def false_positives(self) -> Any:
        """The variable that counts the negatives predicted as positives."""
        return self._wrong


class Recall(_Share):
    """Which share of the positives is found.

    Parameters
    ----------
    thresholds, top_k, class_id, name, dtype : see `Precision`.

    Raises
    ------
    ValueError : a threshold outside [0, 1].

    Examples
    --------
    >>> metric = Recall()
    >>> metric.update_state([0, 1, 1, 1], [0.8, 0.3, 0.9, 0.6])
    >>> print(f"{metric.result():.4f}")
    0.6667
    """

    _missed = "false_negatives"

    @property
    def false_negatives(self) -> Any:
        """The variable that counts the positives predicted as negatives."""
        return self._wrong


def share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Return part / whole, and 0 where the whole is 0.

    Examples
    --------
    >>> share(np.array([1.0, 0.0]), np.array([2.0, 0.0]))
    array([0.5, 0. ])
    """
    return np.where(
        whole == 0, part.dtype.type(0), part / np.where(whole == 0, 1, whole)
    )


def _one_or_all(values: np.ndarray, dtype: np.dtype) -> Any:
    return dtype.type(values[0]) if len(values) == 1 else values.astype(dtype)
