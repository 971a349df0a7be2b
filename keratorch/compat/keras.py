"""What `import keras` gives a script that KeraTorch runs: KeraTorch, dated 3.15."""

from __future__ import annotations

import importlib
import sys
from typing import Any

__version__ = "3.15.0"
__path__: list[str] = []  # scripts import keras.layers: a package


def __getattr__(name: str) -> Any:
    if name == "keras":
        return sys.modules[__name__]
    return getattr(importlib.import_module("keratorch"), name)


def __dir__() -> list[str]:
    return dir(importlib.import_module("keratorch"))
