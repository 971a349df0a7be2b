"""Losses: what training makes small.

    loss = SparseCategoricalCrossentropy(from_logits=True)
    loss(labels, model(x)).backward()

A class returns one number, with its function's formula; a function returns a loss per
sample. `LOSSES` lists them all; `get` finds one by its name.
"""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Mapping, MutableMapping
from typing import TYPE_CHECKING, Any

from keratorch import identifiers, lazy
from keratorch.custom_objects import known_objects
from keratorch.losses.loss import Loss, LossFunctionWrapper

if TYPE_CHECKING:
    from keratorch.losses.divergence import (
        KLDivergence,
        Poisson,
        kl_divergence,
        poisson,
    )
    from keratorch.losses.focal import (
        BinaryFocalCrossentropy,
        CategoricalFocalCrossentropy,
        CategoricalGeneralizedCrossEntropy,
        binary_focal_crossentropy,
        categorical_focal_crossentropy,
        categorical_generalized_cross_entropy,
    )
    from keratorch.losses.margin import (
        CategoricalHinge,
        Hinge,
        SquaredHinge,
        categorical_hinge,
        hinge,
        squared_hinge,
    )
    from keratorch.losses.overlap import Dice, Tversky, dice, tversky
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
    from keratorch.losses.sequence import CTC, ctc
    from keratorch.losses.similarity import Circle, circle

_FILES = {
    "divergence": "KLDivergence Poisson kl_divergence poisson",
    "focal": (
        "BinaryFocalCrossentropy CategoricalFocalCrossentropy "
        "CategoricalGeneralizedCrossEntropy binary_focal_crossentropy "
        "categorical_focal_crossentropy categorical_generalized_cross_entropy"
    ),
    "margin": (
        "CategoricalHinge Hinge SquaredHinge categorical_hinge hinge squared_hinge"
    ),
    "overlap": "Dice Tversky dice tversky",
    "probabilistic": (
        "BinaryCrossentropy CategoricalCrossentropy SparseCategoricalCrossentropy "
        "binary_crossentropy categorical_crossentropy sparse_categorical_crossentropy"
    ),
    "reduction": "reduce_weighted_values",
    "regression": (
        "CosineSimilarity Huber LogCosh MeanAbsoluteError MeanAbsolutePercentageError "
        "MeanSquaredError MeanSquaredLogarithmicError cosine_similarity huber "
        "log_cosh mean_absolute_error mean_absolute_percentage_error "
        "mean_squared_error mean_squared_logarithmic_error"
    ),
    "sequence": "CTC ctc",
    "similarity": "Circle circle",
}
__getattr__, __dir__ = lazy.contents(__name__, _FILES)

__all__ = [
    "LOSSES",
    "BinaryCrossentropy",
    "BinaryFocalCrossentropy",
    "CTC",
    "CategoricalCrossentropy",
    "CategoricalFocalCrossentropy",
    "CategoricalGeneralizedCrossEntropy",
    "CategoricalHinge",
    "Circle",
    "CosineSimilarity",
    "Dice",
    "Hinge",
    "Huber",
    "KLDivergence",
    "LogCosh",
    "Loss",
    "LossFunctionWrapper",
    "MeanAbsoluteError",
    "MeanAbsolutePercentageError",
    "MeanSquaredError",
    "MeanSquaredLogarithmicError",
    "Poisson",
    "SparseCategoricalCrossentropy",
    "SquaredHinge",
    "Tversky",
    "binary_crossentropy",
    "binary_focal_crossentropy",
    "categorical_crossentropy",
    "categorical_focal_crossentropy",
    "categorical_generalized_cross_entropy",
    "categorical_hinge",
    "circle",
    "cosine_similarity",
    "ctc",
    "deserialize",
    "dice",
    "get",
    "hinge",
    "huber",
    "kl_divergence",
    "log_cosh",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_squared_error",
    "mean_squared_logarithmic_error",
    "poisson",
    "reduce_weighted_values",
    "serialize",
    "sparse_categorical_crossentropy",
    "squared_hinge",
    "tversky",
]

_NAMES = {
    name: name
    for names in _FILES.values()
    for name in names.split()
    if name != "reduce_weighted_values"
}
#: Keras's names: a class for a CamelCase name, a function for the others.
LOSSES: MutableMapping[str, Any] = lazy.Table(
    __name__,
    {
        **_NAMES,
        "LossFunctionWrapper": "LossFunctionWrapper",
        "BCE": "binary_crossentropy",
        "KLD": "kl_divergence",
        "MAE": "mean_absolute_error",
        "MAPE": "mean_absolute_percentage_error",
        "MSE": "mean_squared_error",
        "MSLE": "mean_squared_logarithmic_error",
        "bce": "binary_crossentropy",
        "kld": "kl_divergence",
        "mae": "mean_absolute_error",
        "mape": "mean_absolute_percentage_error",
        "mse": "mean_squared_error",
        "msle": "mean_squared_logarithmic_error",
        # Keras 2's
        "cosine_proximity": "cosine_similarity",
        "kullback_leibler_divergence": "kl_divergence",
        "logcosh": "log_cosh",
    },
)


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
        found = found()
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
    return identifiers.describe_function(loss)


def deserialize(
    name: str | Mapping[str, Any], custom_objects: Mapping[str, Any] | None = None
) -> Any:
    """Return the loss or function that a name or configuration stands for.

    Parameters
    ----------
    name : str, or what `serialize` returned.
    custom_objects : dict from names to losses and functions that are found as well.

    Raises
    ------
    ValueError : no loss of this name.
    """
    known = known_objects(LOSSES, custom_objects)
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
    found = known[name]
    return found() if inspect.isclass(found) else found


def _suggest(name: Any, known: Mapping[str, Any]) -> str:
    """Return a sentence with the names nearest to one that is unknown."""
    # Each class is known by its function's name too: list it once.
    names = [entry for entry in known if entry.islower()]
    near = difflib.get_close_matches(str(name).lower(), names, n=2)
    question = f"Did you mean {' or '.join(map(repr, near))}? " if near else ""
    return (
        f"{question}keratorch.losses.LOSSES has all names, such as 'mse'. One of your "
        "own is found when passed, as in custom_objects={'name': function}."
    )
