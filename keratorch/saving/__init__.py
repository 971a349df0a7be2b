"""Models and weights in files, and configurations as objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import keratorch.models  # noqa: F401 - files name the classes of models, which it knows
from keratorch import lazy
from keratorch.custom_objects import (
    CustomObjectScope,
    custom_object_scope,
    get_custom_objects,
    get_registered_name,
    get_registered_object,
    register_keras_serializable,
)

if TYPE_CHECKING:
    from keratorch.saving.api import load_model, load_weights, save_model, save_weights
    from keratorch.saving.cloning import clone_model, model_from_config, model_from_json
    from keratorch.saving.file_editor import KerasFileEditor
    from keratorch.saving.methods import Saves
    from keratorch.saving.objects import (
        deserialize_keras_object,
        serialize_keras_object,
    )

_FILES = {
    "api": "load_model load_weights save_model save_weights",
    "cloning": "clone_model model_from_config model_from_json",
    "file_editor": "KerasFileEditor",
    "methods": "Saves",
    "objects": "deserialize_keras_object serialize_keras_object",
}
__getattr__, __dir__ = lazy.contents(__name__, _FILES)

__all__ = [
    "CustomObjectScope",
    "KerasFileEditor",
    "Saves",
    "clone_model",
    "custom_object_scope",
    "deserialize_keras_object",
    "get_custom_objects",
    "get_registered_name",
    "get_registered_object",
    "load_model",
    "load_weights",
    "model_from_config",
    "model_from_json",
    "register_keras_serializable",
    "save_model",
    "save_weights",
    "serialize_keras_object",
]
