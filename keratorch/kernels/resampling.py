"""Resampling: which pixels, with which weights, make a pixel of the new image."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

_LEAST_SUM = 1000 * float(np.finfo(np.float32).eps)


def _triangle(x: np.ndarray) -> np.ndarray:
    return np.maximum(0, 1 - x)


def _cubic(x: np.ndarray) -> np.ndarray:
    """Keys's cubic with a = -1/2."""
    near = ((1.5 * x - 2.5) * x) * x + 1
    far = ((-0.5 * x + 2.5) * x - 4) * x + 2
    return np.where(x >= 2, 0, np.where(x >= 1, far, near))


def _lanczos(radius: float) -> Callable[[np.ndarray], np.ndarray]:
    def kernel(x: np.ndarray) -> np.ndarray:
        safe = np.where(x > 1e-3, x, 1)
        wave = radius * np.sin(np.pi * x) * np.sin(np.pi * x / radius)
        value = np.where(x > 1e-3, wave / (np.pi**2 * safe**2), 1)
        return np.where(x > radius, 0, value)

    return kernel


#: Names of the methods, and the weight of a pixel by its distance.
KERNELS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "bilinear": _triangle,
    "bicubic": _cubic,
    "lanczos3": _lanczos(3.0),
    "lanczos5": _lanczos(5.0),
}


def weight_matrix(
    length: int,
    new_length: int,
    scale: float,
    translation: float,
    method: str,
    antialias: bool,
) -> np.ndarray:
    """Return the weights (new_length, length) of old places in new ones.

    New place i has its centre at ((i + 1/2) - translation) / scale - 1/2 of the old
    axis.  A place beyond the old axis has only weights 0; the others' sum is 1.

    Parameters
    ----------
    antialias : bool, whether a scale below 1 widens the kernel accordingly.

    Source: the linear resampling of Keras on JAX.
    """
    shrink = 1 / scale
    places = (np.arange(new_length) + 0.5) * shrink - translation * shrink - 0.5
    distance = np.abs(places[:, None] - np.arange(length))
    weights = KERNELS[method](distance / (max(shrink, 1) if antialias else 1))
    total = weights.sum(axis=1, keepdims=True)
    counts = np.abs(total) > _LEAST_SUM
    inside = (places >= -0.5) & (places <= length - 0.5)
    return np.where(counts & inside[:, None], weights / np.where(counts, total, 1), 0)


def nearest_places(length: int, new_length: int) -> np.ndarray:
    """Return the old place under the centre of each new one."""
    centres = (np.arange(new_length, dtype=np.float32) + np.float32(0.5)) * np.float32(
        length
    )
    places = np.floor(centres / np.float32(new_length)).astype(np.int64)
    return np.minimum(places, length - 1)


def _mirrored(index: np.ndarray, length: int) -> np.ndarray:
    period = max(length - 1, 1)
    return np.abs((index + period) % (2 * period) - period) if length > 1 else index * 0


def _reflected(index: np.ndarray, length: int) -> np.ndarray:
    return (_mirrored(2 * index + 1, 2 * length + 1) - 1) // 2


#: Ways to fill what lies outside an axis, and the place inside that is taken.
FILL_MODES: dict[str, Callable[[np.ndarray, int], np.ndarray]] = {
    "constant": lambda index, length: np.clip(index, 0, length - 1),
    "nearest": lambda index, length: np.clip(index, 0, length - 1),
    "wrap": lambda index, length: index % length,
    "mirror": _mirrored,
    "reflect": _reflected,
}
