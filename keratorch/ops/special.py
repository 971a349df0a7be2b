"""Special functions of each element, which NumPy has no name for."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.grads.activation import ErfcGrad, ErfGrad, ErfinvGrad
from keratorch.grads.reduction import LogSumExpGrad
from keratorch.ops import promotion
from keratorch.ops.arrays import as_floats


def erf(x: Any) -> Any:
    """The error function: 2 / sqrt(pi) * the integral of exp(-t * t) from 0 to x.

    >>> erf([0.0, 1.0]).numpy().round(4)
    array([0.    , 0.8427], dtype=float32)
    """
    return ErfGrad.apply(as_floats(x))


def erfc(x: Any) -> Any:
    """1 - erf(x), to full precision also where that is almost 0.

    >>> erfc(np.array([0.0, 5.0])).numpy()
    array([1.00000000e+00, 1.53745979e-12])
    """
    return ErfcGrad.apply(as_floats(x))


def erfinv(x: Any) -> Any:
    """The number whose `erf` is x: infinite at -1 and 1, NaN beyond.

    >>> erfinv([0.0, 0.5]).numpy().round(4)
    array([0.    , 0.4769], dtype=float32)
    """
    return ErfinvGrad.apply(as_floats(x))


def rsqrt(x: Any) -> Any:
    """1 / sqrt(x).

    >>> rsqrt([1.0, 4.0]).numpy()
    array([1. , 0.5], dtype=float32)
    """
    return 1 / np.sqrt(as_floats(x))


def logsumexp(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """log(sum(exp(x))) along an axis (an int, a tuple, or None for all).

    >>> round(float(logsumexp([0.0, 0.0])), 4)
    0.6931
    """
    axis = tuple(axis) if isinstance(axis, list) else axis
    return LogSumExpGrad.apply(as_floats(x), axis=axis, keepdims=keepdims)


def divide_no_nan(x1: Any, x2: Any) -> Any:
    """x1 / x2, and 0 where x2 is 0.

    >>> divide_no_nan([1.0, 1.0], [2.0, 0.0]).numpy()
    array([0.5, 0. ], dtype=float32)
    """
    x1, x2 = map(as_floats, promotion.common_arrays((x1, x2), 2))
    nothing = x2 == 0
    # the where inside: a division by 0 would make the gradient NaN
    return np.where(nothing, 0, x1 / np.where(nothing, 1, x2))
