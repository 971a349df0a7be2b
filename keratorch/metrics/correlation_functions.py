"""The formulas of correlation: one value for each row, on ndarrays.

Each takes ``y_true`` and ``y_pred``, aligns ``(n,)`` with ``(n, 1)``, and returns an
array without the axis along which it correlates.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import config
from keratorch.metrics.alignment import float_pair


def pearson_correlation(y_true: Any, y_pred: Any, axis: int = -1) -> np.ndarray:
    """Return ``covariance / (std(y_true) * std(y_pred))`` along `axis`.

    NaN where one of them is constant.

    Examples
    --------
    >>> pearson_correlation([[0.0, 1.0, 2.0]], [[1.0, 3.0, 5.0]]).round(4)
    array([1.], dtype=float32)
    """
    y_true, y_pred = _centered(y_true, y_pred, axis)
    with np.errstate(invalid="ignore", divide="ignore"):
        y_true = y_true / y_true.std(axis=axis, keepdims=True)
        y_pred = y_pred / y_pred.std(axis=axis, keepdims=True)
        return np.mean(y_true * y_pred, axis=axis)


def concordance_correlation(y_true: Any, y_pred: Any, axis: int = -1) -> np.ndarray:
    """Return how near the points ``(y_true, y_pred)`` lie to the line of equality.

    ``2 * covariance / (var(y_true) + var(y_pred) + (mean(y_true) - mean(y_pred))**2)``
    along `axis`.

    Source: Lin (1989).

    Examples
    --------
    >>> concordance_correlation([[0.0, 1.0, 2.0]], [[0.0, 1.0, 2.0]]).round(4)
    array([1.], dtype=float32)
    """
    true, pred = float_pair(y_true, y_pred)
    shift = true.mean(axis=axis) - pred.mean(axis=axis)
    true, pred = _centered(true, pred, axis)
    covariance = np.mean(true * pred, axis=axis)
    spread = true.var(axis=axis) + pred.var(axis=axis) + np.square(shift)
    return 2 * covariance / (spread + config.epsilon())


def _centered(y_true: Any, y_pred: Any, axis: int) -> tuple[np.ndarray, np.ndarray]:
    y_true, y_pred = float_pair(y_true, y_pred)
    return (
        y_true - y_true.mean(axis=axis, keepdims=True),
        y_pred - y_pred.mean(axis=axis, keepdims=True),
    )
