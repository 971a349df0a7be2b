"""Sums of two scaled arrays, by a function of the BLAS library that NumPy carries.

``y = a * x + b * y`` is three passes over memory for NumPy, ``multiply``, ``multiply``
and ``add``.  BLAS calls it axpby and makes one.  NumPy has no name for it, but its
wheels come with an OpenBLAS whose functions can be called, where they are as they
should be; everywhere else NumPy's own passes do the same.
"""

from __future__ import annotations

import ctypes
import functools
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from keratorch import speed

_WORTH = 2**14  # elements from which the call costs less than it saves
_LETTERS: dict[np.dtype, str] = {np.dtype(np.float32): "s", np.dtype(np.float64): "d"}
# With the ending 64_ a library says that it counts in integers of 64 bits.
_NAMES = ("scipy_cblas_{}axpby64_", "cblas_{}axpby64_")
_CARRIERS = ("numpy._core._multiarray_umath", "numpy.core._multiarray_umath")
_Byte = ctypes.c_char * 1

Axpby = Callable[[int, float, Any, int, float, Any, int], None]


def axpby(
    a: float, x: np.ndarray, b: float, y: np.ndarray, scratch: np.ndarray
) -> None:
    """Let y be ``a * x + b * y``, in place.

    Where BLAS computes it, the sum is rounded once instead of twice; which of the two
    does, depends on the arrays' kind, size and layout alone. The textbook form is
    `by_passes`, which also runs under ``config.set_fast(False)``.

    Parameters
    ----------
    x, y : of one shape and dtype.
    scratch : likewise, for results in between; it may be x where that is done with.

    Examples
    --------
    >>> x, y = np.array([1.0, 2.0]), np.array([10.0, 20.0])
    >>> axpby(3.0, x, 0.5, y, np.empty(2))
    >>> y
    array([ 8., 16.])
    """
    if (
        y.size >= _WORTH
        and x.shape == y.shape
        and x.dtype == y.dtype
        and a
        and b  # BLAS would not look at an array times 0, were it infinite
        and x.flags.c_contiguous
        and x.flags.aligned
        and y.flags.carray  # aligned and writeable too
        and speed.is_fast()
    ):
        function = _functions().get(y.dtype)
        if function is not None:
            function(y.size, a, _memory(x), 1, b, _memory(y), 1)
            return
    by_passes(a, x, b, y, scratch)


def by_passes(
    a: float, x: np.ndarray, b: float, y: np.ndarray, scratch: np.ndarray
) -> None:
    """Do what `axpby` does in NumPy's passes, one for each operation."""
    if b != 1:
        y *= b
    y += np.multiply(x, a, out=scratch)


def _memory(array: Any) -> Any:
    """Return where an array begins, in a form that C functions take."""
    if array.flags.writeable:
        return _Byte.from_buffer(array)  # in a third of the time of the other one
    return array.ctypes.data


@functools.cache
def _functions() -> dict[np.dtype, Axpby]:
    """Return by dtype the functions that NumPy's BLAS has, and that compute rightly."""
    carrier = next((sys.modules[x] for x in _CARRIERS if x in sys.modules), None)
    try:
        # Looks in the libraries that it was linked with as well, BLAS among them.
        library = ctypes.CDLL(str(getattr(carrier, "__file__", None)))
    except OSError:
        return {}
    found = {dtype: _found(library, dtype) for dtype in _LETTERS}
    return {dtype: f for dtype, f in found.items() if f and _is_right(f, dtype)}


def _found(library: ctypes.CDLL, dtype: np.dtype) -> Axpby | None:
    """Return a function of a library by its name, None where there is none."""
    names = [name.format(_LETTERS[dtype]) for name in _NAMES]
    function = next((getattr(library, x) for x in names if hasattr(library, x)), None)
    if function is not None:
        number = ctypes.c_float if dtype.itemsize == 4 else ctypes.c_double
        count, array = ctypes.c_int64, ctypes.c_void_p
        function.argtypes = [count, number, array, count, number, array, count]
        function.restype = None
    return function


def _is_right(function: Axpby, dtype: np.dtype) -> bool:
    """Return whether a function computes what it should, the same at each place.

    An element must not depend on where it lies, or the sums of two runs would differ
    in their last digits.
    """
    x, y = np.full(101, 0.3, dtype), np.full(101, 0.7, dtype)
    for start in range(8):
        y[...] = 0.7
        function(100 - start, 0.1, x[1:].ctypes.data, 1, 0.9, y[start:].ctypes.data, 1)
        inside, outside = y[start:100], np.delete(y, slice(start, 100))
        if np.ptp(inside) or not np.all(outside == dtype.type(0.7)):
            return False
        if abs(inside[0] - 0.66) > 4 * np.finfo(dtype).eps:
            return False
    return True
