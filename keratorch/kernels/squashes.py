"""Activations of recurrences, in memory that the caller gives."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

_FEW = 2**12  # numbers below which a call more costs as much as it saves
_MANY = 2**18  # numbers that are compared at a time


class Squash(NamedTuple):
    """An activation whose result tells its slope, in memory that the caller gives.

    A kernel may be multiplied with `scale`, a power of two, once for all of its
    products, which `of_scaled` then squashes.
    """

    apply: Callable[[np.ndarray, np.ndarray], Any]  # f(z) into the second array
    slope: Callable[[np.ndarray, np.ndarray], Any]  # f'(z), given f(z), likewise
    scale: float = 1
    of_scaled: Callable[[np.ndarray, np.ndarray], Any] | None = None  # f(z / scale)

    @property
    def finish(self) -> Callable[[np.ndarray, np.ndarray], Any]:
        """`of_scaled`, which is `apply` where the scale is 1."""
        return self.of_scaled or self.apply


def _sigmoid(z: np.ndarray, out: np.ndarray) -> None:
    np.multiply(z, 0.5, out=out)
    _sigmoid_of_twice(out, out)


def _sigmoid_of_twice(z: np.ndarray, out: np.ndarray) -> None:
    np.tanh(z, out=out)
    out *= 0.5
    out += 0.5


def _sigmoid_slope(y: np.ndarray, out: np.ndarray) -> None:
    np.subtract(1, y, out=out)
    out *= y


def _tanh_slope(y: np.ndarray, out: np.ndarray) -> None:
    np.multiply(y, y, out=out)
    np.subtract(1, out, out=out)


def rectify(z: np.ndarray, out: np.ndarray) -> None:
    """Write max(z, 0), for floats.

    NumPy takes the larger of two arrays many numbers at a time, but that of an array
    and a number one by one: long arrays are compared with zeros, a third of the time.
    """
    together = z.flags.c_contiguous and out.flags.c_contiguous
    if z.size < _FEW or not together or z.dtype != out.dtype:
        np.maximum(z, 0, out=out)
        return
    zeros, z, out = _zeros(z.dtype), z.reshape(-1), out.reshape(-1)
    for start in range(0, z.size, _MANY):
        part = out[start : start + _MANY]
        np.maximum(z[start : start + _MANY], zeros[: part.size], out=part)


@functools.cache
def _zeros(dtype: np.dtype) -> np.ndarray:
    zeros = np.zeros(_MANY, dtype)
    zeros.flags.writeable = False
    return zeros


def _hard_sigmoid(z: np.ndarray, out: np.ndarray) -> None:
    np.divide(z, 6, out=out)
    out += 0.5
    np.clip(out, 0, 1, out=out)


def _hard_sigmoid_slope(y: np.ndarray, out: np.ndarray) -> None:
    np.logical_and(y > 0, y < 1, out=out)
    out /= 6


SQUASHES = {
    "hard_sigmoid": Squash(_hard_sigmoid, _hard_sigmoid_slope),
    "linear": Squash(
        lambda z, out: np.copyto(out, z), lambda y, out: np.copyto(out, 1)
    ),
    "relu": Squash(
        rectify,
        lambda y, out: np.greater(y, 0, out=out),
    ),
    "sigmoid": Squash(_sigmoid, _sigmoid_slope, 0.5, _sigmoid_of_twice),
    "tanh": Squash(np.tanh, _tanh_slope),
}
