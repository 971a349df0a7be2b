"""Plans of transposed convolutions: each element of grad spreads over its window.

As in `products`, a plan makes some images at a time: ``plan(grad, out)``.

Spreading by steps of 1 is a convolution of grad with the kernel turned round.  Larger
strides part the result into grids, one for each place within a stride; a grid sees only
the elements of the kernel that fall on it, and is a convolution with these.  Where grad
has many more channels than the result it is cheaper to spread one element of the kernel
after the other, and where the result has few, to add them up as planes.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from keratorch.kernels.buffers import take
from keratorch.kernels.parts import MOVE, fitting
from keratorch.kernels.planes import pays_spread, to_channels
from keratorch.kernels.products import cost, product
from keratorch.kernels.windows import Windows


def spreading(kernel: np.ndarray, windows: Windows, shape: tuple[int, ...]) -> Any:
    """Return the plan of the transposed convolution to images of one shape.

    Parameters
    ----------
    kernel : (*size, channels / groups, filters)
    windows : on the result
    shape : of the result, (batch, *lengths, channels)
    """
    return _cheapest(kernel.shape, windows, shape)(kernel, windows, shape)


@functools.lru_cache(256)
def _cheapest(
    kernel: tuple[int, ...], windows: Windows, shape: tuple[int, ...]
) -> Callable[..., Any]:
    """Return what makes the plan for shapes."""
    *size, wide, filters = kernel
    channels = shape[-1]
    if wide == 1 < channels < filters:
        return SpreadDepthwise
    if wide != channels or math.prod(size) == 1:
        return Grids
    if pays_spread(channels, filters):
        return _planes
    counts = windows.counts(shape[1:-1])
    by_taps = math.prod(counts) * math.prod(kernel[:-1]) * (filters + MOVE)
    images = shape[0], *counts, filters
    by_grids = sum(
        cost((*on_grad.size, filters, channels), on_grad, images)
        for _, _, on_grad in _grids(windows, shape[1:-1])
        if on_grad
    )
    return Taps if by_taps < by_grids else Grids


def _planes(kernel: np.ndarray, windows: Windows, shape: tuple[int, ...]) -> Any:
    return to_channels(kernel, windows, shape[1:-1])


class Grids:
    """Convolutions of grad with the kernel turned round, one for each grid."""

    def __init__(self, kernel: np.ndarray, windows: Windows, shape: tuple[int, ...]):
        images = shape[0], *windows.counts(shape[1:-1]), kernel.shape[-1]
        self._whole = max(windows.strides) == 1
        self._grids: list[tuple[tuple, Any]] = []
        for places, picks, on_grad in _grids(windows, shape[1:-1]):
            plan = None
            if on_grad:
                other = turned(kernel[np.ix_(*picks)], shape[-1])
                plan = product(other, on_grad, images)
            self._grids.append((places, plan))
        steps = [plan.step for _, plan in self._grids if plan]
        self.step = min(steps, default=fitting(math.prod(shape[1:])))

    def __call__(self, grad: np.ndarray, out: np.ndarray) -> None:
        for places, plan in self._grids:
            target = out[places]
            if plan is None:
                target[...] = 0
            elif self._whole:
                plan(grad, out)
            else:
                grid = take(target.shape, out.dtype)
                plan(grad, grid)
                target[...] = grid


class Taps:
    """One element of the kernel after the other, which all of grad is spread by."""

    def __init__(self, kernel: np.ndarray, windows: Windows, shape: tuple[int, ...]):
        taps = windows.taps(shape[1:-1])
        self._taps = [(kernel[at].T.copy(), outs, ins) for at, outs, ins in taps]
        counts = math.prod(windows.counts(shape[1:-1]))
        self.step = fitting(max(math.prod(shape[1:]), counts * kernel.shape[-1]))

    def __call__(self, grad: np.ndarray, out: np.ndarray) -> None:
        out.fill(0)
        shares = take((*grad.shape[:-1], out.shape[-1]), out.dtype)
        rows = grad.reshape(-1, grad.shape[-1])
        for matrix, outs, ins in self._taps:
            np.matmul(rows, matrix, out=shares.reshape(-1, out.shape[-1]))
            out[ins] += shares[outs]


class SpreadDepthwise:
    """Each filter over an image of its own, added up for each channel."""

    def __init__(self, kernel: np.ndarray, windows: Windows, shape: tuple[int, ...]):
        filters = kernel.shape[-1]
        self._grids = Grids(kernel, windows, (*shape[:-1], filters))
        self.step = self._grids.step

    def __call__(self, grad: np.ndarray, out: np.ndarray) -> None:
        each = take((*out.shape[:-1], grad.shape[-1]), out.dtype)
        self._grids(grad, each)
        np.sum(each.reshape(*out.shape, -1), axis=-1, out=out)


@functools.lru_cache(256)
def _grids(windows: Windows, lengths: tuple[int, ...]) -> list[tuple]:
    """Return where each grid lies, its elements of the kernel, and windows on grad.

    The latter are None where no element of the kernel falls on the grid.
    """
    axes = zip(lengths, windows.counts(lengths), *windows, strict=True)
    found = []
    for grid in itertools.product(*(list(_grids_of_axis(*axis)) for axis in axes)):
        places, picks, *lying = zip(*grid, strict=True)
        on_grad = None
        if all(picks):
            size = tuple(map(len, picks))
            on_grad = Windows(size, (1,) * len(size), *lying)
        found.append(((slice(None), *places), picks, on_grad))
    return found


def _grids_of_axis(
    length: int,
    count: int,
    size: int,
    stride: int,
    padding: tuple[int, int],
    dilation: int,
) -> Iterator[tuple[slice, list[int], tuple[int, int], int]]:
    """Yield where each grid lies, and the windows on grad that make it.

    These are the elements of the kernel, the last first, and the padding and dilation
    with which they lie on grad.
    """
    for first in range(min(stride, length)):
        start, rest = divmod(first + padding[0], stride)
        picks = [k for k in range(size) if k * dilation % stride == rest][::-1]
        gap = dilation // math.gcd(stride, dilation)
        before, after = 0, 0
        if picks:
            before = (picks[0] * dilation - rest) // stride - start
            span = (len(picks) - 1) * gap + 1
            after = len(range(first, length, stride)) - 1 + span - count - before
        yield slice(first, length, stride), picks, (before, after), gap


def turned(kernel: Any, channels: int) -> Any:
    """Return a kernel with its channels and filters, in their groups, exchanged.

    Parameters
    ----------
    kernel : (*size, channels / groups, filters)

    Returns
    -------
    turned : (*size, filters / groups, channels)
    """
    *size, wide, filters = kernel.shape
    groups = channels // wide
    apart = kernel.reshape(*size, wide, groups, filters // groups)
    axes = *range(len(size)), len(size) + 2, len(size) + 1, len(size)
    return apart.transpose(axes).reshape(*size, filters // groups, channels)
