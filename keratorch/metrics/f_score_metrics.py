"""Precision and recall in one number."""

from __future__ import annotations

import numbers
from typing import Any

import numpy as np

from keratorch import config
from keratorch.metrics.alignment import align, as_array
from keratorch.metrics.metric import Metric, MetricVariable

_AVERAGES = (None, "micro", "macro", "weighted")
_VARIABLES = (
    "true_positives",
    "false_positives",
    "false_negatives",
    "intermediate_weights",
)


class FBetaScore(Metric):
    """``(1 + beta**2) * precision * recall / (beta**2 * precision + recall)``.

    Parameters
    ----------
    average : None for one score per class; 'micro' for the score of all classes as
        one; 'macro' for the mean over the classes; 'weighted' for that mean weighted
        by how often each class is true.
    beta : float > 0, how many times as much recall counts as precision.
    threshold : float in (0, 1] above which a class is predicted; None for the class
        with the highest score alone.
    name : str.
    dtype : float dtype of the result, or None for `floatx()`.

    Raises
    ------
    ValueError : an argument out of range.

    Examples
    --------
    >>> metric = FBetaScore(beta=2.0, threshold=0.5)
    >>> metric.update_state([[1, 1], [1, 0]], [[0.2, 0.6], [0.8, 0.6]])
    >>> metric.result().round(4)
    array([0.5556, 0.8333], dtype=float32)
    """

    _kinds = "f"
    _direction = "up"
    true_positives: MetricVariable
    false_positives: MetricVariable
    false_negatives: MetricVariable
    intermediate_weights: MetricVariable

    def __init__(
        self,
        average: str | None = None,
        beta: float = 1.0,
        threshold: float | None = None,
        name: str = "fbeta_score",
        dtype: Any = None,
    ):
        super().__init__(name=name, dtype=dtype)
        cls = type(self).__name__
        if average not in _AVERAGES:
            raise ValueError(
                f"{cls}: average must be one of {_AVERAGES}; received {average!r}."
            )
        if not _is_number(beta) or not beta > 0:
            raise ValueError(f"{cls}: beta must be a number > 0; received {beta!r}.")
        if threshold is not None and not (_is_number(threshold) and 0 < threshold <= 1):
            raise ValueError(
                f"{cls}: threshold must be above 0 and at most 1, or None; received "
                f"{threshold!r}."
            )
        self.average = average
        self.beta = float(beta)
        self.threshold = None if threshold is None else float(threshold)

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Take in one batch of labels and predictions, (batch, classes) both."""
        true, scores = align(
            as_array(y_true).astype(self._dtype, copy=False),
            as_array(y_pred).astype(self._dtype, copy=False),
        )
        if scores.ndim != 2:
            raise ValueError(
                f"{type(self).__name__} needs y_true and y_pred of shape (batch, "
                f"classes); received shape {scores.shape}. Use y_true[:, None] for "
                "one class, or to_categorical(y_true) for integer labels."
            )
        self._add(true, self._predicted(scores), _column(sample_weight, len(scores)))

    def result(self) -> Any:
        """Return the score, or without an average one for each class."""
        if not self._variables:
            return self._dtype.type(0)
        epsilon = config.epsilon()
        right = self.true_positives.numpy()
        precision = right / (right + self.false_positives.numpy() + epsilon)
        recall = right / (right + self.false_negatives.numpy() + epsilon)
        square = self.beta**2
        mean = precision * recall / (square * precision + recall + epsilon)
        score = (1 + square) * mean
        if self.average == "weighted":
            weights = self.intermediate_weights.numpy()
            score = np.sum(score * weights / (weights.sum() + epsilon))
        elif self.average is not None:
            score = np.mean(score)
        return score.astype(self._dtype)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments."""
        return {
            **super().get_config(),
            "average": self.average,
            "beta": self.beta,
            "threshold": self.threshold,
        }

    def _predicted(self, scores: np.ndarray) -> np.ndarray:
        """Return 1 for the classes that are predicted, else 0."""
        if self.threshold is not None:
            return (scores > self.threshold).astype(self._dtype)
        highest = scores >= scores.max(axis=-1, keepdims=True)
        # as in Keras, a row of zeros predicts nothing
        return (highest & (np.abs(scores) > 1e-9)).astype(self._dtype)

    def _add(self, true: np.ndarray, predicted: np.ndarray, weight: Any) -> None:
        axis = None if self.average == "micro" else 0
        if not self._variables:
            shape = () if axis is None else true.shape[1:]
            for name in _VARIABLES:
                variable = self.add_variable(shape, dtype=np.float64, name=name)
                setattr(self, name, variable)
        weighted = true if weight is None else true * weight
        chosen = predicted if weight is None else predicted * weight
        right = np.sum(weighted * predicted, axis=axis, dtype=np.float64)
        all_true = np.sum(weighted, axis=axis, dtype=np.float64)
        all_chosen = np.sum(chosen, axis=axis, dtype=np.float64)
        self.true_positives.assign_add(right)
        self.false_positives.assign_add(all_chosen - right)
        self.false_negatives.assign_add(all_true - right)
        self.intermediate_weights.assign_add(all_true)


class F1Score(FBetaScore):
    """``2 * precision * recall / (precision + recall)``.

    Parameters
    ----------
    average, threshold, name, dtype : see `FBetaScore`.

    Raises
    ------
    ValueError : an argument out of range.

    Examples
    --------
    >>> metric = F1Score(threshold=0.5)
    >>> metric.update_state([[1, 1], [1, 0]], [[0.2, 0.6], [0.8, 0.6]])
    >>> metric.result().round(4)
    array([0.6667, 0.6667], dtype=float32)
    """

    def __init__(
        self,
        average: str | None = None,
        threshold: float | None = None,
        name: str = "f1_score",
        dtype: Any = None,
    ):
        super().__init__(average, 1.0, threshold, name, dtype)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments."""
        config = super().get_config()
        del config["beta"]
        return config


def _is_number(value: Any) -> bool:
    return isinstance(value, numbers.Real) and not isinstance(value, (bool, np.bool_))


def _column(sample_weight: Any, samples: int) -> np.ndarray | None:
    """Return one weight per sample as a column; None for no weights."""
    if sample_weight is None:
        return None
    weight = as_array(sample_weight).astype(np.float64)
    if weight.ndim and weight.shape not in ((samples,), (samples, 1)):
        raise ValueError(
            f"sample_weight must hold one weight for each of {samples} samples; "
            f"received shape {weight.shape}."
        )
    return weight.reshape(-1, 1)
