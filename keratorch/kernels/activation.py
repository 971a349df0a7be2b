"""Smooth activations and their slopes, in chunks that stay in the cache."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from keratorch import threads
from keratorch.kernels.squashes import rectify

# Elements that are worked on at a time. With fewer, calls are so short that threads,
# which wait for each other between two of them, take longer than one.
_CHUNK = 2**17
_SMALL = 2**13  # elements that are not worth a thread's attention
_CUBIC = 0.044715  # gelu's approximation has 2 * u = _INNER * (x + _CUBIC * x**3)
_INNER = math.sqrt(8 / math.pi)
_TERMS = 10  # of the polynomial below: an error of 2e-8


def by_chunks(function: Callable, *arrays: np.ndarray) -> np.ndarray:
    """Return what a function writes, given memory for it and pieces of the arrays."""
    flat = [x.reshape(-1) for x in arrays]
    out = np.empty(flat[0].shape, flat[0].dtype)
    parts = [slice(i, i + _CHUNK) for i in range(0, out.size, _CHUNK)]

    def of_chunk(part: slice) -> None:
        function(out[part], *(x[part] for x in flat))

    if out.size < _SMALL:
        function(out, *flat)
    else:
        threads.run(of_chunk, parts)
    return out.reshape(arrays[0].shape)


def leaky_relu(slope: float, out: np.ndarray, x: np.ndarray) -> None:
    """Write the larger of x and slope * x, for a slope from 0 to 1."""
    np.multiply(x, slope, out=out)
    np.maximum(out, x, out=out)


def leaky_relu_gradient(
    slope: float, out: np.ndarray, grad: np.ndarray, x: np.ndarray
) -> None:
    """Write grad where x > 0, else slope * grad."""
    np.greater(x, 0, out=out)
    out *= 1 - slope
    out += slope
    out *= grad


def silu(out: np.ndarray, x: np.ndarray) -> None:
    """Write x * sigmoid(x)."""
    np.negative(x, out=out)
    _sigmoid_of_negative(out)
    out *= x


def silu_gradient(out: np.ndarray, grad: np.ndarray, x: np.ndarray) -> None:
    """Write grad * s * (1 + x * (1 - s)) with s = sigmoid(x)."""
    s = np.negative(x)
    _sigmoid_of_negative(s)
    np.subtract(1, s, out=out)
    out *= x
    out += 1
    out *= s
    out *= grad


def gelu_by_tanh(out: np.ndarray, x: np.ndarray) -> None:
    """Write x / 2 * (1 + tanh(u)) = x * sigmoid(2 * u)."""
    _minus_two_u(x, out)
    _sigmoid_of_negative(out)
    out *= x


def gelu_by_tanh_gradient(out: np.ndarray, grad: np.ndarray, x: np.ndarray) -> None:
    """Write grad * s * (1 + x * (1 - s) * 2 * u') with s = sigmoid(2 * u)."""
    s = np.empty_like(x)
    _minus_two_u(x, s)
    _sigmoid_of_negative(s)
    np.multiply(x, x, out=out)
    out *= 3 * _CUBIC * _INNER
    out += _INNER
    out *= x
    out *= 1 - s
    out += 1
    out *= s
    out *= grad


def gelu(out: np.ndarray, x: np.ndarray) -> None:
    """Write x * P(X <= x) = max(x, 0) - abs(x) * P(X > abs(x)), X standard normal."""
    size, tail, density = _tail(x)
    tail *= density
    tail *= size
    rectify(x, out)
    out -= tail


def gelu_gradient(out: np.ndarray, grad: np.ndarray, x: np.ndarray) -> None:
    """Write grad * (P(X <= x) + x * density(x))."""
    _, tail, density = _tail(x)
    tail *= density
    np.subtract(0.5, tail, out=tail)
    np.copysign(tail, x, out=out)
    out += 0.5
    density *= 1 / math.sqrt(2 * math.pi)
    density *= x
    out += density
    out *= grad


def _minus_two_u(x: np.ndarray, out: np.ndarray) -> None:
    np.multiply(x, x, out=out)
    out *= -_CUBIC * _INNER
    out -= _INNER
    out *= x


def _sigmoid_of_negative(z: np.ndarray) -> None:
    """Write 1 / (1 + exp(z)) into z."""
    with np.errstate(over="ignore"):  # 1 / inf is the 0 that is wanted
        np.exp(z, out=z)
    z += 1
    np.divide(1, z, out=z)


def _tail(x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return s = abs(x), P(X > s) / e, and e = exp(-s**2 / 2), all for float32."""
    size = np.abs(x)
    np.minimum(size, _FAR, out=size)  # where e is 0
    t = size + 2
    np.divide(_SLOPE, t, out=t)
    t += _START
    found = np.full_like(t, _coefficients()[0])
    for coefficient in _coefficients()[1:]:
        found *= t
        found += coefficient
    e = size * size
    e *= -0.5
    np.exp(e, out=e)
    return size, found, e


_FAR = 15.0
# t = _SLOPE / (size + 2) + _START runs from 1 at 0 to -1 at 14, where e is almost 0.
_SLOPE = 2 / (1 / 2 - 1 / 16)
_START = 1 - _SLOPE / 2


@cache
def _coefficients() -> list[Any]:
    """Return the polynomial through P(X > x) * exp(x**2 / 2), as a function of t.

    It meets the function at the zeros of Chebyshev's polynomial.
    """
    nodes = np.cos(np.pi * (np.arange(_TERMS) + 0.5) / _TERMS)
    sizes = _SLOPE / (nodes - _START) - 2
    values = [math.erfc(x / math.sqrt(2)) / 2 * math.exp(x * x / 2) for x in sizes]
    return list(map(float, np.linalg.solve(np.vander(nodes), values)))
