"""How often the predictions are right."""

from __future__ import annotations

from typing import Any

from keratorch.metrics import functions
from keratorch.metrics.reduction_metrics import FormulaMetric


class Accuracy(FormulaMetric):
    """How often ``y_true == y_pred``.

    Parameters
    ----------
    name : str.
    dtype : float dtype of the result, or None for `floatx()`.

    Examples
    --------
    >>> metric = Accuracy()
    >>> metric.update_state([1, 2, 3, 4], [0, 2, 3, 4])
    >>> float(metric.result())
    0.75
    """

    _direction = "up"

    def __init__(self, name: str = "accuracy", dtype: Any = None):
        super().__init__(functions.accuracy, name, dtype)


class BinaryAccuracy(FormulaMetric):
    """How often ``y_true == (y_pred > threshold)``.

    Parameters
    ----------
    name, dtype : see `Accuracy`.
    threshold : float above which a prediction counts as 1.

    Examples
    --------
    >>> metric = BinaryAccuracy()
    >>> metric.update_state([1, 1, 0, 0], [[0.98], [1.0], [0.0], [0.6]])
    >>> float(metric.result())
    0.75
    """

    _direction = "up"

    def __init__(
        self, name: str = "binary_accuracy", dtype: Any = None, threshold: float = 0.5
    ):
        super().__init__(functions.binary_accuracy, name, dtype, threshold=threshold)
        self.threshold = threshold


class CategoricalAccuracy(FormulaMetric):
    """How often the highest score is that of the class in a one-hot label.

    Parameters
    ----------
    name, dtype : see `Accuracy`.

    Examples
    --------
    >>> metric = CategoricalAccuracy()
    >>> metric.update_state([[0, 0, 1], [0, 1, 0]], [[0.1, 0.9, 0.8], [0.05, 0.95, 0]])
    >>> float(metric.result())
    0.5
    """

    _direction = "up"

    def __init__(self, name: str = "categorical_accuracy", dtype: Any = None):
        super().__init__(functions.categorical_accuracy, name, dtype)


class SparseCategoricalAccuracy(FormulaMetric):
    """How often the highest score is that of the class in an integer label.

    Parameters
    ----------
    name, dtype : see `Accuracy`.

    Examples
    --------
    >>> metric = SparseCategoricalAccuracy()
    >>> metric.update_state([2, 1], [[0.1, 0.6, 0.3], [0.05, 0.95, 0]])
    >>> float(metric.result())
    0.5
    """

    _direction = "up"

    def __init__(self, name: str = "sparse_categorical_accuracy", dtype: Any = None):
        super().__init__(functions.sparse_categorical_accuracy, name, dtype)


class TopKCategoricalAccuracy(FormulaMetric):
    """How often the class in a one-hot label has one of the `k` highest scores.

    Parameters
    ----------
    k : int > 0.
    name, dtype : see `Accuracy`.

    Examples
    --------
    >>> metric = TopKCategoricalAccuracy(k=2)
    >>> metric.update_state([[0, 0, 1], [0, 1, 0]], [[0.1, 0.9, 0.8], [0.05, 0.95, 0]])
    >>> float(metric.result())
    1.0
    """

    _direction = "up"

    def __init__(
        self, k: int = 5, name: str = "top_k_categorical_accuracy", dtype: Any = None
    ):
        super().__init__(functions.top_k_categorical_accuracy, name, dtype, k=k)
        self.k = k


class SparseTopKCategoricalAccuracy(FormulaMetric):
    """How often the class in an integer label has one of the `k` highest scores.

    Parameters
    ----------
    k : int > 0.
    name, dtype : see `Accuracy`.
    from_sorted_ids : bool, whether y_pred holds class numbers, best first.

    Examples
    --------
    >>> metric = SparseTopKCategoricalAccuracy(k=2)
    >>> metric.update_state([0, 1], [[0.1, 0.9, 0.8], [0.05, 0.95, 0]])
    >>> float(metric.result())
    0.5
    """

    _direction = "up"

    def __init__(
        self,
        k: int = 5,
        name: str = "sparse_top_k_categorical_accuracy",
        dtype: Any = None,
        from_sorted_ids: bool = False,
    ):
        function = functions.sparse_top_k_categorical_accuracy
        super().__init__(function, name, dtype, k=k, from_sorted_ids=from_sorted_ids)
        self.k = k
        self.from_sorted_ids = from_sorted_ids

    def get_config(self) -> dict[str, Any]:
        """Return the arguments; as in Keras, `from_sorted_ids` only where True."""
        config = super().get_config()
        if not self.from_sorted_ids:
            del config["from_sorted_ids"]
        return config
