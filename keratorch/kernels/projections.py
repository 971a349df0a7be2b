"""Products of inputs and states with kernels that hold gates side by side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from keratorch import threads
from keratorch.kernels.buffers import take

WORTH = 2**23  # products for which another thread is worth its while: some 200 us


def split(gates: np.ndarray, count: int) -> list[np.ndarray]:
    """Return views of the gates, which lie side by side."""
    units = gates.shape[-1] // count
    return [gates[..., i * units : (i + 1) * units] for i in range(count)]


def gates_first(sides: np.ndarray, count: int) -> np.ndarray:
    """Return a view ``(..., count, batch, units)`` of ``(..., batch, count * units)``.

    Products have gates side by side; what follows is faster where each gate is a block
    of memory, so that one elementwise pass leads from here to there.
    """
    *before, width = sides.shape
    blocks = sides.reshape(*before, count, width // count)
    return np.moveaxis(blocks, -2, -3)


def _rows(sequence: np.ndarray) -> np.ndarray:
    """Return the last axis as the rows of a matrix."""
    return sequence.reshape(np.prod(sequence.shape[:-1], dtype=int), sequence.shape[-1])


def with_ones(x: np.ndarray, bias: np.ndarray | None, dtype: np.dtype) -> np.ndarray:
    """Return the inputs in memory of their own, for a bias with a 1 after each.

    The product with `kernel_and_bias` then adds the bias, and the product that gives
    the gradient of the kernel gives that of the bias too.
    """
    features = x.shape[-1]
    inputs = take((*x.shape[:-1], features + (bias is not None)), dtype)
    inputs[..., :features] = x
    inputs[..., features:] = 1
    return inputs


def project(inputs: np.ndarray, kernel: np.ndarray, bias: Any) -> np.ndarray:
    """Return ``x @ kernel + bias`` of all steps, given `with_ones` of x."""
    if bias is not None:
        kernel = np.concatenate([kernel, bias[np.newaxis]])
    out = take((*inputs.shape[:-1], kernel.shape[1]), inputs.dtype)
    rows, sums = _rows(inputs), _rows(out)
    half = slice(0, len(rows) // 2), slice(len(rows) // 2, len(rows))
    at_once(
        inputs.size * kernel.shape[1],
        *[lambda part=part: np.matmul(rows[part], kernel, sums[part]) for part in half],
    )
    return out


def at_once(products: int, *jobs: Callable[[], Any] | None) -> list[Any]:
    """Return what functions return, None for None, each on a thread of its own.

    Unless they take less products of numbers than are worth it.
    """
    if products < WORTH:
        return [job and job() for job in jobs]
    return threads.run(lambda job: job and job(), jobs)


def by_projected(grad: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Return the gradient of x in `project`."""
    return (_rows(grad) @ kernel.T).reshape(*grad.shape[:-1], len(kernel))


def by_kernel(inputs: np.ndarray, grad: np.ndarray) -> np.ndarray:
    """Return the gradient of the kernel in `project`, that of the bias as a last row.

    The last row is there where the inputs have ones.
    """
    return _rows(inputs).T @ _rows(grad)


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


def turned(kernel: np.ndarray) -> np.ndarray:
    """Return a kernel transposed in memory too, which small products go faster with."""
    return np.ascontiguousarray(kernel.T)


def by_reached(
    grad: np.ndarray, turned: np.ndarray, drops: np.ndarray | None, out: np.ndarray
) -> np.ndarray:
    """Return the gradient of h in `reach`, given its kernel `turned`."""
    if drops is None:
        return np.matmul(grad, turned, out=out)
    out[...] = 0
    count = len(drops)
    for part, own, drop in zip(
        split(grad, count), np.split(turned, count), drops, strict=True
    ):
        out += part @ own * drop
    return out


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
