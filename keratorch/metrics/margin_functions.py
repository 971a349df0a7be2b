"""The formulas of margins: one value per sample, on ndarrays.

Each takes ``y_true`` and ``y_pred``, aligns ``(n,)`` with ``(n, 1)``, and returns an
array without the last axis.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.metrics.alignment import float_pair, mean_along
from keratorch.metrics.differentiable import as_loss


@as_loss
def hinge(y_true: Any, y_pred: Any) -> np.ndarray:
    """Return ``mean(max(1 - y_true * y_pred, 0))`` over the last axis.

    The targets are -1 and 1; if all are 0 or 1, these count as -1 and 1.

    Examples
    --------
    >>> hinge([[-1.0, 1.0]], [[0.5, 2.0]])
    array([0.75], dtype=float32)
    """
    return mean_along(_shortfall(y_true, y_pred))


@as_loss
def squared_hinge(y_true: Any, y_pred: Any) -> np.ndarray:
    """Return ``mean(max(1 - y_true * y_pred, 0)**2)`` over the last axis.

    The targets are -1 and 1; if all are 0 or 1, these count as -1 and 1.

    Examples
    --------
    >>> squared_hinge([[-1.0, 1.0]], [[1.0, 2.0]])
    array([2.], dtype=float32)
    """
    return mean_along(np.square(_shortfall(y_true, y_pred)))


@as_loss
def categorical_hinge(y_true: Any, y_pred: Any) -> np.ndarray:
    """Return ``max(max((1 - y_true) * y_pred) - sum(y_true * y_pred) + 1, 0)``.

    Maximum and sum are over the last axis, y_true is one-hot.

    Examples
    --------
    >>> categorical_hinge([[0.0, 1.0, 0.0]], [[0.5, 1.25, 0.75]])
    array([0.5], dtype=float32)
    """
    y_true, y_pred = float_pair(y_true, y_pred)
    right = np.sum(y_true * y_pred, axis=-1)
    wrong = np.max((1 - y_true) * y_pred, axis=-1)
    return np.maximum(wrong - right + 1, 0)


def _shortfall(y_true: Any, y_pred: Any) -> np.ndarray:
    y_true, y_pred = float_pair(y_true, y_pred)
    if ((y_true == 0) | (y_true == 1)).all():
        y_true = 2 * y_true - 1
    return np.maximum(1 - y_true * y_pred, 0)
