"""Functions of `Lambda` layers that files name and this process still has.

Keras 2 wrote the code of such a function into the file. KeraTorch runs no code from
files; but a script that saves a model and loads it again has the function at hand. So
the file holds a number which stands for the function in this process alone.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Mapping
from typing import Any

from keratorch import compat

_KEY = "in_process"
_PROCESS = os.urandom(8).hex()  # which no file can know that was not written here
_functions: dict[str, Callable[..., Any]] = {}


def writing(describe: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return the function that describes a function, which it remembers, in scripts."""

    @functools.wraps(describe)
    def described(part: Any) -> Any:
        description = describe(part)
        if not (compat._finder.serves_keras and callable(part)):
            return description
        if not isinstance(description, Mapping):
            return description
        number = f"{_PROCESS}-{id(part)}"
        _functions[number] = part  # kept alive, so that its id stays its own
        return {**description, _KEY: number}

    return described


def reading(find: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function that finds a described function, here if nowhere else."""

    @functools.wraps(find)
    def found(description: Mapping[str, Any], layer: str | None) -> Any:
        try:
            return find(description, layer)
        except ValueError:
            function = _functions.get(str(description.get(_KEY)))
            if function is None or not compat._finder.serves_keras:
                raise
            return function

    return found
