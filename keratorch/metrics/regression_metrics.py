"""How far predicted numbers are from the true ones."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.metrics import functions
from keratorch.metrics.alignment import align, as_float
from keratorch.metrics.reduction_metrics import FormulaMetric, Mean


class MeanSquaredError(FormulaMetric):
    """The mean of ``(y_true - y_pred)**2``.

    Parameters
    ----------
    name : str.
    dtype : float dtype of the result, or None for `floatx()`.

    Examples
    --------
    >>> metric = MeanSquaredError()
    >>> metric.update_state([[0, 1], [0, 0]], [[1, 1], [0, 0]])
    >>> float(metric.result())
    0.25
    """

    _direction = "down"

    def __init__(self, name: str = "mean_squared_error", dtype: Any = None):
        super().__init__(functions.mean_squared_error, name, dtype)


class RootMeanSquaredError(Mean):
    """The square root of the mean of ``(y_true - y_pred)**2``.

    Parameters
    ----------
    name, dtype : see `MeanSquaredError`.

    Examples
    --------
    >>> metric = RootMeanSquaredError()
    >>> metric.update_state([[0, 1], [0, 0]], [[1, 1], [0, 0]])
    >>> float(metric.result())
    0.5
    """

    _direction = "down"

    def __init__(self, name: str = "root_mean_squared_error", dtype: Any = None):
        super().__init__(name, dtype)

    def update_state(  # type: ignore[override]
        self, y_true: Any, y_pred: Any, sample_weight: Any = None
    ) -> None:
        """Take in one batch of targets and predictions."""
        y_true, y_pred = align(as_float(y_true), as_float(y_pred))
        super().update_state(np.square(y_pred - y_true), sample_weight)

    def result(self) -> np.floating:
        """Return the root of the mean."""
        return np.sqrt(super().result())


class MeanAbsoluteError(FormulaMetric):
    """The mean of ``abs(y_true - y_pred)``.

    Parameters
    ----------
    name, dtype : see `MeanSquaredError`.

    Examples
    --------
    >>> metric = MeanAbsoluteError()
    >>> metric.update_state([[0, 1], [0, 0]], [[1, 1], [0, 0]])
    >>> float(metric.result())
    0.25
    """

    _direction = "down"

    def __init__(self, name: str = "mean_absolute_error", dtype: Any = None):
        super().__init__(functions.mean_absolute_error, name, dtype)


class MeanAbsolutePercentageError(FormulaMetric):
    """The mean of ``100 * abs((y_true - y_pred) / y_true)``.

    Parameters
    ----------
    name, dtype : see `MeanSquaredError`.

    Examples
    --------
    >>> metric = MeanAbsolutePercentageError()
    >>> metric.update_state([[2.0, 4.0]], [[1.0, 4.0]])
    >>> float(metric.result())
    25.0
    """

    _direction = "down"

    def __init__(self, name: str = "mean_absolute_percentage_error", dtype: Any = None):
        super().__init__(functions.mean_absolute_percentage_error, name, dtype)


class MeanSquaredLogarithmicError(FormulaMetric):
    """The mean of ``(log(y_true + 1) - log(y_pred + 1))**2``.

    Parameters
    ----------
    name, dtype : see `MeanSquaredError`.

    Examples
    --------
    >>> metric = MeanSquaredLogarithmicError()
    >>> metric.update_state([[0, 1], [0, 0]], [[1, 1], [0, 0]])
    >>> print(f"{metric.result():.4f}")
    0.1201
    """

    _direction = "down"

    def __init__(self, name: str = "mean_squared_logarithmic_error", dtype: Any = None):
        super().__init__(functions.mean_squared_logarithmic_error, name, dtype)


class LogCoshError(FormulaMetric):
    """The mean of ``log(cosh(y_pred - y_true))``.

    Parameters
    ----------
    name, dtype : see `MeanSquaredError`.

    Examples
    --------
    >>> metric = LogCoshError()
    >>> metric.update_state([[0, 1], [0, 0]], [[1, 1], [0, 0]])
    >>> print(f"{metric.result():.4f}")
    0.1084
    """

    _direction = "down"

    def __init__(self, name: str = "logcosh", dtype: Any = None):
        super().__init__(functions.log_cosh, name, dtype)


class CosineSimilarity(FormulaMetric):
    """The mean cosine of the angle between y_true and y_pred.

    Parameters
    ----------
    name, dtype : see `MeanSquaredError`.
    axis : int, the axis that holds the vectors.

    Examples
    --------
    >>> metric = CosineSimilarity()
    >>> metric.update_state([[0.0, 1.0], [1.0, 0.0]], [[1.0, 0.0], [2.0, 0.0]])
    >>> float(metric.result())
    0.5
    """

    _direction = "up"

    def __init__(
        self, name: str = "cosine_similarity", dtype: Any = None, axis: int = -1
    ):
        super().__init__(functions.cosine_similarity, name, dtype, axis=axis)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments; the axis where it is not -1: Keras writes none."""
        config = super().get_config()
        if config["axis"] == -1:
            del config["axis"]
        return config
