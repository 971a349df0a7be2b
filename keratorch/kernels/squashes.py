"""Activations of recurrences, in memory that the caller gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np


class Squash(NamedTuple):
    """An activation whose result tells its slope, in memory that the caller gives."""

    apply: Callable[[np.ndarray, np.ndarray], Any]  # f(z) into the second array
    slope: Callable[[np.ndarray, np.ndarray], Any]  # f'(z), given f(z), likewise


def _sigmoid(z: np.ndarray, out: np.ndarray) -> None:
    np.multiply(z, 0.5, out=out)
    np.tanh(out, out=out)
    out *= 0.5
    out += 0.5


def _sigmoid_slope(y: np.ndarray, out: np.ndarray) -> None:
    np.subtract(1, y, out=out)
    out *= y


def _tanh_slope(y: np.ndarray, out: np.ndarray) -> None:
    np.multiply(y, y, out=out)
    np.subtract(1, out, out=out)


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
        lambda z, out: np.maximum(z, 0, out=out),
        lambda y, out: np.greater(y, 0, out=out),
    ),
    "sigmoid": Squash(_sigmoid, _sigmoid_slope),
    "tanh": Squash(lambda z, out: np.tanh(z, out=out), _tanh_slope),
}


class FourGates:
    """The gates i, f, candidate, o of a cell, ``(4, batch, units)``, squashed.

    The candidate by `activation`, the others by `of_gates`.
    """

    def __init__(self, activation: str, of_gates: str):
        squash, squash_gates = SQUASHES[activation], SQUASHES[of_gates]
        self._parts = [
            (slice(0, 2), squash_gates),
            (slice(2, 3), squash),
            (slice(3, 4), squash_gates),
        ]

    def apply(self, sums: np.ndarray, out: np.ndarray) -> None:
        """Write the squashed sums."""
        for part, squash in self._parts:
            squash.apply(sums[part], out[part])

    def by_sums(
        self, grad: np.ndarray, gates: np.ndarray, spare: np.ndarray, out: np.ndarray
    ) -> None:
        """Write the gradient of what was squashed, given that of the results.

        `grad` and `spare` are overwritten.
        """
        for part, squash in self._parts:
            squash.slope(gates[part], spare[part])
        np.multiply(grad, spare, out=out)


class UsualGates(FourGates):
    """The candidate squashed by tanh, the other gates by a sigmoid.

    sigmoid(z) = 0.5 * tanh(0.5 * z) + 0.5, so that one tanh serves all gates.
    """

    def __init__(self, like: np.ndarray):
        # as large as the gates: NumPy takes longer to spread one number over many
        self._slope, self._start, self._shift = np.empty((3, *like.shape), like.dtype)
        for i, (slope, start) in enumerate(
            [(0.5, 0.5), (0.5, 0.5), (1, 0), (0.5, 0.5)]
        ):
            self._slope[i], self._start[i], self._shift[i] = slope, start, i == 2

    def apply(self, sums: np.ndarray, out: np.ndarray) -> None:
        np.multiply(sums, self._slope, out=out)
        np.tanh(out, out=out)
        out *= self._slope
        out += self._start

    def by_sums(
        self, grad: np.ndarray, gates: np.ndarray, spare: np.ndarray, out: np.ndarray
    ) -> None:
        # sigmoid' = (y + 0) * (1 - y), tanh' = (y + 1) * (1 - y)
        grad *= np.add(gates, self._shift, out=spare)
        np.multiply(grad, np.subtract(1, gates, out=spare), out=out)


def four_gates(activation: str, of_gates: str, like: np.ndarray) -> FourGates:
    """Return what squashes the gates of a cell, which have a shape and a dtype."""
    if (activation, of_gates) == ("tanh", "sigmoid"):
        return UsualGates(like)
    return FourGates(activation, of_gates)
