"""From configurations to layers, and back."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from typing import Any

from keratorch import identifiers, lazy
from keratorch.layers.layer import Layer

layers = lazy.Postponed("keratorch.layers")


def serialize(layer: Layer) -> dict[str, Any]:
    """Describe a layer in Keras's form, ready for JSON."""
    description = identifiers.serialize(layer, "keras.layers")
    if layer.built or layer._built_shape is not None:
        build_config = layer.get_build_config()
        if build_config is not None:
            description["build_config"] = build_config
    return description


def deserialize(
    config: Mapping[str, Any], custom_objects: Mapping[str, type] | None = None
) -> Layer:
    """Make the layer that `serialize` described.

    Parameters
    ----------
    custom_objects : dict from class names to layer classes of your own.
    """
    known = ChainMap({**(custom_objects or {})}, layers.LAYERS)
    layer = identifiers.from_config(config, known, "layer")
    build_config = config.get("build_config")
    if build_config and _builds_its_own_way(layer):
        layer.build_from_config(build_config)
    return layer


def _builds_its_own_way(layer: Any) -> bool:
    """Return whether a layer may need more than a shape to be built."""
    way = getattr(type(layer), "build_from_config", None)
    ours = __name__.partition(".")[0]
    return way is not None and way.__module__.partition(".")[0] != ours
