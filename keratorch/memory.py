"""What becomes of the memory that large arrays give back."""

from __future__ import annotations

import ctypes
import functools
import os
from typing import Any

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # the names of glibc's settings
_KEPT = 2**30  # bytes that stay with the process, for the next arrays
_LARGE = 2**25  # bytes; larger blocks go back to the system at once
_SET_BY_USER = ("MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_", "GLIBC_TUNABLES")


@functools.cache
def keep_freed() -> None:
    """Let the process keep the memory of arrays that are gone, for those to come.

    A training step makes and drops the same arrays again and again. glibc hands large
    ones back to the system, which then clears each page anew at its first use: with
    arrays of some megabytes up to a third of the step. Does nothing where the C library
    is another one, or where the environment sets its thresholds already.
    """
    if any(name in os.environ for name in _SET_BY_USER):
        return
    mallopt = _of_glibc("mallopt")
    if mallopt is not None:
        mallopt(_TRIM_THRESHOLD, _KEPT)
        mallopt(_MMAP_THRESHOLD, _LARGE)


def give_freed_back() -> None:
    """Give the system the memory of arrays that are gone, where smaller ones follow.

    Does nothing where the C library is another one than glibc.
    """
    malloc_trim = _of_glibc("malloc_trim")
    if malloc_trim is not None:
        malloc_trim(0)


def _of_glibc(name: str) -> Any:
    """Return a function of the C library, or None where it has none of this name."""
    try:
        return getattr(ctypes.CDLL(None), name)
    except (OSError, AttributeError, TypeError):
        return None
