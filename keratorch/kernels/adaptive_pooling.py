"""Adaptive pooling: the maximum or the mean of each cell of a grid over images."""

from __future__ import annotations

import numpy as np


def adaptive_max_pool(
    x: np.ndarray, output_size: tuple[int, ...]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the maximum of each cell of a grid, and where the first of it stands.

    Parameters
    ----------
    x : (batch, *lengths, channels)
    output_size : cells along each spatial axis, of `cells`

    Returns
    -------
    out : (batch, *output_size, channels)
    places : of the same shape, integers: where it stands in the flattened x
    """
    places = np.arange(x.size).reshape(x.shape)
    # last axis first: then the first maximum is the first in the order of memory
    for axis, count in reversed(list(enumerate(output_size, start=1))):
        best, where = [], []
        for cell in cells(x.shape[axis], count):
            inside = (slice(None),) * axis + (cell,)
            winner = np.argmax(x[inside], axis=axis, keepdims=True)
            best.append(np.take_along_axis(x[inside], winner, axis))
            where.append(np.take_along_axis(places[inside], winner, axis))
        x, places = np.concatenate(best, axis), np.concatenate(where, axis)
    return x, places


def adaptive_average_pool(x: np.ndarray, output_size: tuple[int, ...]) -> np.ndarray:
    """Return the mean of each cell of a grid.

    Parameters
    ----------
    x : (batch, *lengths, channels)
    output_size : cells along each spatial axis, of `cells`

    Returns
    -------
    out : (batch, *output_size, channels)
    """
    # a mean of means, which all have as many elements along the other axes
    for axis, count in enumerate(output_size, start=1):
        before = (slice(None),) * axis
        means = [
            x[(*before, cell)].mean(axis=axis, keepdims=True)
            for cell in cells(x.shape[axis], count)
        ]
        x = np.concatenate(means, axis)
    return x


def adaptive_average_unpool(grad: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Return each number of grad, in equal shares, added up where its cell lies.

    Parameters
    ----------
    grad : (batch, *output_size, channels)
    shape : of the result, (batch, *lengths, channels)
    """
    for axis, length in enumerate(shape[1:-1], start=1):
        before = (slice(None),) * axis
        out = np.zeros(
            (*grad.shape[:axis], length, *grad.shape[axis + 1 :]), grad.dtype
        )
        for i, cell in enumerate(cells(length, grad.shape[axis])):
            share = grad[(*before, slice(i, i + 1))] / (cell.stop - cell.start)
            out[(*before, cell)] += share
        grad = out
    return grad


def cells(length: int, count: int) -> list[slice]:
    """Return `count` stretches of nearly equal length that cover an axis.

    They overlap where `count` does not divide `length`, as in PyTorch.

    >>> cells(5, 2)
    [slice(0, 3, None), slice(2, 5, None)]
    """
    return [
        slice(i * length // count, -(-(i + 1) * length // count)) for i in range(count)
    ]
