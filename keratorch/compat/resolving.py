"""From a dotted name to what it names."""

from __future__ import annotations

import importlib
from typing import Any


def resolve(target: str) -> Any:
    """Return the module, the object or the method of a name below `keratorch`.

    Raises
    ------
    ImportError, AttributeError : there is none.

    Examples
    --------
    >>> import keratorch
    >>> resolve("layers.Dense") is keratorch.layers.Dense
    True
    >>> resolve("utils.Dataset.range") == keratorch.utils.Dataset.range
    True
    """
    name = f"keratorch.{target}".rstrip(".")
    room, _, attribute = name.rpartition(".")
    if room:
        try:
            owner = importlib.import_module(room)
        except ModuleNotFoundError:
            return getattr(resolve(room.partition(".")[2]), attribute)
        if hasattr(owner, attribute):
            return getattr(owner, attribute)
    return importlib.import_module(name)
