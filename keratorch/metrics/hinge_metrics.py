"""How far predictions are from being right by a margin."""

from __future__ import annotations

from typing import Any

from keratorch.metrics import margin_functions
from keratorch.metrics.reduction_metrics import FormulaMetric


class Hinge(FormulaMetric):
    """The mean of ``max(1 - y_true * y_pred, 0)``, for labels -1 and 1 or 0 and 1.

    Parameters
    ----------
    name : str.
    dtype : float dtype of the result, or None for `floatx()`.

    Examples
    --------
    >>> metric = Hinge()
    >>> metric.update_state([[0, 1]], [[0.5, 2.0]])
    >>> float(metric.result())
    0.75
    """

    _direction = "down"

    def __init__(self, name: str = "hinge", dtype: Any = None):
        super().__init__(margin_functions.hinge, name, dtype)


class SquaredHinge(FormulaMetric):
    """The mean of ``max(1 - y_true * y_pred, 0)**2``, for labels -1 and 1 or 0 and 1.

    Parameters
    ----------
    name, dtype : see `Hinge`.

    Examples
    --------
    >>> metric = SquaredHinge()
    >>> metric.update_state([[0, 1]], [[1.0, 2.0]])
    >>> float(metric.result())
    2.0
    """

    _direction = "down"

    def __init__(self, name: str = "squared_hinge", dtype: Any = None):
        super().__init__(margin_functions.squared_hinge, name, dtype)


class CategoricalHinge(FormulaMetric):
    """The mean of ``max(largest wrong score - score of the class + 1, 0)``.

    Parameters
    ----------
    name, dtype : see `Hinge`.

    Examples
    --------
    >>> metric = CategoricalHinge()
    >>> metric.update_state([[0, 1, 0]], [[0.5, 1.25, 0.75]])
    >>> float(metric.result())
    0.5
    """

    _direction = "down"

    def __init__(self, name: str = "categorical_hinge", dtype: Any = None):
        super().__init__(margin_functions.categorical_hinge, name, dtype)
