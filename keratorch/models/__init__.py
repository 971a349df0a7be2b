"""Models: layers put together and trained."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from keratorch import lazy
from keratorch.errors import suggest
from keratorch.layers import LAYERS
from keratorch.models.functional import Functional
from keratorch.models.model import Model
from keratorch.models.sequential import Sequential

if TYPE_CHECKING:
    from keratorch.saving import clone_model as clone_model
    from keratorch.saving import load_model as load_model
    from keratorch.saving import model_from_config as model_from_config
    from keratorch.saving import model_from_json as model_from_json
    from keratorch.saving import save_model as save_model

_OF_SAVING = (
    "clone_model",
    "load_model",
    "model_from_config",
    "model_from_json",
    "save_model",
)
__all__ = [
    "Functional",
    "Model",
    "Sequential",
    "clone_model",
    "load_model",
    "model_from_config",
    "model_from_json",
    "save_model",
]

# A model inside a model is a layer, which a configuration names.
_LATER: Any = lazy.Postponed("keratorch.models.feature_space")
LAYERS.update(
    {"FeatureSpace": _LATER, "Functional": Functional, "Sequential": Sequential}
)
_DISTILLER: Any = lazy.Postponed("keratorch.distillation.distiller")
LAYERS["Distiller"] = _DISTILLER


def __getattr__(name: str) -> Any:
    """Load what reads and writes files when it is first asked for."""
    if name in _OF_SAVING:
        return getattr(importlib.import_module("keratorch.saving"), name)
    if name.startswith("__"):
        raise AttributeError(name)
    raise AttributeError(f"keratorch.models has no {name!r}. {suggest(name, __all__)}")
