"""Each older spelling is named once, with the modern one."""

from __future__ import annotations

import importlib
import linecache
import os
import sys
import warnings
from types import FrameType

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
_IMPORTING = os.path.dirname(importlib.__file__)

_said: set[str] = set()


def say_modern(old: str, modern: str) -> None:
    """Warn, once in a process, that `old` is an older spelling, and name the modern.

    Examples
    --------
    >>> import warnings
    >>> with warnings.catch_warnings(record=True) as caught:
    ...     warnings.simplefilter("always")
    ...     say_modern("a doctest's old_name", "new_name")
    ...     say_modern("a doctest's old_name", "new_name")
    >>> [str(warning.message) for warning in caught]
    ["a doctest's old_name is an older spelling. Write new_name."]
    """
    if old in _said:
        return
    depth, frame = _user()
    line = linecache.getline(frame.f_code.co_filename, frame.f_lineno)
    if "import *" in line:
        return  # which brings all names, and says nothing of those that are used
    _said.add(old)
    message = f"{old} is an older spelling. Write {modern}."
    warnings.warn(message, DeprecationWarning, stacklevel=depth)


def warn_once(message: str) -> None:
    """Warn, once in a process, at the innermost line of the user's."""
    if message not in _said:
        _said.add(message)
        warnings.warn(message, UserWarning, stacklevel=_user()[0])


def forget() -> None:
    """Let everything be said anew."""
    _said.clear()


def _user() -> tuple[int, FrameType]:
    """Return the innermost frame outside KeraTorch and importlib, and its stacklevel.

    The level counts from the function that asks.
    """
    depth, frame = 1, sys._getframe(1)
    while frame.f_back:
        file = frame.f_code.co_filename
        hidden = file.startswith("<frozen importlib")  # which warnings do not count
        if not hidden and not file.startswith((_PACKAGE, _IMPORTING)):
            break
        depth, frame = depth + (not hidden), frame.f_back
    return depth, frame
