"""NumPy's functions whose results are no integers, in Keras's dtype for integers.

NumPy chooses by the width of an integer: of uint8 it computes the root in float16, of
int64 in float64, and the reciprocal as an integer.  Keras takes `floatx()` for all.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from keratorch import config


def _floating(x: Any) -> Any:
    """Return integers and booleans as floats, and anything else as it is."""
    if isinstance(x, (int, float)):
        return float(x)
    if isinstance(x, (list, tuple)):
        x = np.array(x)
    dtype = getattr(x, "dtype", None)
    if dtype is None or np.dtype(dtype).kind not in "iub":
        return x
    return x.astype(config.floatx())


def _in_floats(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function of NumPy that takes integers for floats."""

    @functools.wraps(function)
    def called(*args: Any, **kwargs: Any) -> Any:
        return function(*map(_floating, args), **kwargs)

    called.__module__ = "numpy"  # symbols are taken by what it calls
    return called


arccos = _in_floats(np.arccos)
arccosh = _in_floats(np.arccosh)
arcsin = _in_floats(np.arcsin)
arcsinh = _in_floats(np.arcsinh)
arctan = _in_floats(np.arctan)
arctan2 = _in_floats(np.arctan2)
arctanh = _in_floats(np.arctanh)
cbrt = _in_floats(np.cbrt)
cos = _in_floats(np.cos)
cosh = _in_floats(np.cosh)
deg2rad = _in_floats(np.deg2rad)
divide = _in_floats(np.divide)
exp = _in_floats(np.exp)
exp2 = _in_floats(np.exp2)
expm1 = _in_floats(np.expm1)
hypot = _in_floats(np.hypot)
i0 = _in_floats(np.i0)
log = _in_floats(np.log)
log10 = _in_floats(np.log10)
log1p = _in_floats(np.log1p)
log2 = _in_floats(np.log2)
logaddexp = _in_floats(np.logaddexp)
logaddexp2 = _in_floats(np.logaddexp2)
rad2deg = _in_floats(np.rad2deg)
reciprocal = _in_floats(np.reciprocal)
sin = _in_floats(np.sin)
sinc = _in_floats(np.sinc)
sinh = _in_floats(np.sinh)
sqrt = _in_floats(np.sqrt)
tan = _in_floats(np.tan)
tanh = _in_floats(np.tanh)
true_divide = _in_floats(np.true_divide)
