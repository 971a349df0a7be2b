"""Layers: one concept a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from keratorch import identifiers
from keratorch.layers.activation import Activation
from keratorch.layers.dense import Dense
from keratorch.layers.dropout import Dropout
from keratorch.layers.flatten import Flatten
from keratorch.layers.input import Input, InputLayer
from keratorch.layers.layer import Layer
from keratorch.layers.reshape import Reshape

LAYERS: dict[str, type[Layer]] = {
    layer.__name__: layer
    for layer in (Activation, Dense, Dropout, Flatten, InputLayer, Reshape)
}

__all__ = [
    "Activation",
    "Dense",
    "Dropout",
    "Flatten",
    "Input",
    "InputLayer",
    "Layer",
    "Reshape",
    "deserialize",
    "serialize",
]


def serialize(layer: Layer) -> dict[str, Any]:
    """Describe a layer in Keras's form, ready for JSON."""
    description = identifiers.serialize(layer, "keras.layers")
    if layer._built_shape is not None:
        description["build_config"] = {"input_shape": layer._built_shape}
    return description


def deserialize(
    config: Mapping[str, Any], custom_objects: Mapping[str, type] | None = None
) -> Layer:
    """Make the layer that `serialize` described.

    Parameters
    ----------
    custom_objects : dict from class names to layer classes of your own.
    """
    known = {**LAYERS, **(custom_objects or {})}
    return identifiers.from_config(config, known, "layer")
