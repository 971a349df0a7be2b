"""What becomes of the memory that large arrays give back."""

from __future__ import annotations

import ctypes
import functools
import os

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
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError, TypeError):
        return
    mallopt(_TRIM_THRESHOLD, _KEPT)
    mallopt(_MMAP_THRESHOLD, _LARGE)
