"""Plans of convolutions with few filters, and of spreading to few channels.

Loops along few channels would be short, and windows are many copies of what is
multiplied by little.  Here one product makes a plane of numbers for each element of the
kernel, in which the places of all images run along memory; the planes are then added
up, each some steps away from the others.

As elsewhere a plan makes some images at a time.  `Planes` equals `products.ByColumns`,
or `spreading.Grids`, and `KernelByPlanes` equals `products.KernelByColumns`, within
rounding.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from keratorch.kernels.buffers import take
from keratorch.kernels.parts import MOVE, fitting
from keratorch.kernels.windows import Windows

_FEW = 8  # filters, or channels


def cost(shape: tuple[int, ...], windows: Windows, images: tuple[int, ...]) -> float:
    """Return what an image costs: products, numbers that are moved counting as more.

    Infinity where the filters are too many, or fall into groups.

    Parameters
    ----------
    shape : of the kernel, (*size, channels / groups, filters)
    images : shape of the input, (batch, *lengths, channels)
    """
    *size, channels, filters = shape
    if filters >= _FEW or channels != images[-1]:
        return math.inf
    return math.prod(images[1:-1]) * math.prod(size) * filters * (channels + MOVE)


def pays_spread(channels: int, filters: int) -> bool:
    """Return whether spreading to so many channels is cheaper by planes."""
    return channels < min(_FEW, filters)


class Planes:
    """What a matrix makes of the channels, moved and added up.

    Parameters
    ----------
    matrix : (*size, channels of the result, channels of what comes in)
    moves : for each element of the kernel its index, where its plane is added, and
        where it comes from.
    places : in an image that comes in.
    """

    def __init__(self, matrix: np.ndarray, moves: Iterable[tuple], places: int):
        *self._planes, channels = matrix.shape
        self._matrix = matrix.reshape(-1, channels)
        self._moves = list(moves)
        self.step = fitting(places * (len(self._matrix) + channels))

    def __call__(self, x: np.ndarray, out: np.ndarray) -> None:
        rows = x.reshape(-1, x.shape[-1])
        shares = take((len(self._matrix), len(rows)), out.dtype)
        np.matmul(self._matrix, rows.T, out=shares)
        shares = shares.reshape(*self._planes, *x.shape[:-1])
        planes = take((out.shape[-1], *out.shape[:-1]), out.dtype)
        planes.fill(0)
        for at, to, where in self._moves:
            planes[(slice(None), *to)] += shares[at][(slice(None), *where)]
        out[...] = np.moveaxis(planes, 0, -1)


def to_filters(
    kernel: np.ndarray, windows: Windows, lengths: tuple[int, ...]
) -> Planes:
    """Return the plan of a convolution, as `products.product` describes it."""
    matrix = np.swapaxes(kernel, -1, -2)
    return Planes(matrix, windows.taps(lengths), math.prod(lengths))


def to_channels(
    kernel: np.ndarray, windows: Windows, lengths: tuple[int, ...]
) -> Planes:
    """Return the plan of a transposed convolution to images of these lengths."""
    moves = ((at, ins, outs) for at, outs, ins in windows.taps(lengths))
    return Planes(kernel, moves, math.prod(windows.counts(lengths)))


class KernelByPlanes:
    """The gradient by a kernel: that of the result, moved to where its windows are."""

    def __init__(
        self, shape: tuple[int, ...], windows: Windows, lengths: tuple[int, ...]
    ):
        *size, channels, filters = shape
        self._planes = *size, filters
        self._taps = list(windows.taps(lengths))
        self.step = fitting(math.prod(lengths) * (math.prod(self._planes) + channels))

    def of(self, x: np.ndarray, grad: np.ndarray) -> np.ndarray:
        """Return the share of these images: (size * filters, channels)."""
        moved = take((*self._planes, *x.shape[:-1]), grad.dtype)
        moved.fill(0)
        planes = np.moveaxis(grad, -1, 0)
        for at, outs, ins in self._taps:
            moved[at][(slice(None), *ins)] = planes[(slice(None), *outs)]
        rows = x.reshape(-1, x.shape[-1])
        return moved.reshape(-1, len(rows)) @ rows

    def kernel(self, total: np.ndarray) -> np.ndarray:
        """Return the sum of the shares in the shape of the kernel."""
        return total.reshape(*self._planes, -1).swapaxes(-1, -2)
