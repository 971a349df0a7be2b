"""Layers inside layers: building them, copying them, and their configurations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from keratorch import identifiers
from keratorch.custom_objects import CustomObjectScope
from keratorch.layers import sharing
from keratorch.layers.layer import Layer
from keratorch.lazy import Postponed

layers = Postponed("keratorch.layers")


def build_inner(inner: Any, shape: Any) -> None:
    """Build a layer inside another; what is no layer, or built, is left as it is."""
    if isinstance(inner, Layer) and not inner.built:
        inner.build_for(shape)


def serialized(inner: Any) -> dict[str, Any]:
    """Describe a layer inside another, as Keras writes it into configurations."""
    if not hasattr(inner, "get_config"):
        raise TypeError(
            f"{type(inner).__name__} has no get_config(), so no configuration can "
            "describe it. Define get_config(), or derive it from keratorch.Layer."
        )
    config = identifiers.serialize(inner, "keras.layers")
    shape = getattr(inner, "_built_shape", None)
    if getattr(inner, "built", False) and shape is not None:
        several = isinstance(shape, dict)
        config["build_config"] = {"shapes_dict" if several else "input_shape": shape}
    sharing.mark(config, inner)
    return config


def deserialized(config: Any, custom_objects: Mapping[str, Any] | None = None) -> Any:
    """Return the layer that `serialized` described; a layer is returned as it is.

    Only classes of the library, those registered and those that the caller passes are
    made.

    Raises
    ------
    ValueError : another class.
    """
    if not isinstance(config, Mapping):
        return config
    with CustomObjectScope(custom_objects):
        return layers.deserialize(config)


def copied(layer: Layer, **changes: Any) -> Any:
    """Return a new layer with the configuration of another, and some changes."""
    classes = {type(one).__name__: type(one) for one in layer._flat_layers()}
    description = identifiers.serialize(layer, "keras.layers")
    description["config"] = {**description["config"], **changes}
    return deserialized(description, classes)
