"""Objects as configurations, and configurations as objects.

A configuration is made of what JSON holds.  It names classes and functions; those are
found in KeraTorch's tables, among what the user registered, and nowhere else.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

import numpy as np

from keratorch import (
    activations,
    constraints,
    dtype_policies,
    identifiers,
    initializers,
    layers,
    lazy,
    losses,
    metrics,
    optimizers,
    quantizers,
    random,
    regularizers,
)
from keratorch.core import GradArray
from keratorch.custom_objects import CustomObjectScope, known_objects
from keratorch.layers import Layer
from keratorch.losses import Loss
from keratorch.metrics import Metric
from keratorch.optimizers import Optimizer, schedules

# Rooms by the word in Keras's module paths, such as 'keras.src.losses.losses'.
_ROOMS: dict[str, Any] = {
    "schedules": schedules,
    "optimizers": optimizers,
    "losses": losses,
    "metrics": metrics,
    "initializers": initializers,
    "regularizers": regularizers,
    "constraints": constraints,
    "activations": activations,
    "quantizers": quantizers,
    "distillation": lazy.Postponed("keratorch.distillation"),
    "layers": layers,
}
# Classes that stand in no table: their room, and its path in Keras.
_ALONE: dict[str, tuple[Any, str]] = {
    **dict.fromkeys(dtype_policies.POLICIES, (dtype_policies, "keras.dtype_policies")),
    "DTypePolicy": (dtype_policies, "keras"),
    "FloatDTypePolicy": (dtype_policies, "keras"),
    "OptimizerMap": (optimizers, "keras.optimizers"),
    "SeedGenerator": (random, "keras.random"),
}


def serialize_keras_object(obj: Any) -> Any:
    """Describe an object in Keras's form, ready for JSON.

    Parameters
    ----------
    obj : layer, model, optimizer, loss, metric, function, array, slice, number, string,
        None, or lists, tuples and dicts of these.

    Raises
    ------
    TypeError : an object without ``get_config``.

    Examples
    --------
    >>> from keratorch.saving import serialize_keras_object
    >>> serialize_keras_object(slice(0, 2))["class_name"]
    '__slice__'
    """
    if obj is None or isinstance(obj, (bool, int, float, str)):
        return obj
    if isinstance(obj, (list, tuple)):
        return type(obj)(serialize_keras_object(item) for item in obj)
    if isinstance(obj, Mapping) and not hasattr(obj, "get_config"):
        return {key: serialize_keras_object(value) for key, value in obj.items()}
    plain = _special(obj)
    if plain is not None:
        return plain
    if isinstance(obj, np.generic) or (isinstance(obj, np.ndarray) and not obj.ndim):
        return obj.item()
    if inspect.isroutine(obj) or inspect.isclass(obj):
        return identifiers.describe_function(obj)
    if not hasattr(obj, "get_config"):
        raise TypeError(
            f"{type(obj).__name__} cannot be described in a configuration: it has no "
            "get_config(), which returns the arguments to make it again. Define it."
        )
    return _described(obj)


def deserialize_keras_object(
    config: Any,
    custom_objects: Mapping[str, Any] | None = None,
    safe_mode: bool = True,
) -> Any:
    """Return the object that `serialize_keras_object` described.

    Parameters
    ----------
    config : dict with 'class_name' and 'config'; or what JSON holds, with such dicts
        inside.
    custom_objects : dict from names to classes and functions of your own.
    safe_mode : bool. It changes nothing here: code is never read from a file.

    Raises
    ------
    ValueError : a class or function that is not known, or code.

    Examples
    --------
    >>> from keratorch import layers
    >>> from keratorch.saving import serialize_keras_object, deserialize_keras_object
    >>> deserialize_keras_object(serialize_keras_object(layers.Dense(3, name="out")))
    <Dense name=out, built=False>
    """
    with CustomObjectScope(custom_objects):
        return _restored(config)


def _special(obj: Any) -> Any:
    """Return the description of what JSON has no form for, None for other objects."""
    if obj is Ellipsis:
        return {"class_name": "__ellipsis__", "config": {}}
    if isinstance(obj, bytes):
        return {"class_name": "__bytes__", "config": {"value": obj.decode()}}
    if isinstance(obj, slice):
        bounds = {"start": obj.start, "stop": obj.stop, "step": obj.step}
        return {"class_name": "__slice__", "config": serialize_keras_object(bounds)}
    if isinstance(obj, np.dtype):
        return obj.name
    if isinstance(obj, (np.ndarray, GradArray)) and obj.ndim:
        kind = "__numpy__" if isinstance(obj, np.ndarray) else "__tensor__"
        values = np.asarray(obj)
        value = {"value": values.tolist(), "dtype": values.dtype.name}
        return {"class_name": kind, "config": value}
    return None


def _described(obj: Any) -> dict[str, Any]:
    if isinstance(obj, Layer):
        return described_layer(obj)
    kinds = [(Optimizer, "optimizers"), (Loss, "losses"), (Metric, "metrics")]
    rooms = [name for base, name in kinds if isinstance(obj, base)]
    default = rooms[0] if rooms else ""
    kind = type(obj).__name__
    if kind in _ALONE:
        return plain(identifiers.serialize(obj, _ALONE[kind][1]))
    tables = ((name, _table(_ROOMS[name])) for name in rooms or _ROOMS)
    room = next((name for name, table in tables if kind in table), default)
    path = {"schedules": "keras.optimizers.schedules", "": "keras"}
    return plain(identifiers.serialize(obj, path.get(room, f"keras.{room}")))


def described_layer(layer: Any) -> dict[str, Any]:
    """Describe a layer or a model, with how it was built and compiled."""
    description = layers.serialize(layer)
    for name in ("build", "compile"):
        get = getattr(layer, f"get_{name}_config", None)
        config = get() if get is not None else None
        if config:
            description[f"{name}_config"] = config
    return plain(description)


def plain(config: Any) -> Any:
    """Return a configuration in which objects are described too."""
    return serialize_keras_object(config)


def _restored(config: Any) -> Any:
    if isinstance(config, (list, tuple)):
        return [_restored(item) for item in config]
    if not isinstance(config, Mapping):
        return config
    if "class_name" not in config or "config" not in config:
        return {key: _restored(value) for key, value in config.items()}
    name, inner = config["class_name"], config["config"]
    if name == "__lambda__":
        raise ValueError(LAMBDA.format(where="the configuration"))
    if name == "__ellipsis__":
        return Ellipsis
    if name == "__bytes__":
        return inner["value"].encode()
    if name == "__slice__":
        return slice(*(inner.get(bound) for bound in ("start", "stop", "step")))
    if name in ("__numpy__", "__tensor__"):
        return np.array(inner["value"], dtype=np.dtype(inner["dtype"]))
    return _object(config)


LAMBDA = (
    "{where} holds a lambda, stored as Python code. KeraTorch never runs code from a "
    "file. Pass the function yourself: custom_objects={{'name of the Lambda layer': "
    "function}}."
)


def _object(config: Mapping[str, Any]) -> Any:
    name = str(config["class_name"])
    own = {name, config.get("registered_name")} & known_objects({}).keys()
    if name in _ALONE and not own:
        return getattr(_ALONE[name][0], name).from_config(dict(config["config"]))
    room = _room_of(config)
    found = room.deserialize(config, known_objects({}))
    build_config = config.get("build_config")
    if isinstance(found, Layer) and build_config and not found.built:
        build_from_config(found, build_config)
    if config.get("compile_config"):
        found.compile_from_config(config["compile_config"])
    return found


def build_from_config(layer: Any, config: Mapping[str, Any]) -> None:
    """Build a layer for the shapes that a configuration tells."""
    if hasattr(layer, "build_from_config"):
        layer.build_from_config(config)
    elif "shapes_dict" in config:
        layer._build_in_scope(**config["shapes_dict"])
    elif config.get("input_shape") is not None:
        layer.build_for(_tuples(config["input_shape"]))


def _tuples(shape: Any) -> Any:
    """Return a shape of a JSON file, or a structure of them, with tuples as shapes."""
    if isinstance(shape, Mapping):
        return {key: _tuples(part) for key, part in shape.items()}
    if all(n is None or isinstance(n, int) for n in shape):
        return tuple(shape)
    return [_tuples(part) for part in shape]


def _room_of(config: Mapping[str, Any]) -> Any:
    """Return the room that makes an object, by its module in Keras or by its name."""
    words = str(config.get("module") or "").split(".")
    for name, room in _ROOMS.items():
        if name in words:
            return room
    known = str(config["class_name"])
    if known == "function":
        known = str(config["config"])
    for room in (layers, *_ROOMS.values()):
        if known in _table(room):
            return room
    own = known_objects({}).get(config.get("registered_name") or known)
    own = own or known_objects({}).get(known)
    if own is not None:
        return _room_of_class(own)
    return layers


def _room_of_class(own: Any) -> Any:
    if not inspect.isclass(own):
        return losses  # which gives back functions as they are
    bases = [(Layer, layers), (Optimizer, optimizers), (Loss, losses)]
    bases += [(Metric, metrics)]
    return next((room for base, room in bases if issubclass(own, base)), layers)


def _table(room: Any) -> Mapping[str, Any]:
    """Return the dict of a room from names to classes or functions."""
    return getattr(room, room.__name__.rpartition(".")[2].upper(), {})
