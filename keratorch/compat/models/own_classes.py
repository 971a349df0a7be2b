"""Layers of a script's own in the models that it saves into folders.

TensorFlow wrote the computation of such layers into the folder, and read it without
their classes. KeraTorch reads no code; but a script that saves a model and loads it
again has the classes at hand.
"""

from __future__ import annotations

import os
from typing import Any

_classes: dict[str, dict[str, type]] = {}


def remember(folder: str, model: Any) -> None:
    """Note the classes of the script in a model that was saved into a folder."""
    kinds = {type(layer) for layer in model._flat_layers()}
    own = {kind for kind in kinds if not kind.__module__.startswith("keratorch.")}
    _classes[os.path.realpath(folder)] = {kind.__name__: kind for kind in own}


def remembered(folder: str) -> dict[str, type]:
    """Return the classes of what this process saved into a folder last, by name."""
    return _classes.get(os.path.realpath(folder), {})
