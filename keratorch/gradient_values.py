"""Gradients as values: looked at, added, turned, handed over.

Most functions here take GradArrays too, which travel under ``create_graph=True``.
"""

from __future__ import annotations

from sys import getrefcount
from typing import Any

import numpy as np
from numpy import ndarray


def read_only(array: np.ndarray) -> np.ndarray:
    """Return a view of an array that cannot be written through."""
    view = array.view()
    view.setflags(write=False)
    return view


def guarded(x: Any) -> Any:
    """Return a read-only view of an array, and anything else as it is."""
    return read_only(x) if isinstance(x, ndarray) else x


def added(a: Any, b: Any) -> Any:
    """Return the sum of two gradients, an array also where NumPy makes a number."""
    total = a + b
    return np.asarray(total) if isinstance(total, np.generic) else total


def conjugated(gradient: Any) -> Any:
    """Turn between what users see of a complex gradient and what the walk carries."""
    if gradient.dtype.kind != "c":
        return gradient
    turned = gradient.conj()
    return np.asarray(turned) if isinstance(turned, np.generic) else turned


def as_constant(like: Any, array: np.ndarray) -> Any:
    """Return a GradArray, of the class that `like` has, that cannot be written into."""
    constant = like.detach()
    constant._array = read_only(array)
    return constant


def own(gradient: Any) -> Any:
    """Return a gradient that the walk found as the user's, who may write into it.

    It is copied where anybody but the caller, who hands it over, holds its memory.  A
    GradArray stays.
    """
    if type(gradient) is ndarray and (
        getrefcount(gradient) > _ALONE or gradient.base is not None
    ):
        return gradient.copy()
    return gradient


def _references_of_a_fresh_array() -> int:
    """Return the largest reference count that `own` takes for nobody else's.

    The calls themselves hold some, which differ by Python version.
    """
    global _ALONE
    for _ALONE in range(20):
        found = {0: np.empty(0)}
        place = id(found[0])
        if id(own(found.pop(0))) == place:
            return _ALONE
    return 0  # no reference counts here: every gradient is copied


_ALONE = 0
_ALONE = _references_of_a_fresh_array()
