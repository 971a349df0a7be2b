"""`tf.math.lgamma`, `tf.math.digamma` and `tf.math.lbeta`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from keratorch.ops import cast, convert_to_tensor

# Bernoulli's numbers B2, B4, ... of Stirling's series.
_BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6)
_SHIFT = 8  # from here on the series has all digits of float64


def lgamma(x: Any) -> Any:
    """Return log(abs(gamma(x))), infinite at 0, -1, -2, ...

    Formula 6.1.41 of Abramowitz & Stegun behind a shift, 6.1.17 below 1/2.

    >>> lgamma([0.5, 5.0]).numpy().round(4)
    array([0.5724, 3.1781], dtype=float32)
    """
    x = convert_to_tensor(x)
    wide = cast(x, "float64")
    is_low = wide < 0.5
    value = _above_half(np.where(is_low, 1 - wide, wide))
    sine = np.abs(np.sin(np.pi * (wide - np.round(wide))))
    with np.errstate(divide="ignore"):  # at 0, -1, -2, ...
        mirrored = math.log(math.pi) - np.log(np.where(is_low, sine, 1)) - value
    return cast(np.where(is_low, mirrored, value), x.dtype)


def _above_half(x: Any) -> Any:
    y = x + _SHIFT
    series = (y - 0.5) * np.log(y) - y + math.log(2 * math.pi) / 2
    for k, number in enumerate(_BERNOULLI, 1):
        series = series + number / (2 * k * (2 * k - 1)) * y ** (1 - 2 * k)
    for k in range(_SHIFT):
        series = series - np.log(x + k)
    return series


def digamma(x: Any) -> Any:
    """Return the derivative of `lgamma`, NaN at 0, -1, -2, ...

    Formula 6.3.18 of Abramowitz & Stegun behind a shift, 6.3.7 below 1/2.

    >>> digamma([1.0, 5.0]).numpy().round(4)
    array([-0.5772,  1.5061], dtype=float32)
    """
    x = convert_to_tensor(x)
    wide = cast(x, "float64")
    is_low = wide < 0.5
    value = _slope_above_half(np.where(is_low, 1 - wide, wide))
    part = np.where(is_low, wide - np.round(wide), 0.25)
    part = np.where(part == 0, np.nan, part)
    return cast(value - np.where(is_low, np.pi / np.tan(np.pi * part), 0), x.dtype)


def _slope_above_half(x: Any) -> Any:
    y = x + _SHIFT
    series = np.log(y) - 0.5 / y
    for k, number in enumerate(_BERNOULLI, 1):
        series = series - number / (2 * k) * y ** (-2 * k)
    for k in range(_SHIFT):
        series = series - 1 / (x + k)
    return series


def lbeta(x: Any) -> Any:
    """Return the logarithm of the Beta function of the numbers along the last axis.

    >>> round(float(lbeta([1.0, 2.0])), 4)
    -0.6931
    """
    x = convert_to_tensor(x)
    return np.sum(lgamma(x), axis=-1) - lgamma(np.sum(x, axis=-1))
