"""From the metrics that `compile` is given to metric objects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from keratorch import identifiers
from keratorch.metrics.accuracy_metrics import (
    Accuracy,
    BinaryAccuracy,
    CategoricalAccuracy,
    SparseCategoricalAccuracy,
    SparseTopKCategoricalAccuracy,
    TopKCategoricalAccuracy,
)
from keratorch.metrics.metric import Metric
from keratorch.metrics.probabilistic_metrics import (
    BinaryCrossentropy,
    CategoricalCrossentropy,
    SparseCategoricalCrossentropy,
)
from keratorch.metrics.reduction_metrics import Mean, MeanMetricWrapper, Sum
from keratorch.metrics.regression_metrics import (
    CosineSimilarity,
    LogCoshError,
    MeanAbsoluteError,
    MeanAbsolutePercentageError,
    MeanSquaredError,
    MeanSquaredLogarithmicError,
    RootMeanSquaredError,
)
from keratorch.naming import to_snake_case

_CLASSES = (
    Accuracy,
    BinaryAccuracy,
    BinaryCrossentropy,
    CategoricalAccuracy,
    CategoricalCrossentropy,
    CosineSimilarity,
    LogCoshError,
    Mean,
    MeanAbsoluteError,
    MeanAbsolutePercentageError,
    MeanSquaredError,
    MeanSquaredLogarithmicError,
    RootMeanSquaredError,
    SparseCategoricalAccuracy,
    SparseCategoricalCrossentropy,
    SparseTopKCategoricalAccuracy,
    Sum,
    TopKCategoricalAccuracy,
)
METRICS: dict[str, type[Metric]] = {
    **{cls.__name__: cls for cls in _CLASSES},
    **{to_snake_case(cls.__name__): cls for cls in _CLASSES},
    "bce": BinaryCrossentropy,
    "BCE": BinaryCrossentropy,
    "mae": MeanAbsoluteError,
    "MAE": MeanAbsoluteError,
    "mape": MeanAbsolutePercentageError,
    "MAPE": MeanAbsolutePercentageError,
    "mse": MeanSquaredError,
    "MSE": MeanSquaredError,
    "msle": MeanSquaredLogarithmicError,
    "MSLE": MeanSquaredLogarithmicError,
}

# Names whose class depends on the shapes: (binary, sparse, one-hot).
_BY_SHAPE: dict[str, tuple[type[Metric], type[Metric], type[Metric]]] = {
    "accuracy": (BinaryAccuracy, SparseCategoricalAccuracy, CategoricalAccuracy),
    "acc": (BinaryAccuracy, SparseCategoricalAccuracy, CategoricalAccuracy),
    "crossentropy": (
        BinaryCrossentropy,
        SparseCategoricalCrossentropy,
        CategoricalCrossentropy,
    ),
    "ce": (BinaryCrossentropy, SparseCategoricalCrossentropy, CategoricalCrossentropy),
}


def get(identifier: Any) -> Any:
    """Return the metric that a name, class, configuration or function stands for.

    Parameters
    ----------
    identifier : str such as 'mse', a metric, its class, its configuration, a function
        ``f(y_true, y_pred)``, or None.

    Returns
    -------
    A metric, or the function as it came; None for None.

    Raises
    ------
    ValueError : a name or an object that stands for no metric.

    Examples
    --------
    >>> get("mse")
    <MeanSquaredError name=mean_squared_error>
    """
    return identifiers.resolve(identifier, METRICS, "metric")


def serialize(metric: Metric) -> dict[str, Any]:
    """Return the configuration from which `deserialize` makes an equal metric."""
    return identifiers.serialize(metric, "keras.metrics")


def deserialize(config: dict[str, Any]) -> Metric:
    """Return the metric that a configuration describes."""
    known = {**METRICS, "MeanMetricWrapper": MeanMetricWrapper}
    return identifiers.from_config(config, known, "metric")


def is_binary_or_sparse_categorical(
    y_true_shape: Sequence[int], y_pred_shape: Sequence[int]
) -> tuple[bool, bool]:
    """Return whether y_pred has one column, and whether y_true holds integer labels.

    Examples
    --------
    >>> is_binary_or_sparse_categorical((32,), (32, 10))
    (False, True)
    """
    columns = y_pred_shape[-1]
    fewer_axes = len(y_true_shape) < len(y_pred_shape)
    return columns == 1, fewer_axes or (y_true_shape[-1] == 1 and columns > 1)


def resolve_accuracy(
    name: str, y_true_shape: Sequence[int], y_pred_shape: Sequence[int]
) -> Metric | None:
    """Return the metric that 'accuracy' means for these shapes; None for other names.

    Parameters
    ----------
    name : 'accuracy', 'acc', 'crossentropy' or 'ce', in any case; the metric keeps it.
    y_true_shape, y_pred_shape : shapes of a batch.

    Examples
    --------
    >>> resolve_accuracy("acc", (32,), (32, 10))
    <SparseCategoricalAccuracy name=acc>
    """
    classes = _BY_SHAPE.get(str(name).lower())
    if classes is None:
        return None
    binary, sparse = is_binary_or_sparse_categorical(y_true_shape, y_pred_shape)
    return classes[0 if binary else 1 if sparse else 2](name=str(name))
