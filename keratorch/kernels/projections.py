"""Products of inputs and states with kernels that hold gates side by side."""

from __future__ import annotations

import numpy as np


def split(gates: np.ndarray, count: int) -> list[np.ndarray]:
    """Return views of the gates, which lie side by side."""
    units = gates.shape[-1] // count
    return [gates[..., i * units : (i + 1) * units] for i in range(count)]


def _rows(sequence: np.ndarray) -> np.ndarray:
    """Return the last axis as the rows of a matrix."""
    return sequence.reshape(np.prod(sequence.shape[:-1], dtype=int), sequence.shape[-1])


def project(
    x: np.ndarray, kernel: np.ndarray, bias: np.ndarray | None, dtype: np.dtype
) -> np.ndarray:
    """Return ``x @ kernel + bias`` of all steps, in memory of its own."""
    out = np.empty((*x.shape[:2], kernel.shape[1]), dtype)
    np.matmul(_rows(x), kernel, out=_rows(out))
    if bias is not None:
        out += bias
    return out


def reach(
    h: np.ndarray, kernel: np.ndarray, drops: np.ndarray | None, out: np.ndarray
) -> np.ndarray:
    """Return ``h @ kernel``; with drops, for each gate that of its own ``h * drop``."""
    if drops is None:
        return np.matmul(h, kernel, out=out)
    count = len(drops)
    for part, own, drop in zip(
        split(out, count), split(kernel, count), drops, strict=True
    ):
        np.matmul(h * drop, own, out=part)
    return out


def by_projected(grad: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Return the gradient of x in ``x @ kernel + bias``."""
    return (_rows(grad) @ kernel.T).reshape(*grad.shape[:2], len(kernel))


def by_reached(
    grad: np.ndarray, kernel: np.ndarray, drops: np.ndarray | None, out: np.ndarray
) -> np.ndarray:
    """Return the gradient of h in `reach`."""
    if drops is None:
        return np.matmul(grad, kernel.T, out=out)
    out[...] = 0
    count = len(drops)
    for part, own, drop in zip(
        split(grad, count), split(kernel, count), drops, strict=True
    ):
        out += part @ own.T * drop
    return out


def by_kernel(x: np.ndarray, grad: np.ndarray) -> np.ndarray:
    """Return the gradient of the kernel in ``x @ kernel + bias``."""
    return _rows(x).T @ _rows(grad)


def by_recurrent_kernel(
    hidden: np.ndarray, grad: np.ndarray, drops: np.ndarray | None
) -> np.ndarray:
    """Return the gradient of the kernel in `reach`, of all steps."""
    if drops is None:
        return by_kernel(hidden, grad)
    parts = split(grad, len(drops))
    return np.hstack(
        [by_kernel(hidden * d, part) for d, part in zip(drops, parts, strict=True)]
    )


def bias_gradient(grad: np.ndarray) -> np.ndarray:
    """Return the gradient of the bias in ``x @ kernel + bias``."""
    return _rows(grad).sum(axis=0)
