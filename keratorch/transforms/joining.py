"""Arrays made of GradArrays, as programs write them: ``np.array([x[0], x[1] ** 2])``.

NumPy asks none of the elements of a list how to join them, unless ``like=x`` names one.
So while a transform runs its function, and no longer, np.array, np.full and the like
look for GradArrays themselves. Of anything else they make what NumPy makes.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from typing import Any

import numpy as np

from keratorch.registry import compositions


class _Joining:
    """A context in which np.array and the like join GradArrays, in any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0  # how many blocks are open, in all threads

    def __enter__(self) -> None:
        with self._lock:
            if not self._inside:
                _exchange(_PLAIN, _JOINING)
            self._inside += 1

    def __exit__(self, *error: object) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside:
                _exchange(_JOINING, _PLAIN)


joining = _Joining()


def _exchange(old: dict[str, Callable], new: dict[str, Callable]) -> None:
    for name, function in new.items():
        if getattr(np, name) is old[name]:  # and not what somebody else has put there
            setattr(np, name, function)


def _joining(plain: Callable, join: Callable, within: bool) -> Callable:
    """Return a function that takes GradArrays, and is NumPy's for all else.

    Does it find them `within` lists as well? Where operations convert their arguments,
    with np.asarray, it must not: a list of GradArrays is no constant.
    """

    @functools.wraps(plain)
    def function(*args: Any, **kwargs: Any) -> Any:
        for x in (*args, *kwargs.values()):
            if hasattr(x, "_grad_op") or (
                within and isinstance(x, (list, tuple)) and _holds_arrays(x)
            ):
                kwargs.pop("like", None)
                kwargs.pop("subok", None)  # no subclass comes out
                return join(*args, **kwargs)
        return plain(*args, **kwargs)

    return function


def _holds_arrays(nested: list | tuple) -> bool:
    """Return whether there is a GradArray in nested lists and tuples."""
    for x in nested:
        if hasattr(x, "_grad_op"):
            return True
        if isinstance(x, (list, tuple)) and _holds_arrays(x):
            return True
    return False


_as_array = compositions[np.asarray]
_JOINS: dict[Callable, tuple[Callable, bool]] = {
    np.array: (compositions[np.array], True),
    np.full: (compositions[np.full], True),
    np.asarray: (_as_array, False),
    np.asanyarray: (_as_array, False),
    np.ascontiguousarray: (functools.partial(_as_array, order="C"), False),
}
_PLAIN: dict[str, Callable] = {plain.__name__: plain for plain in _JOINS}
_JOINING = {
    plain.__name__: _joining(plain, *settings) for plain, settings in _JOINS.items()
}
