"""Convolutions with windows of 3, by fewer products than they have (Winograd).

Along one axis two neighbours of the output, y0 and y1, see four elements of the input,
d0 to d3, through the kernel k0, k1, k2.  Instead of by six products they come by four:

    v = d0 - d2, d1 + d2, d2 - d1, d1 - d3
    u = k0, (k0 + k1 + k2) / 2, (k0 - k1 + k2) / 2, k2
    m = v * u, hence y0 = m0 + m1 + m2 and y1 = m1 - m2 - m3

Over several axes this is done along each: on images 16 products instead of 36 for each
tile of 2 x 2.  The products of all tiles and channels are matrix products, 4 for each
axis, and what surrounds them are sums over long lines, since the places of one tile lie
in arrays of their own.  All of it is linear in d and in k: the gradient of the kernel
comes from the same sums, turned round.  Volumes are computed like this, and images of a
few places; for others `line_tiles` costs less.

Equals `products.ByColumns` and `products.KernelByColumns` within rounding.
Source: Lavin & Gray (2016), "Fast Algorithms for Convolutional Neural Networks".
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from keratorch.kernels.buffers import take
from keratorch.kernels.parts import CHUNK, MOVE, added, chunks
from keratorch.kernels.windows import Windows

_ROWS = 256  # of a matrix product: fewer do not pay


def cost(shape: tuple[int, ...], windows: Windows, images: tuple[int, ...]) -> float:
    """Return what an image costs by tiles: products, sums counting `MOVE`.

    Infinity where there are no tiles, since windows are of another size or lie apart.

    Parameters
    ----------
    shape : of the kernel, (*size, channels / groups, filters)
    images : shape of the input, (batch, *lengths, channels)
    """
    *size, channels, filters = shape
    rank = len(size)
    fits = set(size) == {3} and max((*windows.strides, *windows.dilation)) == 1
    if not fits or channels != images[-1] or rank > 3:
        return math.inf
    counts = windows.counts(images[1:-1])
    tiles = math.prod(-(-count // 2) for count in counts)
    sums = MOVE * sum(4**i * 2 ** (rank - i) for i in range(1, rank + 1))
    each = 4**rank * channels * filters + sums * (channels + filters)
    return tiles * each + sums * channels * filters / max(1, images[0])


class _Tiles:
    """Where the tiles on images of one shape lie."""

    def __init__(
        self, windows: Windows, lengths: tuple[int, ...], channels: int, filters: int
    ):
        self._rank, self._channels, self._filters = len(lengths), channels, filters
        self._padding, self._lengths = windows.padding, lengths
        self._counts = windows.counts(lengths)
        line = math.prod(-(-count // 2) for count in self._counts[1:])
        numbers = 4**self._rank * line * (channels + filters)
        # many small sums: twice the memory of other chunks costs less than their calls
        lines = max(1, 2 * CHUNK // numbers, -(-_ROWS // line))
        self._lines = lines
        self.step = max(1, lines // -(-self._counts[0] // 2))

    def _blocks(self) -> Iterator[tuple[slice, slice, tuple]]:
        """Yield lines of the output, those of the input that they see, its padding."""
        (before, _), *others = self._padding
        for tiles in chunks(slice(0, -(-self._counts[0] // 2)), self._lines):
            lines = slice(2 * tiles.start, min(2 * tiles.stop, self._counts[0]))
            first, stop = lines.start - before, lines.stop + 2 - before
            seen = slice(max(0, first), max(0, min(self._lengths[0], stop)))
            lying = (seen.start - first, stop - max(seen.start, seen.stop)), *others
            yield lines, seen, lying

    def _of_input(self, x: np.ndarray, padding: tuple) -> np.ndarray:
        """Return v of all tiles: (4, ..., 4, lines, batch, *other tiles, channels).

        The most is added up along the lines, which lie outermost: long loops.
        """
        tiles = [
            (length + sum(pair) - 1) // 2
            for length, pair in zip(x.shape[1:-1], padding, strict=True)
        ]
        wide = [count + 1 for count in tiles]
        shape = *(2,) * self._rank, wide[0], len(x), *wide[1:], x.shape[-1]
        v = take(shape, x.dtype)
        v.fill(0)
        for grid in itertools.product((0, 1), repeat=self._rank):
            _put_grid(v[grid].swapaxes(0, 1), x, grid, padding)
        for axis in reversed(range(self._rank)):
            v = self._sums_of_input(v, axis)
        return v

    def _sums_of_input(self, grids: Any, axis: int) -> np.ndarray:
        done, places = (slice(None),) * axis, self._rank + axis + (axis > 0)
        shape = list(grids.shape)
        shape[axis], shape[places] = 4, shape[places] - 1
        v: Any = take(tuple(shape), grids.dtype)
        tail = (slice(None),) * (places - axis - 1)
        here, next_ = (*tail, slice(None, -1)), (*tail, slice(1, None))
        d0, d1 = grids[(*done, 0, *here)], grids[(*done, 1, *here)]
        d2, d3 = grids[(*done, 0, *next_)], grids[(*done, 1, *next_)]
        np.subtract(d0, d2, out=v[(*done, 0)])
        np.add(d1, d2, out=v[(*done, 1)])
        np.subtract(d2, d1, out=v[(*done, 2)])
        np.subtract(d1, d3, out=v[(*done, 3)])
        return v


class Winograd(_Tiles):
    """The plan of a convolution, as `products.product` describes it."""

    def __init__(self, kernel: np.ndarray, windows: Windows, lengths: tuple[int, ...]):
        super().__init__(windows, lengths, *kernel.shape[-2:])
        turned = kernel.strides[-1] > kernel.strides[-2]  # long loops run along memory
        u = kernel.swapaxes(-1, -2) if turned else kernel
        for axis in range(self._rank):
            u = _sums_of_kernel(u, axis)
        u = u.reshape(-1, *u.shape[-2:])
        self._matrices = u.swapaxes(-1, -2) if turned else u

    def __call__(self, x: np.ndarray, out: np.ndarray) -> None:
        for lines, seen, padding in self._blocks():
            v = self._of_input(x[:, seen], padding)
            shape = *v.shape[:-1], self._filters
            m = take(shape, out.dtype)
            rows = v.reshape(len(self._matrices), -1, self._channels)
            flat = m.reshape(len(self._matrices), -1, self._filters)
            np.matmul(rows, self._matrices, out=flat)
            self._to_output(m, out[:, lines])

    def _to_output(self, m: Any, out: np.ndarray) -> None:
        for axis in range(self._rank):
            done = (slice(0, 2),) * axis
            m0, m1, m2, m3 = (m[(*done, i)] for i in range(4))
            m0 += m1
            m0 += m2
            m1 -= m2
            m1 -= m3
        for grid in itertools.product((0, 1), repeat=self._rank):
            target = out[(slice(None), *(slice(i, None, 2) for i in grid))]
            inside = tuple(map(slice, target.shape[1:-1]))
            target[...] = m[grid].swapaxes(0, 1)[(slice(None), *inside)]


class WinogradKernel(_Tiles):
    """The plan of the gradient by the kernel, as `products.kernel_product` has it."""

    def __init__(
        self, shape: tuple[int, ...], windows: Windows, lengths: tuple[int, ...]
    ):
        super().__init__(windows, lengths, *shape[-2:])

    def of(self, x: np.ndarray, grad: np.ndarray) -> np.ndarray:
        """Return the share of these images: (4 ** rank, channels, filters)."""
        shares = []
        for lines, seen, padding in self._blocks():
            v = self._of_input(x[:, seen], padding)
            m = self._of_output(grad[:, lines], v.shape[:-1])
            rows = v.reshape(4**self._rank, -1, self._channels)
            flat = m.reshape(4**self._rank, -1, self._filters)
            shares.append(np.matmul(rows.transpose(0, 2, 1), flat))
        return added(shares)

    def _of_output(self, grad: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
        """Return dL/dm of all tiles, that of m3 with the other sign."""
        m: Any = take((*shape, self._filters), grad.dtype)
        for grid in itertools.product((0, 1), repeat=self._rank):
            source = grad[(slice(None), *(slice(i, None, 2) for i in grid))]
            target = m[tuple(3 * i for i in grid)].swapaxes(0, 1)
            if source.shape != target.shape:
                target.fill(0)
            target[(slice(None), *map(slice, source.shape[1:-1]))] = source
        for axis in range(self._rank):
            done, left = (slice(None),) * axis, (slice(0, 4, 3),)
            rest = left * (self._rank - axis - 1)
            m0, m1, m2, m3 = (m[(*done, i, *rest)] for i in range(4))
            np.add(m0, m3, out=m1)
            np.subtract(m0, m3, out=m2)
        return m

    def kernel(self, total: Any) -> np.ndarray:
        """Return the sum of the shares in the shape of the kernel."""
        total = total.reshape(*(4,) * self._rank, *total.shape[1:])
        for axis in range(self._rank):
            done = (slice(None),) * axis
            shape = (*total.shape[:axis], 3, *total.shape[axis + 1 :])
            k: Any = np.empty(shape, total.dtype)
            u0, u1, u2, u3 = (total[(*done, i)] for i in range(4))
            k0, k1, k2 = (k[(*done, i)] for i in range(3))
            half = np.multiply(np.add(u1, u2, out=k2), 0.5, out=k2)
            np.add(u0, half, out=k0)
            np.multiply(np.subtract(u1, u2, out=k1), 0.5, out=k1)
            k2 -= u3
            total = k
        return total


def _sums_of_kernel(kernel: Any, axis: int) -> np.ndarray:
    """Return u along an axis: four elements instead of three."""
    done = (slice(None),) * axis
    shape = (*kernel.shape[:axis], 4, *kernel.shape[axis + 1 :])
    u: Any = take(shape, kernel.dtype)
    k0, k1, k2 = (kernel[(*done, i)] for i in range(3))
    u0, u1, u2, u3 = (u[(*done, i)] for i in range(4))
    np.multiply(k1, 0.5, out=u0)
    np.multiply(np.add(k0, k2, out=u1), 0.5, out=u1)
    np.subtract(u1, u0, out=u2)
    u1 += u0
    u0[...], u3[...] = k0, k2
    return u


def _put_grid(
    target: np.ndarray, x: np.ndarray, grid: tuple[int, ...], padding: tuple
) -> None:
    """Copy each second element of padded images, along each axis, from `grid` on."""
    ins, outs = [slice(None)], [slice(None)]
    for length, count, i, (before, _) in zip(
        x.shape[1:-1], target.shape[1:-1], grid, padding, strict=True
    ):
        skipped = max(0, -((i - before) // 2))  # what lies in the padding
        start = i - before + 2 * skipped
        found = min(count - skipped, len(range(start, length, 2)))
        ins.append(slice(start, start + 2 * found, 2))
        outs.append(slice(skipped, skipped + found))
    target[tuple(outs)] = x[tuple(ins)]
