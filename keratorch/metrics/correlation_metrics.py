"""How well predictions and targets go together."""

from __future__ import annotations

from typing import Any

from keratorch.metrics import correlation_functions
from keratorch.metrics.reduction_metrics import FormulaMetric


class PearsonCorrelation(FormulaMetric):
    """The mean of Pearson's correlation of y_true and y_pred along an axis.

    Parameters
    ----------
    name : str.
    dtype : float dtype of the result, or None for `floatx()`.
    axis : int, the axis along which to correlate; 0 is the batch.

    Examples
    --------
    >>> metric = PearsonCorrelation()
    >>> metric.update_state([[0.0, 1.0, 2.0]], [[1.0, 3.0, 5.0]])
    >>> print(f"{metric.result():.4f}")
    1.0000
    """

    _direction = "up"

    def __init__(
        self, name: str = "pearson_correlation", dtype: Any = None, axis: int = -1
    ):
        function = correlation_functions.pearson_correlation
        super().__init__(function, name, dtype, axis=axis)
        self.axis = axis


class ConcordanceCorrelation(FormulaMetric):
    """The mean of the concordance correlation of y_true and y_pred along an axis.

    Unlike Pearson's, it is 1 only where they are equal.

    Parameters
    ----------
    name, dtype, axis : see `PearsonCorrelation`.

    Examples
    --------
    >>> metric = ConcordanceCorrelation()
    >>> metric.update_state([[0.0, 1.0, 2.0]], [[0.0, 1.0, 2.0]])
    >>> print(f"{metric.result():.4f}")
    1.0000
    """

    _direction = "up"

    def __init__(
        self, name: str = "concordance_correlation", dtype: Any = None, axis: int = -1
    ):
        function = correlation_functions.concordance_correlation
        super().__init__(function, name, dtype, axis=axis)
        self.axis = axis
