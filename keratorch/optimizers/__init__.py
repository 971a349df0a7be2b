"""Rules that change weights by their gradients: `get` finds one by its name.

    model.compile(optimizer="adam")
    model.compile(optimizer=Adam(learning_rate=0.01, clipnorm=1.0))

or, in PyTorch's style,

    optimizer = Adam(model.parameters(), lr=0.01)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

Each is a formula for one weight (see `SGD.update`); `Optimizer` does the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from keratorch import identifiers
from keratorch.optimizers import schedules
from keratorch.optimizers.adam import Adam
from keratorch.optimizers.adamw import AdamW
from keratorch.optimizers.optimizer import Optimizer
from keratorch.optimizers.rmsprop import RMSprop
from keratorch.optimizers.sgd import SGD

OPTIMIZERS: dict[str, type[Optimizer]] = {
    "Adam": Adam,
    "AdamW": AdamW,
    "RMSprop": RMSprop,
    "SGD": SGD,
    "adam": Adam,
    "adamw": AdamW,
    "rmsprop": RMSprop,
    "sgd": SGD,
}


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
    >>> get("RMSprop")
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


def serialize(optimizer: Optimizer) -> dict[str, Any]:
    """Return the configuration from which `deserialize` makes an equal optimizer."""
    return identifiers.serialize(optimizer, "keras.optimizers")


def deserialize(config: dict[str, Any]) -> Optimizer:
    """Return the optimizer that a configuration describes, in its first state.

    Raises
    ------
    ValueError : the name of no optimizer.

    Examples
    --------
    >>> deserialize(serialize(SGD(0.5, momentum=0.9)))
    SGD(learning_rate=0.5)
    """
    name = config.get("class_name")
    if isinstance(name, str) and name not in OPTIMIZERS:
        config = {**config, "class_name": name.lower()}
    return identifiers.from_config(config, OPTIMIZERS, "optimizer")


__all__ = [
    "OPTIMIZERS",
    "Adam",
    "AdamW",
    "Optimizer",
    "RMSprop",
    "SGD",
    "deserialize",
    "get",
    "schedules",
    "serialize",
]
