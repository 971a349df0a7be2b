"""What `compile` was given, as a configuration and back."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from keratorch import losses, metrics, optimizers
from keratorch.custom_objects import known_objects
from keratorch.naming import to_snake_case
from keratorch.saving.objects import plain
from keratorch.training.user_warning import warn

# Names whose metric depends on the shapes of the data: they stay names.
_BY_SHAPE = ("accuracy", "acc", "crossentropy", "ce")


def compile_config(given: Mapping[str, Any]) -> dict[str, Any]:
    """Describe the arguments of `compile`, ready for JSON.

    Parameters
    ----------
    given : dict of the arguments by name, the optimizer as an object.
    """
    return plain(given)


def compile_arguments(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of `compile` that a configuration describes.

    Raises
    ------
    ValueError : a class or function that is not known.
    """
    known = known_objects({})

    def metric(described: Any) -> Any:
        if described in _BY_SHAPE:
            return described
        return _loss_or_metric(metrics, described, known)

    optimizer = config.get("optimizer")
    if isinstance(optimizer, Mapping):
        optimizer = optimizers.deserialize(dict(optimizer), known)
    arguments = {
        "optimizer": optimizer,
        "loss": _nested(
            lambda x: _loss_or_metric(losses, x, known), config.get("loss")
        ),
        "loss_weights": config.get("loss_weights"),
        "metrics": _nested(metric, config.get("metrics")),
        "weighted_metrics": _nested(metric, config.get("weighted_metrics")),
        "run_eagerly": config.get("run_eagerly", False),
        "steps_per_execution": config.get("steps_per_execution", 1),
    }
    return {key: value for key, value in arguments.items() if value is not None}


def compile_from_config(model: Any, config: Mapping[str, Any]) -> None:
    """Compile a model as a configuration says.

    Raises
    ------
    ValueError : a class or function that is not known.
    """
    own = type(model).compile
    if not str(own.__module__).startswith("keratorch."):
        warn(
            f"{type(model).__name__} has a compile() of its own, whose arguments the "
            "file does not hold: the model is not compiled. Call compile()."
        )
        return
    try:
        arguments = compile_arguments(config)
    except ValueError as error:
        raise ValueError(
            f"{error} To load the model without its training configuration, pass "
            "compile=False."
        ) from error
    model.compile(**arguments)


def losses_as_objects(described: Any) -> Any:
    """Return losses described by objects, which Keras 3 needs in HDF5 files."""

    def as_object(loss: Any) -> Any:
        name = loss["config"] if isinstance(loss, Mapping) else loss
        function = losses.LOSSES.get(name) if isinstance(name, str) else None
        wanted = getattr(function, "__name__", "")
        for cls in losses.LOSSES.values():
            if inspect.isclass(cls) and to_snake_case(cls.__name__) == wanted:
                return losses.serialize(cls())
        return loss

    return _nested(as_object, described)


def _loss_or_metric(room: Any, described: Any, known: Mapping[str, Any]) -> Any:
    """Return an object for a description or a user's name; other names as they are."""
    if isinstance(described, str):
        return known.get(described, described)
    if isinstance(described, Mapping):
        return room.deserialize(described, known)
    return described


def _nested(function: Callable[[Any], Any], structure: Any) -> Any:
    """Apply a function to the names and descriptions in lists and dicts."""
    if isinstance(structure, Mapping) and "class_name" not in structure:
        return {key: _nested(function, part) for key, part in structure.items()}
    if isinstance(structure, (list, tuple)):
        return [_nested(function, part) for part in structure]
    return None if structure is None else function(structure)
