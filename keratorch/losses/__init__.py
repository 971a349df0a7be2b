"""Losses: what training makes small.

    loss = SparseCategoricalCrossentropy(from_logits=True)
    loss(labels, model(x)).backward()

A class returns one number, with its function's formula; a function returns a loss per
sample. `LOSSES` lists them all; `get` finds one by its name.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from keratorch import identifiers
from keratorch.errors import suggest
from keratorch.losses.loss import Loss, LossFunctionWrapper, describe_function
from keratorch.losses.probabilistic import (
    BinaryCrossentropy,
    CategoricalCrossentropy,
    SparseCategoricalCrossentropy,
    binary_crossentropy,
    categorical_crossentropy,
    sparse_categorical_crossentropy,
)
from keratorch.losses.reduction import reduce_weighted_values
from keratorch.losses.regression import (
    CosineSimilarity,
    Huber,
    LogCosh,
    MeanAbsoluteError,
    MeanAbsolutePercentageError,
    MeanSquaredError,
    MeanSquaredLogarithmicError,
    cosine_similarity,
    huber,
    log_cosh,
    mean_absolute_error,
    mean_absolute_percentage_error,
    mean_squared_error,
    mean_squared_logarithmic_error,
)

__all__ = [
    "LOSSES",
    "BinaryCrossentropy",
    "CategoricalCrossentropy",
    "CosineSimilarity",
    "Huber",
    "LogCosh",
    "Loss",
    "LossFunctionWrapper",
    "MeanAbsoluteError",
    "MeanAbsolutePercentageError",
    "MeanSquaredError",
    "MeanSquaredLogarithmicError",
    "SparseCategoricalCrossentropy",
    "binary_crossentropy",
    "categorical_crossentropy",
    "cosine_similarity",
    "deserialize",
    "get",
    "huber",
    "log_cosh",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_squared_error",
    "mean_squared_logarithmic_error",
    "reduce_weighted_values",
    "serialize",
    "sparse_categorical_crossentropy",
]

# Keras's names: a class for a CamelCase name, a function for the others.
LOSSES: dict[str, Any] = {
    "BinaryCrossentropy": BinaryCrossentropy,
    "CategoricalCrossentropy": CategoricalCrossentropy,
    "CosineSimilarity": CosineSimilarity,
    "Huber": Huber,
    "LogCosh": LogCosh,
    "LossFunctionWrapper": LossFunctionWrapper,
    "MeanAbsoluteError": MeanAbsoluteError,
    "MeanAbsolutePercentageError": MeanAbsolutePercentageError,
    "MeanSquaredError": MeanSquaredError,
    "MeanSquaredLogarithmicError": MeanSquaredLogarithmicError,
    "SparseCategoricalCrossentropy": SparseCategoricalCrossentropy,
    "BCE": binary_crossentropy,
    "MAE": mean_absolute_error,
    "MAPE": mean_absolute_percentage_error,
    "MSE": mean_squared_error,
    "MSLE": mean_squared_logarithmic_error,
    "bce": binary_crossentropy,
    "binary_crossentropy": binary_crossentropy,
    "categorical_crossentropy": categorical_crossentropy,
    "cosine_similarity": cosine_similarity,
    "huber": huber,
    "log_cosh": log_cosh,
    "mae": mean_absolute_error,
    "mape": mean_absolute_percentage_error,
    "mean_absolute_error": mean_absolute_error,
    "mean_absolute_percentage_error": mean_absolute_percentage_error,
    "mean_squared_error": mean_squared_error,
    "mean_squared_logarithmic_error": mean_squared_logarithmic_error,
    "mse": mean_squared_error,
    "msle": mean_squared_logarithmic_error,
    "sparse_categorical_crossentropy": sparse_categorical_crossentropy,
}


def get(identifier: Any) -> Any:
    """Return the loss that a name, class, configuration or function stands for.

    Parameters
    ----------
    identifier : str such as 'mse', a loss, its class, its configuration, a function
        ``f(y_true, y_pred)``, or None.

    Returns
    -------
    A loss, or a function (for its name, or as it came); None for None.

    Raises
    ------
    ValueError : a name or an object that stands for no loss.

    Examples
    --------
    >>> from keratorch import losses
    >>> losses.get("mse") is losses.mean_squared_error
    True
    >>> losses.get("MeanSquaredError")
    <MeanSquaredError name=mean_squared_error, reduction=sum_over_batch_size>
    """
    found = identifier
    if isinstance(identifier, (str, Mapping)):
        found = deserialize(identifier)
    if inspect.isclass(found):
        return found()
    if found is None or callable(found):
        return found
    raise ValueError(
        "loss must be a name, a loss, a configuration or a function; received a "
        f"{type(identifier).__name__}. {_suggest(identifier, LOSSES)}"
    )


def serialize(loss: Any) -> dict[str, Any]:
    """Describe a loss, or a loss function by its name, ready for JSON.

    Examples
    --------
    >>> from keratorch import losses
    >>> losses.serialize(losses.MeanSquaredError(reduction="sum"))["config"]
    {'name': 'mean_squared_error', 'reduction': 'sum'}
    """
    if isinstance(loss, Loss):
        return identifiers.serialize(loss, "keras.losses")
    return describe_function(loss)


def deserialize(
    name: str | Mapping[str, Any], custom_objects: Mapping[str, Any] | None = None
) -> Any:
    """Return the loss, class or function that a name or configuration stands for.

    Parameters
    ----------
    name : str, or what `serialize` returned.
    custom_objects : dict from names to losses and functions that are found as well.

    Raises
    ------
    ValueError : no loss of this name.
    """
    known = {**LOSSES, **(custom_objects or {})}
    if isinstance(name, Mapping):
        config = name.get("config")
        if name.get("class_name") != "function":
            if isinstance(config, Mapping) and isinstance(config.get("fn"), Mapping):
                function = deserialize(config["fn"], custom_objects)
                name = {**name, "config": {**config, "fn": function}}
            return identifiers.from_config(name, known, "loss")
        name = str(config)
    if name not in known:
        raise ValueError(f"unknown loss {name!r}. {_suggest(name, known)}")
    return known[name]


def _suggest(name: Any, known: Mapping[str, Any]) -> str:
    # Each class is known by its function's name too: list it once.
    return suggest(name, [entry for entry in known if entry.islower()])
