"""From configurations to layers, and back."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from typing import Any

from keratorch import identifiers, lazy
from keratorch.layers import sharing
from keratorch.layers.layer import Layer

layers = lazy.Postponed("keratorch.layers")


def serialize(layer: Layer) -> dict[str, Any]:
    """Describe a layer in Keras's form, ready for JSON."""
    description = identifiers.serialize(layer, "keras.layers")
    if layer.built or getattr(layer, "_built_shape", None) is not None:
        build_config = layer.get_build_config()
        if build_config is not None:
            description["build_config"] = build_config
    sharing.mark(description, layer)
    return description


def deserialize(
    config: Mapping[str, Any], custom_objects: Mapping[str, type] | None = None
) -> Layer:
    """Make the layer that `serialize` described.

    Parameters
    ----------
    custom_objects : dict from class names to layer classes of your own.
    """
    shared = sharing.known(config)
    if shared is not None:
        return shared
    known = ChainMap({**(custom_objects or {})}, layers.LAYERS)
    layer = identifiers.from_config(config, known, "layer")
    build_config = config.get("build_config")
    if build_config and not getattr(layer, "built", True):
        layer.build_from_config(build_config)
    sharing.remember(config, layer)
    return layer
