"""From the metrics that `compile` is given to metric objects."""

from __future__ import annotations

import difflib
import inspect
from collections import ChainMap
from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any

from keratorch import identifiers, lazy
from keratorch.custom_objects import known_objects
from keratorch.metrics.functions import FUNCTIONS
from keratorch.metrics.metric import Metric
from keratorch.metrics.reduction_metrics import MeanMetricWrapper
from keratorch.naming import to_snake_case

_CLASSES = (
    "AUC",
    "Accuracy",
    "BinaryAccuracy",
    "BinaryCrossentropy",
    "BinaryIoU",
    "CategoricalAccuracy",
    "CategoricalCrossentropy",
    "CategoricalHinge",
    "ConcordanceCorrelation",
    "CosineSimilarity",
    "F1Score",
    "FBetaScore",
    "FalseNegatives",
    "FalsePositives",
    "Hinge",
    "IoU",
    "KLDivergence",
    "LogCoshError",
    "Mean",
    "MeanAbsoluteError",
    "MeanAbsolutePercentageError",
    "MeanIoU",
    "MeanSquaredError",
    "MeanSquaredLogarithmicError",
    "OneHotIoU",
    "OneHotMeanIoU",
    "PearsonCorrelation",
    "Poisson",
    "Precision",
    "PrecisionAtRecall",
    "R2Score",
    "Recall",
    "RecallAtPrecision",
    "RootMeanSquaredError",
    "SensitivityAtSpecificity",
    "SparseCategoricalAccuracy",
    "SparseCategoricalCrossentropy",
    "SparseTopKCategoricalAccuracy",
    "SpecificityAtSensitivity",
    "SquaredHinge",
    "Sum",
    "TopKCategoricalAccuracy",
    "TrueNegatives",
    "TruePositives",
)
#: Keras's names: that of the class, or the same with underscores.
METRICS: MutableMapping[str, type[Metric]] = lazy.Table(
    "keratorch.metrics",
    {
        **{name: name for name in _CLASSES},
        **{to_snake_case(name): name for name in _CLASSES},
        "bce": "BinaryCrossentropy",
        "BCE": "BinaryCrossentropy",
        "mae": "MeanAbsoluteError",
        "MAE": "MeanAbsoluteError",
        "mape": "MeanAbsolutePercentageError",
        "MAPE": "MeanAbsolutePercentageError",
        "mse": "MeanSquaredError",
        "MSE": "MeanSquaredError",
        "msle": "MeanSquaredLogarithmicError",
        "MSLE": "MeanSquaredLogarithmicError",
        # Keras 2's
        "KLD": "KLDivergence",
        "cosine_proximity": "CosineSimilarity",
        "kld": "KLDivergence",
        "kullback_leibler_divergence": "KLDivergence",
        "log_cosh": "LogCoshError",
        "logcosh": "LogCoshError",
    },
)

# Names whose class depends on the shapes: binary, sparse, one-hot.
_ACCURACIES = "BinaryAccuracy", "SparseCategoricalAccuracy", "CategoricalAccuracy"
_CROSSENTROPIES = (
    "BinaryCrossentropy",
    "SparseCategoricalCrossentropy",
    "CategoricalCrossentropy",
)
_BY_SHAPE = {
    "accuracy": _ACCURACIES,
    "acc": _ACCURACIES,
    "crossentropy": _CROSSENTROPIES,
    "ce": _CROSSENTROPIES,
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
    ValueError : a name or an object that stands for no metric, or for one that needs
        arguments.

    Examples
    --------
    >>> get("mse")
    <MeanSquaredError name=mean_squared_error>
    """
    if isinstance(identifier, str):
        return _made(_find(identifier, METRICS))
    if isinstance(identifier, Mapping):
        return deserialize(identifier)
    if inspect.isclass(identifier):
        return _made(identifier)
    if identifier is None or callable(identifier):
        return identifier
    raise ValueError(
        "metric must be a name, a metric, a configuration or a function; received a "
        f"{type(identifier).__name__}. {_suggest(identifier, METRICS)}"
    )


def serialize(metric: Any) -> dict[str, Any]:
    """Return the configuration from which `deserialize` makes an equal metric.

    A function is described by its name.

    Examples
    --------
    >>> serialize(get("mse"))["config"]
    {'name': 'mean_squared_error', 'dtype': 'float32'}
    """
    if isinstance(metric, Metric):
        return identifiers.serialize(metric, "keras.metrics")
    return identifiers.describe_function(metric)


def deserialize(
    config: str | Mapping[str, Any], custom_objects: Mapping[str, Any] | None = None
) -> Any:
    """Return the metric or function that a configuration or a name describes.

    Parameters
    ----------
    config : what `serialize` returned, or a name.
    custom_objects : dict from names to metrics and functions that are found as well.

    Raises
    ------
    ValueError : no metric of this name.
    """
    builtin: ChainMap[str, Any] = ChainMap(
        {"MeanMetricWrapper": MeanMetricWrapper}, METRICS
    )
    known = known_objects(builtin, custom_objects)
    if isinstance(config, str):
        return _made(_find(config, known))
    functions = known_objects(FUNCTIONS, custom_objects)
    if config.get("class_name") == "function":
        return _find(str(config.get("config")), functions)
    arguments = config.get("config")
    if isinstance(arguments, Mapping) and isinstance(arguments.get("fn"), Mapping):
        function = _find(str(arguments["fn"].get("config")), functions)
        config = {**config, "config": {**arguments, "fn": function}}
    if isinstance(config.get("class_name"), str) and not (
        isinstance(config.get("registered_name"), str)
        and config["registered_name"] in known
    ):
        _find(config["class_name"], known)
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
    return METRICS[classes[0 if binary else 1 if sparse else 2]](name=str(name))


def _find(name: str, known: Mapping[str, Any]) -> Any:
    if name not in known:
        raise ValueError(f"unknown metric {name!r}. {_suggest(name, known)}")
    return known[name]


def require_known(name: str) -> None:
    """Raise unless a metric can be made of its name; none is made.

    Raises
    ------
    ValueError : a name that stands for no metric, or for one that needs arguments.

    Examples
    --------
    >>> require_known("auc")
    """
    _check_complete(_find(name, METRICS))


def _made(cls: Any) -> Any:
    """Return an instance of a class that needs no arguments."""
    _check_complete(cls)
    return cls()


def _check_complete(cls: Any) -> None:
    """Raise if a class cannot be made without arguments."""
    needed = [
        f"{parameter.name}=..."
        for parameter in inspect.signature(cls).parameters.values()
        if parameter.default is parameter.empty
        and parameter.kind is parameter.POSITIONAL_OR_KEYWORD
    ]
    if needed:
        raise ValueError(
            f"the metric {cls.__name__} needs arguments, so that its name says too "
            f"little. Pass the object: {cls.__name__}({', '.join(needed)})."
        )


def _suggest(name: Any, known: Mapping[str, Any]) -> str:
    """Return a sentence with the names nearest to one that is unknown."""
    # Each class is known by its snake_case name too: list it once.
    names = [entry for entry in known if entry.islower()]
    near = difflib.get_close_matches(str(name).lower(), names, n=2)
    question = f"Did you mean {' or '.join(map(repr, near))}? " if near else ""
    return f"{question}keratorch.metrics.METRICS has all names, such as 'accuracy'."
