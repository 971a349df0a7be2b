"""From names and configurations to optimizers, and back."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping, MutableMapping
from typing import Any

from keratorch import identifiers, lazy
from keratorch.optimizers.optimizer import Optimizer

_CLASSES = (
    "Adadelta",
    "Adafactor",
    "Adagrad",
    "Adam",
    "AdamW",
    "Adamax",
    "Ftrl",
    "Lamb",
    "Lion",
    "Muon",
    "Nadam",
    "RMSprop",
    "SGD",
    "ScheduleFreeAdamW",
)
_WRAPPERS = (
    "LossScaleOptimizer",
    "MultiOptimizer",
)  # made with optimizers, not by name
#: Classes by their name, and by that in small letters.
OPTIMIZERS: MutableMapping[str, Any] = lazy.Table(
    "keratorch.optimizers",
    {
        **{name: name for name in (*_CLASSES, *_WRAPPERS)},
        **{name.lower(): name for name in _CLASSES},
    },
)


def get(identifier: Any) -> Any:
    """Return the optimizer that a name, class or configuration stands for.

    Parameters
    ----------
    identifier : str such as 'adam' in any case, an optimizer, its class, its
        configuration, or None.

    Returns
    -------
    An optimizer; None for None.

    Raises
    ------
    ValueError : a name or an object that stands for no optimizer.

    Examples
    --------
    >>> from keratorch import optimizers
    >>> optimizers.get("RMSprop")
    RMSprop(learning_rate=0.001)
    """
    if isinstance(identifier, Optimizer):
        return identifier
    if isinstance(identifier, str) and identifier not in OPTIMIZERS:
        identifier = identifier.lower()
    elif isinstance(identifier, Mapping):
        return deserialize(dict(identifier))
    found = identifiers.resolve(identifier, OPTIMIZERS, "optimizer")
    if found is not None and not isinstance(found, Optimizer):
        raise ValueError(
            "optimizer must be a name such as 'adam', an Optimizer, its class or its "
            f"configuration; received an object of type {type(found).__name__}."
        )
    return found


def serialize(optimizer: Any) -> dict[str, Any]:
    """Return the configuration from which `deserialize` makes an equal optimizer."""
    return identifiers.serialize(optimizer, "keras.optimizers")


def deserialize(
    config: dict[str, Any], custom_objects: Mapping[str, Any] | None = None
) -> Any:
    """Return the optimizer that a configuration describes, in its first state.

    Parameters
    ----------
    config : dict with 'class_name' and 'config'.
    custom_objects : dict from names to classes that are found as well.

    Raises
    ------
    ValueError : the name of no optimizer.

    Examples
    --------
    >>> from keratorch.optimizers import SGD
    >>> deserialize(serialize(SGD(0.5, momentum=0.9)))
    SGD(learning_rate=0.5)
    """
    known = ChainMap({**(custom_objects or {})}, OPTIMIZERS)
    name = config.get("class_name") if isinstance(config, Mapping) else None
    if isinstance(name, str) and name not in known:
        config = {**config, "class_name": name.lower()}
    return identifiers.from_config(config, known, "optimizer")
