"""Activations of recurrences, in memory that the caller gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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


USUAL = ("tanh", "sigmoid")


def per_gate(numbers: Sequence[float], like: np.ndarray) -> np.ndarray:
    """Return a vector with a number for all units of each gate."""
    return np.repeat(np.array(numbers, like.dtype), like.shape[1])


def squash_all(z: np.ndarray, slope: Any, start: Any) -> None:
    """Write tanh(z) into z where the slope is 1 and the start 0, else sigmoid(z).

    sigmoid(z) = 0.5 * tanh(0.5 * z) + 0.5, so that one tanh serves all gates.
    """
    z *= slope
    np.tanh(z, out=z)
    z *= slope
    z += start


def squash_each(gate: np.ndarray, activation: str, of_gates: str) -> None:
    """Squash the four gates i, f, candidate, o in place."""
    for part, name in _parts(gate, activation, of_gates):
        SQUASHES[name].apply(part, part)


def slopes(
    gate: np.ndarray, activation: str, of_gates: str, out: np.ndarray
) -> np.ndarray:
    """Return the slopes of the four gates, given what they were squashed to."""
    parts = _parts(gate, activation, of_gates)
    for (part, name), (slope, _) in zip(parts, _parts(out, "", ""), strict=True):
        SQUASHES[name].slope(part, slope)
    return out


def _parts(
    gate: np.ndarray, activation: str, of_gates: str
) -> list[tuple[np.ndarray, str]]:
    """Return views of i and f, the candidate, and o, with the name of what squashes."""
    units = gate.shape[-1] // 4
    return [
        (gate[:, : 2 * units], of_gates),
        (gate[:, 2 * units : 3 * units], activation),
        (gate[:, 3 * units :], of_gates),
    ]
