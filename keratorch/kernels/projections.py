"""Products of rows with kernels that hold gates side by side.

A row is all that the gates of a sample see at a time, end to end: the state, a 1 if
there is a bias, and the inputs.  Kernels and bias, `stacked` likewise, then take one
product to project all of it, and one for the gradients of all of them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.kernels.buffers import take


def gates_first(sides: np.ndarray, count: int) -> np.ndarray:
    """Return a view ``(..., count, batch, units)`` of ``(..., batch, count * units)``.

    Kernels have gates side by side; what follows is faster where each gate is a block
    of memory.
    """
    *before, width = sides.shape
    blocks = sides.reshape(*before, count, width // count)
    return blocks.swapaxes(-2, -3)


def _flat(sequence: np.ndarray) -> np.ndarray:
    """Return the last axis as the rows of a matrix."""
    return sequence.reshape(np.prod(sequence.shape[:-1], dtype=int), sequence.shape[-1])


def rows_of(h: np.ndarray, x: np.ndarray, bias: Any, dtype: np.dtype) -> np.ndarray:
    """Return the rows of all times, and one more for the state after the last.

    Of the states the first is there, h.
    """
    units = h.shape[1]
    inputs = units + (bias is not None)
    rows = take((len(x) + 1, len(h), inputs + x.shape[-1]), dtype)
    rows[0, :, :units] = h
    rows[:, :, units:inputs] = 1
    rows[:-1, :, inputs:] = x
    return rows


def stacked(recurrent_kernel: Any, bias: Any, kernel: Any, dtype: Any) -> np.ndarray:
    """Return what rows are multiplied with: kernels and bias, None left out."""
    biases = None if bias is None else bias[np.newaxis]
    parts = [x for x in (recurrent_kernel, biases, kernel) if x is not None]
    return np.concatenate(parts, dtype=dtype)


def drops_of_rows(drops: Any, rows: np.ndarray) -> np.ndarray | None:
    """Return what whole rows are multiplied with, given that for the state in them."""
    if drops is None:
        return None
    wide = np.ones((len(drops), *rows.shape[1:]), rows.dtype)
    wide[..., : drops.shape[-1]] = drops
    return wide


def reach(
    row: np.ndarray, stack: np.ndarray, drops: np.ndarray | None, out: np.ndarray
) -> np.ndarray:
    """Return ``row @ stack`` for each gate; with drops, that of its own ``row * drop``.

    Parameters
    ----------
    stack, drops, out : with an axis of gates first, or without.
    """
    return np.matmul(row if drops is None else row * drops, stack, out=out)


def turned(kernel: np.ndarray) -> np.ndarray:
    """Return a kernel transposed in memory too, which small products go faster with."""
    return np.ascontiguousarray(kernel.T)


def by_reached(
    grad: np.ndarray, turned: np.ndarray, drops: np.ndarray | None, out: np.ndarray
) -> np.ndarray:
    """Return the gradient of the state, given its kernel `turned`.

    Parameters
    ----------
    grad : that of the sums, gates side by side.
    """
    if drops is None:
        return np.matmul(grad, turned, out=out)
    out[...] = 0
    count = len(drops)
    for part, own, drop in zip(
        np.split(grad, count, axis=-1), np.split(turned, count), drops, strict=True
    ):
        out += part @ own * drop
    return out


def by_projected(grad: np.ndarray, turned: np.ndarray, out: np.ndarray) -> np.ndarray:
    """Return the gradient of the inputs at all times, given their kernel `turned`."""
    return np.matmul(_flat(grad), turned, out=_flat(out))


def by_kernel(
    rows: np.ndarray, grad: np.ndarray, drops: np.ndarray | None = None
) -> np.ndarray:
    """Return the gradient of what rows of all times are multiplied with in `reach`.

    Gates are side by side.
    """
    if drops is None:
        return _flat(rows).T @ _flat(grad)
    parts = np.split(grad, len(drops), axis=-1)
    return np.hstack(
        [by_kernel(rows * drop, part) for drop, part in zip(drops, parts, strict=True)]
    )
