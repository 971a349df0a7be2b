"""`tf.experimental.numpy`: NumPy's functions, whose results are tensors."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from keratorch.core import GradArray
from keratorch.nested import is_nested, map_structure
from keratorch.ops import convert_to_tensor


class _Random:
    """NumPy's random numbers, as tensors."""

    def __getattr__(self, name: str) -> Any:
        return _giving_tensors(getattr(np.random, name))


_OWN = {"ndarray": GradArray, "random": _Random()}


def lookup(name: str) -> Any:
    """Return what a name of NumPy means; None where NumPy has none.

    Examples
    --------
    >>> lookup("sum")([1, 2]).numpy()
    array(3)
    >>> lookup("pi")
    3.141592653589793
    """
    if name in _OWN:
        return _OWN[name]
    found = getattr(np, name, None)
    if isinstance(found, type) or not callable(found):
        return found
    return _giving_tensors(found)


def _giving_tensors(function: Any) -> Any:
    @functools.wraps(function, updated=())
    def called(*args: Any, **kwargs: Any) -> Any:
        return _as_tensors(function(*args, **kwargs))

    return called


def _as_tensors(result: Any) -> Any:
    if is_nested(result):
        return map_structure(_as_tensors, result)
    if isinstance(result, (np.ndarray, np.generic)) and result.dtype.kind in "biufc":
        return convert_to_tensor(result)
    return result
