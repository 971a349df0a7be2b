"""Pooling: the maximum or the mean of each window, channel by channel.

No window is copied: a pass over the output takes one element of all windows at once,
which is a slice of the input with the strides of the windows.  A fold over windows is
one along the first axis, whose slices run along memory for long, and then along the
others, on what is left.  Images are taken by as many as fit a cache.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from keratorch.kernels.buffers import take
from keratorch.kernels.parts import MOVE, chunks, fitting, over_batch
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
    lowest = -np.inf if x.dtype.kind == "f" else np.iinfo(x.dtype).min
    out = take((len(x), *windows.counts(x.shape[1:-1]), x.shape[-1]), x.dtype)

    axes = list(_taps_of_axes(windows, x.shape[1:-1]))

    def pool(some: slice) -> None:
        _fold(np.maximum, lowest, x[some], out[some], axes)

    _each_chunk(pool, x.shape)
    return out


def max_unpool(
    grad: np.ndarray, x: np.ndarray, out: np.ndarray, windows: Windows
) -> np.ndarray:
    """Return each number of grad, added up where the first maximum of its window is.

    Parameters
    ----------
    grad : (batch, *counts, channels)
    x : (batch, *lengths, channels)
    out : (batch, *counts, channels), the maxima
    """
    result = take(x.shape, grad.dtype)
    taps = list(windows.taps(x.shape[1:-1]))
    apart = _lie_apart(windows)
    whole = _side_by_side(windows, x.shape[1:-1])

    def unpool(some: slice) -> None:
        if not whole:
            result[some] = 0
        _spread_to_maxima(grad[some], x[some], out[some], result[some], taps, apart)

    _each_chunk(unpool, x.shape)
    return result


def global_max_unpool(grad: np.ndarray, x: np.ndarray, out: np.ndarray) -> np.ndarray:
    """Return grad in equal shares where the maximum of its channel stands.

    Parameters
    ----------
    grad, out : (batch, 1, channels), the maxima over all places
    x : (batch, *lengths, channels)
    """
    result = take(x.shape, grad.dtype)

    def unpool(some: slice) -> None:
        found, shares = _chosen(grad[some], x[some], out[some])
        # few are chosen: writing them is cheaper than passing over all
        result[some] = 0
        result[some].reshape(-1)[found] = shares

    _each_chunk(unpool, x.shape)
    return result


def chosen_by_maxima(
    grad: np.ndarray, x: np.ndarray, out: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return what `global_max_unpool` returns where it is not zero.

    Returns
    -------
    places : in the flattened x, ascending.
    shares : of grad, one for each place.
    """
    found: list[Any] = [None] * len(x)

    def choose(some: slice) -> None:
        places, shares = _chosen(grad[some], x[some], out[some])
        found[some.start] = places + some.start * x[0].size, shares

    _each_chunk(choose, x.shape)
    places, shares = zip(*filter(None, found), strict=True)
    return np.concatenate(places), np.concatenate(shares)


def _chosen(
    grad: np.ndarray, x: np.ndarray, out: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return where the maxima stand, and their shares, of some images."""
    channels = x.shape[-1]
    places = x.reshape(len(x), -1, channels)
    chosen = places == out
    if np.isnan(out).any():
        chosen |= np.isnan(places) & np.isnan(out)
    found = np.flatnonzero(chosen)
    owners = found // x[0].size * channels + found % channels
    counts = np.bincount(owners, minlength=out.size)
    shares = grad.reshape(-1) / np.maximum(counts, 1).astype(grad.dtype)
    return found, shares[owners]


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
    lengths = x.shape[1:-1]
    out = take((len(x), *windows.counts(lengths), x.shape[-1]), x.dtype)
    elements = _elements(windows, lengths).astype(x.dtype)

    axes = list(_taps_of_axes(windows, lengths))

    def pool(some: slice) -> None:
        _fold(np.add, 0, x[some], out[some], axes)
        np.divide(out[some], elements, out=out[some])

    _each_chunk(pool, x.shape)
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
    elements = _elements(windows, shape[1:-1]).astype(grad.dtype)
    result = take(shape, grad.dtype)

    def unpool(some: slice) -> None:
        _unfold(grad[some] / elements, result[some], windows)

    _each_chunk(unpool, shape)
    return result


def _each_chunk(function: Callable[[slice], None], shape: tuple[int, ...]) -> None:
    """Call a function for slices of the images of an input of that shape."""
    numbers = math.prod(shape[1:])

    def compute(part: slice) -> None:
        for some in chunks(part, fitting(2 * numbers)):
            function(some)

    over_batch(compute, shape[0], 2 * MOVE * numbers)


def _fold(
    ufunc: np.ufunc, start: float, x: np.ndarray, out: np.ndarray, axes: list
) -> None:
    """Write into out the fold of each window, one axis after the other."""
    for axis, taps in enumerate(axes, start=1):
        last = axis == x.ndim - 2
        shape = *x.shape[:axis], *out.shape[axis : axis + 1], *x.shape[axis + 1 :]
        target = out if last else take(shape, x.dtype)
        whole = [ins for outs, ins in taps if target[outs].shape == shape][:2]
        if len(whole) == 2:
            ufunc(x[whole[0]], x[whole[1]], out=target)
        else:
            whole = []
            target.fill(start)
        for outs, ins in taps:
            if ins not in whole:
                ufunc(target[outs], x[ins], out=target[outs])
        x = target


def _unfold(share: np.ndarray, out: np.ndarray, windows: Windows) -> None:
    """Add each number to all elements of its window, one axis after the other."""
    axes = list(enumerate(_taps_of_axes(windows, out.shape[1:-1]), start=1))
    for axis, taps in reversed(axes):
        shape = *share.shape[:axis], *out.shape[axis:]
        target = out if axis == 1 else take(shape, out.dtype)
        side_by_side = _side_by_side(_of_axis(windows, axis), shape[axis : axis + 1])
        if not side_by_side:
            target.fill(0)
        for outs, ins in taps:
            if side_by_side:
                target[ins] = share[outs]
            else:
                target[ins] += share[outs]
        share = target


def _taps_of_axes(windows: Windows, lengths: tuple[int, ...]) -> Iterator[list]:
    """Yield for each axis the pairs (outs, ins) of `Windows.taps` along it alone."""
    for axis, length in enumerate(lengths, start=1):
        before = (slice(None),) * (axis - 1)
        along = _of_axis(windows, axis).taps((length,))
        yield [
            ((*outs[:1], *before, *outs[1:]), (*ins[:1], *before, *ins[1:]))
            for _, outs, ins in along
        ]


def _of_axis(windows: Windows, axis: int) -> Windows:
    return Windows(*(entries[axis - 1 : axis] for entries in windows))  # type: ignore[arg-type]


def _lie_apart(windows: Windows) -> bool:
    """Return whether no element is in two windows."""
    pairs = zip(windows.spans, windows.strides, strict=True)
    return all(span <= stride for span, stride in pairs)


def _side_by_side(windows: Windows, lengths: tuple[int, ...]) -> bool:
    """Return whether each element of an input is in one window, and not in two."""
    return (
        windows.spans == windows.strides == windows.size
        and not any(map(any, windows.padding))
        and not any(n % s for n, s in zip(lengths, windows.strides, strict=True))
    )


def _spread_to_maxima(
    grad: np.ndarray,
    x: np.ndarray,
    out: np.ndarray,
    result: np.ndarray,
    taps: list,
    apart: bool,
) -> None:
    free = take(out.shape, bool)  # windows whose maximum is still to come
    free.fill(True)
    for _, outs, ins in taps:
        # where a NaN is the maximum no number is below it, and the first element wins
        below = np.less(x[ins], out[outs])
        chosen = np.greater(free[outs], below)
        np.logical_and(free[outs], below, out=free[outs])
        share = result[ins] if apart else take(chosen.shape, grad.dtype)
        _write_chosen(grad[outs], chosen, share)
        if not apart:
            result[ins] += share


def _write_chosen(grad: np.ndarray, chosen: np.ndarray, out: np.ndarray) -> None:
    """Write grad where it is chosen, else 0: infinity times 0 would be no number."""
    if grad.itemsize > 8:
        out[...] = np.where(chosen, grad, 0)
        return
    bits = np.dtype(f"i{grad.itemsize}")
    np.multiply(grad.view(bits), chosen, out=out.view(bits))


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
