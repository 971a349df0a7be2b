"""Distillation: a small model learns from the outputs of a large one.

distiller = Distiller(teacher, student, LogitsDistillation(temperature=3.0))
distiller.compile("adam", loss="sparse_categorical_crossentropy")
distiller.fit(x, y)
distiller.student.predict(x)
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from typing import Any

from keratorch import identifiers, lazy

_FILES = {
    "distillation_loss": "DistillationLoss",
    "distiller": "Distiller",
    "feature_distillation": "FeatureDistillation",
    "logits_distillation": "LogitsDistillation",
}
__getattr__, __dir__ = lazy.contents(__name__, _FILES)
__all__ = ["DistillationLoss", "Distiller", "FeatureDistillation", "LogitsDistillation"]

DISTILLATION = lazy.Table(__name__, {name: name for name in __all__})


def deserialize(
    config: Mapping[str, Any], custom_objects: Mapping[str, type] | None = None
) -> Any:
    """Return the loss or model that a configuration describes.

    Raises
    ------
    ValueError : no class of this name.
    """
    known = ChainMap({**(custom_objects or {})}, DISTILLATION)
    return identifiers.from_config(config, known, "distillation loss")
