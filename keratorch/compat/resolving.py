"""From a dotted name to what it names."""

from __future__ import annotations

import importlib
from typing import Any


def resolve(target: str) -> Any:
    """Return the module or the object of a name below `keratorch`.

    Raises
    ------
    ImportError, AttributeError : there is none.

    Examples
    --------
    >>> import keratorch
    >>> resolve("layers.Dense") is keratorch.layers.Dense
    True
    """
    name = f"keratorch.{target}".rstrip(".")
    room, _, attribute = name.rpartition(".")
    if room:
        module = importlib.import_module(room)
        if hasattr(module, attribute):
            return getattr(module, attribute)
    return importlib.import_module(name)
