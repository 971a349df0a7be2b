"""Losses of margins: right predictions must be right by a distance of 1.

The functions return a loss per sample; the classes weight and reduce it.  Shapes of
all: y_true, y_pred : (batch, ..., outputs).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import graph
from keratorch.losses.alignment import paired
from keratorch.losses.loss import NamedLoss
from keratorch.losses.targets import expects, one_hot, same_shape


@expects(same_shape)
def hinge(y_true: Any, y_pred: Any) -> Any:
    """mean(max(1 - y_true * y_pred, 0)) over the last axis, for targets -1 and 1.

    Targets that are all 0 or 1 count as -1 and 1.

    Raises
    ------
    ValueError : different shapes.

    Examples
    --------
    >>> from keratorch import losses
    >>> losses.hinge([[-1.0, 1.0]], [[0.5, 2.0]]).numpy()
    array([0.75], dtype=float32)
    """
    return _shortfall(y_true, y_pred).mean(axis=-1)


@expects(same_shape)
def squared_hinge(y_true: Any, y_pred: Any) -> Any:
    """mean(max(1 - y_true * y_pred, 0)**2) over the last axis, for targets -1 and 1.

    Targets that are all 0 or 1 count as -1 and 1.

    Raises
    ------
    ValueError : different shapes.

    Examples
    --------
    >>> from keratorch import losses
    >>> losses.squared_hinge([[-1.0, 1.0]], [[1.0, 2.0]]).numpy()
    array([2.], dtype=float32)
    """
    return np.square(_shortfall(y_true, y_pred)).mean(axis=-1)


@expects(one_hot)
def categorical_hinge(y_true: Any, y_pred: Any) -> Any:
    """max(largest wrong score - score of the class + 1, 0), for one-hot targets.

    The largest wrong score is max((1 - y_true) * y_pred), hence never below 0.

    Raises
    ------
    ValueError : different shapes.

    Examples
    --------
    >>> from keratorch import losses
    >>> losses.categorical_hinge([[0.0, 1.0, 0.0]], [[0.5, 1.25, 0.75]]).numpy()
    array([0.5], dtype=float32)
    """
    y_true, y_pred = paired(y_true, y_pred)
    right = (y_true * y_pred).sum(axis=-1)
    wrong = ((1 - y_true) * y_pred).max(axis=-1)
    return np.maximum(wrong - right + 1, 0)


def _shortfall(y_true: Any, y_pred: Any) -> Any:
    """Return by how much each prediction misses the margin."""
    y_true, y_pred = paired(y_true, y_pred)
    targets = graph.value(y_true)
    if ((targets == 0) | (targets == 1)).all():
        y_true = 2 * y_true - 1
    return np.maximum(1 - y_true * y_pred, 0)


class Hinge(NamedLoss):
    """Mean of `hinge` over the samples.

    Parameters
    ----------
    reduction, name, dtype : as for `Loss`.

    Examples
    --------
    >>> from keratorch.losses import Hinge
    >>> Hinge()([[-1.0], [1.0]], [[0.5], [2.0]]).item()
    0.75
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str = "hinge",
        dtype: Any = None,
    ):
        super().__init__(hinge, reduction, name, dtype)


class SquaredHinge(NamedLoss):
    """Mean of `squared_hinge` over the samples.

    Parameters
    ----------
    reduction, name, dtype : as for `Loss`.

    Examples
    --------
    >>> from keratorch.losses import SquaredHinge
    >>> SquaredHinge()([[-1.0], [1.0]], [[1.0], [2.0]]).item()
    2.0
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str = "squared_hinge",
        dtype: Any = None,
    ):
        super().__init__(squared_hinge, reduction, name, dtype)


class CategoricalHinge(NamedLoss):
    """Mean of `categorical_hinge` over the samples.

    Parameters
    ----------
    reduction, name, dtype : as for `Loss`.

    Examples
    --------
    >>> from keratorch.losses import CategoricalHinge
    >>> CategoricalHinge()([[0.0, 1.0, 0.0]], [[0.5, 1.25, 0.75]]).item()
    0.5
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str = "categorical_hinge",
        dtype: Any = None,
    ):
        super().__init__(categorical_hinge, reduction, name, dtype)
