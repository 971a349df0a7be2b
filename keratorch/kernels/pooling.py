"""Pooling: the maximum or the mean of each window, channel by channel.

No window is copied: a pass over the output takes one element of all windows at once,
which is a slice of the input with the strides of the windows.
"""

from __future__ import annotations

import functools
import math

import numpy as np

from keratorch.kernels.windows import Windows


def max_pool(x: np.ndarray, windows: Windows) -> np.ndarray:
    """Return the maximum of each window; padding never wins.

    Parameters
    ----------
    x : (batch, *lengths, channels)

    Returns
    -------
    out : (batch, *counts, channels)
    """
    batch, *lengths, channels = x.shape
    lowest = -np.inf if x.dtype.kind == "f" else np.iinfo(x.dtype).min
    counts = windows.counts(tuple(lengths))
    out = np.full((batch, *counts, channels), lowest, x.dtype)
    for _, outs, ins in windows.taps(tuple(lengths)):
        np.maximum(out[outs], x[ins], out=out[outs])
    return out


def first_maximum(x: np.ndarray, out: np.ndarray, windows: Windows) -> np.ndarray:
    """Return where in the flattened x the first maximum of each window stands.

    Parameters
    ----------
    x : (batch, *lengths, channels)
    out : (batch, *counts, channels), the maxima

    Returns
    -------
    places : (batch, *counts, channels), integers
    """
    lengths = x.shape[1:-1]
    taps = list(windows.taps(lengths))
    winner = np.full(out.shape, len(taps), np.min_scalar_type(len(taps)))
    for i, (_, outs, ins) in enumerate(taps):
        # where a NaN is the maximum no number is below it, and the first element wins
        below = x[ins] < out[outs]
        candidate = below * winner.dtype.type(len(taps) - i)
        candidate += winner.dtype.type(i)
        np.minimum(winner[outs], candidate, out=winner[outs])
    pitches = np.array(_pitches(x.shape))
    steps = np.array([place for place, _, _ in taps]) * windows.dilation
    return _corners(out.shape, windows, pitches) + (steps @ pitches[1:-1])[winner]


def average_pool(x: np.ndarray, windows: Windows) -> np.ndarray:
    """Return the mean of each window; padding counts for nothing.

    Parameters
    ----------
    x : (batch, *lengths, channels)

    Returns
    -------
    out : (batch, *counts, channels)
    """
    batch, *lengths, channels = x.shape
    counts = windows.counts(tuple(lengths))
    out = np.zeros((batch, *counts, channels), x.dtype)
    for _, outs, ins in windows.taps(tuple(lengths)):
        out[outs] += x[ins]
    out /= _elements(windows, tuple(lengths)).astype(out.dtype)
    return out


def average_unpool(
    grad: np.ndarray, windows: Windows, shape: tuple[int, ...]
) -> np.ndarray:
    """Return each number of grad, in equal shares, added up where its window lies.

    Parameters
    ----------
    grad : (batch, *counts, channels)
    shape : of the result, (batch, *lengths, channels)
    """
    lengths = shape[1:-1]
    share = grad / _elements(windows, lengths).astype(grad.dtype)
    out = np.zeros(shape, grad.dtype)
    for _, outs, ins in windows.taps(lengths):
        out[ins] += share[outs]
    return out


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


def _elements(windows: Windows, lengths: tuple[int, ...]) -> np.ndarray:
    """Return how many elements each window has inside: (*counts, 1)."""
    found = np.zeros((1, *windows.counts(lengths), 1), int)
    for _, outs, _ in windows.taps(lengths):
        found[outs] += 1
    return found[0]


def _corners(
    shape: tuple[int, ...], windows: Windows, pitches: np.ndarray
) -> np.ndarray:
    """Return where in the flattened input each window of an output begins."""
    batch, *counts, channels = map(np.arange, shape)
    starts = [
        count * stride - before
        for count, stride, (before, _) in zip(
            counts, windows.strides, windows.padding, strict=True
        )
    ]
    axes = zip((batch, *starts, channels), pitches, strict=True)
    return functools.reduce(np.add.outer, [axis * pitch for axis, pitch in axes])


def _pitches(shape: tuple[int, ...]) -> list[int]:
    """Return how far apart neighbours along each axis are in the flattened array."""
    return [math.prod(shape[axis + 1 :]) for axis in range(len(shape))]
