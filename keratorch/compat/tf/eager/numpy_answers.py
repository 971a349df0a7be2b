"""What NumPy's functions answer of tensors: NumPy's values, in scripts for TensorFlow.

    print("Threshold:", np.mean(loss) + np.std(loss))

To NumPy a tensor of TensorFlow is its values. Here the functions give GradArrays, as
gradients need them: in losses, layers and steps, which the library calls, and while a
tape records. A script that calls a function by itself gets what TensorFlow's would.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import numpy as np

from keratorch.core import GradArray
from keratorch.modes import current_mode
from keratorch.nested import map_structure

#: Modules that run a script.
_STARTERS = ("keratorch.__main__", "keratorch.compat.run")
_of_library: set[int] = set()  # names of modules of this library, by their dicts


def add() -> None:
    """Let NumPy's functions give NumPy's values of GradArrays."""
    GradArray.__array_function__ = _answer  # type: ignore[method-assign, assignment]


def remove() -> None:
    """Let NumPy's functions give GradArrays."""
    if "__array_function__" in vars(GradArray):
        del GradArray.__array_function__


def _answer(
    x: GradArray, function: Callable[..., Any], types: Any, args: tuple, kwargs: dict
) -> Any:
    result = x._record(function, args, kwargs)
    caller = sys._getframe(1)
    if id(caller.f_globals) in _of_library:  # as most calls are
        return result
    by_script = _is_below_scripts_alone(caller)
    is_outside = by_script and current_mode.get().previous is None
    return map_structure(_values, result) if is_outside else result


def _is_below_scripts_alone(frame: FrameType | None) -> bool:
    """Return whether no function of this library is among those that are running."""
    while frame is not None:
        name = frame.f_globals.get("__name__") or ""
        if name.startswith("keratorch.") and name not in _STARTERS:
            _of_library.add(id(frame.f_globals))
            return False
        frame = frame.f_back
    return True


def _values(x: Any) -> Any:
    """Return the values of a GradArray, which may be overwritten; else what it is."""
    if not isinstance(x, GradArray):
        return x
    return np.array(x._array) if x._array.ndim else x._array[()]
