"""How surprised the predicted probabilities are by the labels."""

from __future__ import annotations

from typing import Any

from keratorch.metrics import probability_functions as functions
from keratorch.metrics.alignment import (
    align_classes,
    as_array,
    squeeze_or_expand_to_same_rank,
)
from keratorch.metrics.reduction_metrics import FormulaMetric


class BinaryCrossentropy(FormulaMetric):
    """The mean crossentropy of labels 0 or 1.

    Parameters
    ----------
    name : str.
    dtype : float dtype of the result, or None for `floatx()`.
    from_logits : bool, whether y_pred holds logits instead of probabilities.
    label_smoothing : float in [0, 1], pulls the labels that far towards 0.5.

    Examples
    --------
    >>> metric = BinaryCrossentropy()
    >>> metric.update_state([[0, 1], [0, 0]], [[0.6, 0.4], [0.4, 0.6]])
    >>> print(f"{metric.result():.4f}")
    0.8149
    """

    _direction = "down"

    def __init__(
        self,
        name: str = "binary_crossentropy",
        dtype: Any = None,
        from_logits: bool = False,
        label_smoothing: float = 0,
    ):
        super().__init__(
            functions.binary_crossentropy,
            name,
            dtype,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
        )
        self.from_logits = from_logits
        self.label_smoothing = label_smoothing


class CategoricalCrossentropy(FormulaMetric):
    """The mean crossentropy of one-hot labels.

    Parameters
    ----------
    name, dtype, from_logits : see `BinaryCrossentropy`.
    label_smoothing : float in [0, 1], pulls the labels that far towards 1 / classes.
    axis : int, the axis of the classes.

    Examples
    --------
    >>> metric = CategoricalCrossentropy()
    >>> metric.update_state([[0, 1, 0], [0, 0, 1]], [[0.05, 0.95, 0], [0.1, 0.8, 0.1]])
    >>> print(f"{metric.result():.4f}")
    1.1769
    """

    _direction = "down"

    def __init__(
        self,
        name: str = "categorical_crossentropy",
        dtype: Any = None,
        from_logits: bool = False,
        label_smoothing: float = 0,
        axis: int = -1,
    ):
        super().__init__(
            functions.categorical_crossentropy,
            name,
            dtype,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
            axis=axis,
        )
        self.from_logits = from_logits
        self.label_smoothing = label_smoothing
        self.axis = axis


class SparseCategoricalCrossentropy(FormulaMetric):
    """The mean crossentropy of integer labels.

    Parameters
    ----------
    name, dtype, from_logits, axis : see `CategoricalCrossentropy`.
    ignore_class : int, a label whose samples count as 0; with `sample_weight` they do
        not count at all. None ignores no class.

    Examples
    --------
    >>> metric = SparseCategoricalCrossentropy()
    >>> metric.update_state([1, 2], [[0.05, 0.95, 0], [0.1, 0.8, 0.1]])
    >>> print(f"{metric.result():.4f}")
    1.1769
    """

    _direction = "down"

    def __init__(
        self,
        name: str = "sparse_categorical_crossentropy",
        dtype: Any = None,
        from_logits: bool = False,
        ignore_class: int | None = None,
        axis: int = -1,
    ):
        super().__init__(
            functions.sparse_categorical_crossentropy,
            name,
            dtype,
            from_logits=from_logits,
            ignore_class=ignore_class,
            axis=axis,
        )
        self.from_logits = from_logits
        self.ignore_class = ignore_class
        self.axis = axis

    def update_state(  # type: ignore[override]
        self, y_true: Any, y_pred: Any, sample_weight: Any = None
    ) -> None:
        """Take in one batch of labels and predictions."""
        if self.ignore_class is not None and sample_weight is not None:
            labels, _ = align_classes(as_array(y_true), as_array(y_pred), self.axis)
            valid, weight = squeeze_or_expand_to_same_rank(
                labels != self.ignore_class, as_array(sample_weight)
            )
            missing = max(valid.ndim - weight.ndim, 0)
            sample_weight = valid * weight.reshape(weight.shape + (1,) * missing)
        super().update_state(y_true, y_pred, sample_weight)


class KLDivergence(FormulaMetric):
    """The mean of ``sum(y_true * log(y_true / y_pred))``, of distributions.

    Parameters
    ----------
    name, dtype : see `BinaryCrossentropy`.

    Examples
    --------
    >>> metric = KLDivergence()
    >>> metric.update_state([[0.5, 0.5]], [[0.25, 0.75]])
    >>> print(f"{metric.result():.4f}")
    0.1438
    """

    _direction = "down"

    def __init__(self, name: str = "kl_divergence", dtype: Any = None):
        super().__init__(functions.kl_divergence, name, dtype)


class Poisson(FormulaMetric):
    """The mean of ``y_pred - y_true * log(y_pred)``, of counts.

    Parameters
    ----------
    name, dtype : see `BinaryCrossentropy`.

    Examples
    --------
    >>> metric = Poisson()
    >>> metric.update_state([[1.0, 3.0]], [[1.0, 2.0]])
    >>> print(f"{metric.result():.4f}")
    0.4603
    """

    _direction = "down"

    def __init__(self, name: str = "poisson", dtype: Any = None):
        super().__init__(functions.poisson, name, dtype)
