"""The gradients of a convolution to which only few of its places have led.

Behind the maximum of each filter over all places a gradient arrives at one place of an
image for each filter.  What `convolution.gradients` computes by products over all
windows is then a sum of few: of the windows at these places by the kernel, and of the
filters' kernels, laid where these windows lie, by the images.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from keratorch.kernels import convolution
from keratorch.kernels.buffers import take
from keratorch.kernels.parts import chunks
from keratorch.kernels.windows import Windows

_PIECE = 2**18  # numbers of windows at once, which are read as they were written
_DEAR = 200  # places of a product over all that cost what one costs here
_LONG = 8  # elements of a group that make NumPy's sum by groups worth its while


def gradients(
    x: np.ndarray,
    kernel: np.ndarray,
    grad: tuple[np.ndarray, np.ndarray],
    windows: Windows,
    wanted: tuple[bool, bool, bool] = (True, True, True),
    out: np.ndarray | None = None,
) -> tuple:
    """Return the gradients of a convolution by x, kernel and bias.

    Equals `convolution.gradients` of a gradient that is zero elsewhere, and leaves it
    to that where there are too many places.

    Parameters
    ----------
    x : (batch, *lengths, channels)
    kernel : (*size, channels, filters), without groups
    grad : where in the flattened result there is a gradient, each place once and
        ascending, and the gradient at each of these places
    wanted : of the three, None stands for the others
    out : the result, if relu ended it: then grads count only where that is positive
    """
    places, grads = grad
    if out is not None:
        alive = out.reshape(-1)[places] > 0
        places, grads = places[alive], grads[alive]
    filters = kernel.shape[-1]
    shape = len(x), *windows.counts(x.shape[1:-1]), filters
    if _DEAR * len(places) > math.prod(shape):
        grad_everywhere = np.zeros(shape, grads.dtype)
        grad_everywhere.reshape(-1)[places] = grads
        return convolution.gradients(x, kernel, grad_everywhere, windows, wanted)
    at, chosen = np.divmod(places, filters)
    taps = _Taps(windows, x.shape, at)
    by_x, by_kernel, by_bias = wanted
    return (
        _by_x(x, kernel, taps, chosen, grads) if by_x else None,
        _by_kernel(x, kernel, taps, chosen, grads) if by_kernel else None,
        np.bincount(chosen, grads, filters).astype(grads.dtype) if by_bias else None,
    )


class _Taps:
    """Where the elements of some windows lie, among the pixels of all images.

    Attributes
    ----------
    at : the number of each window, ascending.
    """

    def __init__(self, windows: Windows, shape: tuple[int, ...], at: np.ndarray):
        lengths = shape[1:-1]
        first, *places = np.unravel_index(at, (shape[0], *windows.counts(lengths)))
        inside: list[list[Any]] = []  # by axis and element; None: each window has it
        gaps: list[list[int]] = []  # from the first pixel of a window to its others
        for axis, place in enumerate(places):
            before, after = windows.padding[axis]
            origin = place * windows.strides[axis] - before
            first = first * lengths[axis] + origin
            steps = [k * windows.dilation[axis] for k in range(windows.size[axis])]
            gaps.append([step * math.prod(lengths[axis + 1 :]) for step in steps])
            inside.append(
                [_within(origin + step, lengths[axis]) for step in steps]
                if before > 0 or after > 0
                else [None] * len(steps)
            )
        self.at, self._first = at, first
        self._taps = [
            (sum(gap), [mask for mask in masks if mask is not None])
            for gap, masks in zip(
                itertools.product(*gaps), itertools.product(*inside), strict=True
            )
        ]

    def of(self, some: Any) -> Iterator[tuple[int, Any, np.ndarray]]:
        """Yield each tap with those of some windows that have it, and the pixels.

        Without the windows whose tap is in the padding.

        Parameters
        ----------
        some : slice or indices of the windows.
        """
        first = self._first[some]
        for tap, (gap, masks) in enumerate(self._taps):
            if masks:
                having = np.flatnonzero(functools.reduce(np.logical_and, masks)[some])
                yield tap, having, first[having] + gap
            else:
                yield tap, slice(None), first + gap


def _within(place: np.ndarray, length: int) -> np.ndarray:
    return (place >= 0) & (place < length)


def _by_kernel(
    x: np.ndarray,
    kernel: np.ndarray,
    taps: _Taps,
    chosen: np.ndarray,
    grads: np.ndarray,
) -> np.ndarray:
    """Return for each filter the sum of the windows that chose it."""
    *size, channels, filters = kernel.shape
    pixels = x.reshape(-1, channels)
    total = np.zeros((filters, math.prod(size), channels), grads.dtype)
    by_filter = np.argsort(chosen, kind="stable")
    for some in _pieces(len(chosen), total[0].size):
        picked = by_filter[some]
        seen = np.zeros((len(picked), *total.shape[1:]), grads.dtype)
        for tap, having, pixel in taps.of(picked):
            seen[having, tap] = pixels[pixel]
        seen *= grads[picked, np.newaxis, np.newaxis]
        groups, sums = _summed(chosen[picked], seen)
        total[groups] += sums
    return np.ascontiguousarray(np.moveaxis(total, 0, -1)).reshape(kernel.shape)


def _by_x(
    x: np.ndarray,
    kernel: np.ndarray,
    taps: _Taps,
    chosen: np.ndarray,
    grads: np.ndarray,
) -> np.ndarray:
    """Return the kernels of the filters that chose a window, added up where it lies."""
    *size, channels, filters = kernel.shape
    total = take(x.shape, grads.dtype)
    total[...] = 0
    pixels = total.reshape(-1, channels)
    each = np.ascontiguousarray(kernel.reshape(-1, filters).T, grads.dtype)
    each = each.reshape(filters, math.prod(size), channels)
    for some in _pieces(len(chosen), each[0].size):
        spread = each[chosen[some]]
        spread *= grads[some, np.newaxis, np.newaxis]
        first, sums = _summed_where(taps.at[some], spread)
        for tap, having, pixel in taps.of(some.start + first):
            pixels[pixel] += sums[having, tap]
    return total


def _pieces(count: int, numbers: int) -> Iterator[slice]:
    """Yield slices of so many things, each of so many numbers."""
    if count:
        yield from chunks(slice(0, count), max(1, _PIECE // numbers))


def _summed(groups: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the groups, and the sum of the values of each."""
    first, sums = _summed_where(groups, values)
    return groups[first], sums


def _summed_where(
    groups: np.ndarray, values: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return where each group begins, and the sum of its values.

    Parameters
    ----------
    groups : the group of each value, ascending; at least one.
    """
    first = np.flatnonzero(np.concatenate([[True], groups[1:] != groups[:-1]]))
    if len(groups) >= _LONG * len(first):
        return first, np.add.reduceat(values, first, axis=0)
    counts = np.diff(first, append=len(groups))
    sums = values[first]
    for number in range(1, counts.max()):
        longer = np.flatnonzero(counts > number)
        sums[longer] += values[first[longer] + number]
    return first, sums
