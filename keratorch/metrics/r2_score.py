"""Which share of the variance predictions explain."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from keratorch.metrics.alignment import align, as_array
from keratorch.metrics.metric import Metric, MetricVariable

_AGGREGATIONS = (None, "uniform_average", "variance_weighted_average")


class R2Score(Metric):
    """``1 - sum((y_true - y_pred)**2) / sum((y_true - mean(y_true))**2)``.

    1 is perfect, 0 as good as the mean of y_true, below 0 worse. An output that is
    constant has the score 0, or NaN where its predictions are perfect.

    Parameters
    ----------
    class_aggregation : how the outputs become one number: 'uniform_average' is their
        mean, 'variance_weighted_average' is weighted by their variances, None keeps one
        score per output.
    num_regressors : int >= 0, the number of inputs of the model, for the adjusted
        score ``1 - (1 - score) * (n - 1) / (n - inputs - 1)``; 0 for the score itself.
        n is, as in Keras, the number of samples times that of outputs.
    name : str.
    dtype : float dtype of the result, or None for `floatx()`.

    Raises
    ------
    ValueError : an argument out of range.

    Examples
    --------
    >>> metric = R2Score()
    >>> metric.update_state([[1.0], [4.0], [3.0]], [[2.0], [4.0], [4.0]])
    >>> print(f"{metric.result():.4f}")
    0.5714
    """

    _kinds = "f"
    _direction = "up"
    sum: MetricVariable
    squared_sum: MetricVariable
    total_mse: MetricVariable
    count: MetricVariable

    def __init__(
        self,
        class_aggregation: str | None = "uniform_average",
        num_regressors: int = 0,
        name: str = "r2_score",
        dtype: Any = None,
    ):
        super().__init__(name=name, dtype=dtype)
        if class_aggregation not in _AGGREGATIONS:
            raise ValueError(
                f"R2Score: class_aggregation must be one of {_AGGREGATIONS}; received "
                f"{class_aggregation!r}."
            )
        if num_regressors < 0:
            raise ValueError(
                f"R2Score: num_regressors must be an int >= 0; received "
                f"{num_regressors}."
            )
        self.class_aggregation = class_aggregation
        self.num_regressors = num_regressors
        self.num_samples = self.add_variable(dtype=np.float64, name="num_samples")

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Take in one batch of targets and predictions, (batch, outputs) both."""
        true, pred = align(
            as_array(y_true).astype(self._dtype, copy=False),
            as_array(y_pred).astype(self._dtype, copy=False),
        )
        if true.ndim != 2:
            raise ValueError(
                "R2Score needs y_true and y_pred of shape (batch, outputs); received "
                f"shape {true.shape}. For one output use y_true[:, None]."
            )
        if len(self._variables) == 1:
            for name in ("squared_sum", "sum", "total_mse", "count"):
                variable = self.add_variable(
                    true.shape[1:], dtype=np.float64, name=name
                )
                setattr(self, name, variable)
        true, weight = true.astype(np.float64), _weights(sample_weight, true.shape)
        self.sum.assign_add(np.sum(true * weight, axis=0))
        self.squared_sum.assign_add(np.sum(np.square(true) * weight, axis=0))
        self.total_mse.assign_add(np.sum(np.square(true - pred) * weight, axis=0))
        self.count.assign_add(np.sum(weight, axis=0))
        self.num_samples.assign_add(true.size)

    def result(self) -> Any:
        """Return the score, or without an aggregation one for each output."""
        if len(self._variables) == 1:
            return self._dtype.type(0)
        with np.errstate(divide="ignore", invalid="ignore"):
            sums = self.sum.numpy()
            total = self.squared_sum.numpy() - sums * (sums / self.count.numpy())
            scores = 1 - self.total_mse.numpy() / total
            scores = np.where(np.isinf(scores), 0, scores)
            if self.class_aggregation == "uniform_average":
                scores = np.mean(scores)
            elif self.class_aggregation is not None:
                scores = np.sum(total * scores) / np.sum(total)
        return self._adjusted(scores).astype(self._dtype)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments."""
        return {
            **super().get_config(),
            "class_aggregation": self.class_aggregation,
            "num_regressors": self.num_regressors,
        }

    def _adjusted(self, scores: Any) -> Any:
        if not self.num_regressors:
            return scores
        samples = float(self.num_samples)
        freedom = samples - self.num_regressors - 1
        if freedom <= 0:
            warnings.warn(
                f"R2Score: {self.num_regressors} regressors need more than "
                f"{samples:g} samples for an adjusted score; this is the plain one.",
                UserWarning,
                stacklevel=3,
            )
            return scores
        return 1 - (1 - scores) * (samples - 1) / freedom


def _weights(sample_weight: Any, shape: tuple[int, ...]) -> np.ndarray:
    """Return a weight for each element; 1 where none is given."""
    if sample_weight is None:
        return np.ones(shape)
    weight = as_array(sample_weight).astype(np.float64)
    column = weight[:, None] if weight.ndim == 1 else weight
    try:
        return np.broadcast_to(column, shape)
    except ValueError as error:
        raise ValueError(
            f"sample_weight of shape {weight.shape} does not belong to y_true of shape "
            f"{shape}. Give one weight per sample."
        ) from error
