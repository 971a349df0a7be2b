"""A folder in the place of a model's file: TensorFlow 2 saved models in folders."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from typing import Any

from keratorch import compat

_FILE = "saved_model.keras"


def _is_folder(path: Any) -> bool:
    """Return whether a script for Keras means a folder that is there."""
    named = compat._finder.serves_keras and isinstance(path, (str, os.PathLike))
    return named and os.path.isdir(path)


def saving(save: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``save(model, path)`` that writes into a folder, too, in such a script."""

    @functools.wraps(save)
    def saved(model: Any, filepath: Any, *args: Any, **kwargs: Any) -> Any:
        if _is_folder(filepath):
            filepath = os.path.join(filepath, _FILE)
        return save(model, filepath, *args, **kwargs)

    return saved


def loading(load: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``load(path)`` that finds the file in a folder, too."""

    @functools.wraps(load)
    def loaded(filepath: Any, *args: Any, **kwargs: Any) -> Any:
        if _is_folder(filepath) and _FILE in os.listdir(filepath):
            filepath = os.path.join(filepath, _FILE)
        return load(filepath, *args, **kwargs)

    return loaded
