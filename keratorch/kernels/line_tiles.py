"""Convolutions with windows of 3 or 3 x 3, by tiles of four lines (Winograd).

Down an image four neighbours of the output, y, see six elements of the input, d,
through a column of the kernel, k.  Instead of by twelve products they come by six:

    y = A ((G k) * (B d))

for all places of a line at once, so that B and A are multiplied with matrices that have
lines for rows.  Along a line a window is three places, side by side in memory: each
third window is a row of a matrix that is already there, the channels of three places
end to end, and so are those that begin one place later, and two.  Hence for each of the
six, and for each of these beginnings, one product with a matrix of 3 * channels rows.
What falls between the end of a line and the next one is computed, and not looked at.
In a sequence each line is one place.

All of it is linear in d and in k: the gradient of the kernel comes from the same
products, turned round.  Equals `products.ByColumns` and `products.KernelByColumns`
within rounding, which is some four times as large.
Source: Lavin & Gray (2016), "Fast Algorithms for Convolutional Neural Networks".
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from keratorch.kernels.buffers import take
from keratorch.kernels.columns import padded
from keratorch.kernels.parts import MOVE, added, blocks_of, chunks, fitting
from keratorch.kernels.windows import Windows

A = np.array(
    [
        [1, 1, 1, 1, 1, 0],
        [0, 1, -1, 2, -2, 0],
        [0, 1, 1, 4, 4, 0],
        [0, 1, -1, 8, -8, 1],
    ]
)
B = np.array(
    [
        [4, 0, -5, 0, 1, 0],
        [0, -4, -4, 1, 1, 0],
        [0, 4, -4, -1, 1, 0],
        [0, -2, -1, 2, 1, 0],
        [0, 2, -1, -2, 1, 0],
        [0, 4, 0, -5, 0, 1],
    ]
)
G = (
    np.array(
        [[6, 0, 0], [-4, -4, -4], [-4, 4, -4], [1, 2, 4], [1, -2, 4], [0, 0, 24]],
    )
    / 24
)


@functools.lru_cache(256)
def cost(shape: tuple[int, ...], windows: Windows, images: tuple[int, ...]) -> float:
    """Return what an image costs by tiles of lines: products, moves counting as more.

    Infinity where there are none, since windows are of another size or lie apart.

    Parameters
    ----------
    shape : of the kernel, (*size, channels / groups, filters)
    images : shape of the input, (batch, *lengths, channels)
    """
    *size, channels, filters = shape
    near = max((*windows.strides, *windows.dilation)) == 1
    if size not in ([3], [3, 3]) or channels != images[-1] or not near:
        return math.inf
    tiles = _Tiles(windows, images[1:-1], channels, filters)
    each = 6 * tiles.across * channels * filters + 4 * MOVE * (channels + filters)
    return tiles.count * tiles.wide * each


class _Tiles:
    """Where the tiles on images of one shape lie.

    Attributes
    ----------
    step : how many images are computed at once.
    count : tiles of an image, each four lines of the output.
    wide : places of a line, a multiple of `across`: zeros lie between two lines, once.
    across : places of a window along a line.
    """

    def __init__(
        self, windows: Windows, lengths: tuple[int, ...], channels: int, filters: int
    ):
        self._lines, *places = windows.counts(lengths)
        self._channels, self._filters = channels, filters
        self.count = -(-self._lines // 4)
        (above, _), *sides = windows.padding
        padding = [(above, 4 * self.count + 2 - above - lengths[0])]
        self._places = self.wide = self.across = 1
        if places:
            ((left, right),) = sides
            self._places, self.across = *places, 3
            between = max(0, min(left, right))
            self.wide = 3 * -(-(self._places + 2 - between) // 3)
            padding.append((left, self.wide - left - lengths[1]))
        self._padding = tuple(padding)
        self._most = fitting(6 * self.wide * (channels + filters))
        self.step = max(1, self._most // self.count)

    def _blocks(self, x: np.ndarray) -> Iterator[tuple[slice, np.ndarray]]:
        """Yield lines of the output, and the windows on what they see, B d.

        Yields
        ------
        lines : slice
        seen : (across, 6, blocks, rows, across * channels), a row of each window: first
            those that begin at each third place, then those one place later, and so on
        """
        lines = padded(x, self._padding).reshape(len(x), 4 * self.count + 2, -1)
        batch, along, item = lines.strides
        shape = len(x), self.count, 6, lines.shape[-1]
        tiles = as_strided(lines, shape, (batch, 4 * along, along, item))
        for some in chunks(slice(0, self.count), self._most):
            d = tiles[:, some]
            places = len(x) * d.shape[1] * self.wide
            dtype = np.result_type(x, np.float32)
            v = take((6, places + self.across, self._channels), dtype)
            v[:, places:] = 0
            by_tile = v[:, :places].reshape(6, *d.shape[:2], d.shape[-1])
            np.matmul(B.astype(v.dtype), d, out=by_tile.transpose(1, 2, 0, 3))
            yield slice(4 * some.start, min(4 * some.stop, self._lines)), self._rows(v)

    def _rows(self, v: np.ndarray) -> np.ndarray:
        """Return `seen` of `_blocks`, a view of what B d is at all places and more."""
        width = self.across * self._channels
        rows = v.shape[1] // self.across - 1
        blocks = blocks_of(rows, width * self._filters)
        six, place, item = v.strides
        row, shape = self.across * place, (self.across, 6, blocks, rows // blocks)
        return as_strided(
            v, (*shape, width), (place, six, rows // blocks * row, row, item)
        )

    def _of_tiles(
        self, seen: np.ndarray, images: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return memory for the six of each place of the output, and a view of it.

        Parameters
        ----------
        seen : as `_blocks` has them
        images : the output, or its gradient

        Returns
        -------
        places : (across, 6, blocks, rows, filters), as `_blocks` has them
        lines : (batch, tiles, 6, numbers in a line)
        """
        _, _, *rows, _ = seen.shape
        dtype = np.result_type(images, np.float32)
        m = take((6, *rows, self.across, self._filters), dtype)
        lines = m.reshape(6, len(images), -1, self.wide * self._filters)
        return m.transpose(3, 0, 1, 2, 4), lines.transpose(1, 2, 0, 3)

    def _fours(
        self, images: np.ndarray, tiles: np.ndarray
    ) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield lines of images in fours, and the tiles that they belong to.

        The last tile may have fewer lines, which then come by themselves.

        Parameters
        ----------
        images : (batch, lines, filters) or (batch, lines, places, filters)
        tiles : (batch, tiles, 6, numbers in a line)
        """
        batch, count, *_ = images.shape
        lines = images.reshape(batch, count, self._places * self._filters)
        tiles, whole = tiles[..., : lines.shape[-1]], count // 4
        if whole:
            fours = lines[:, : 4 * whole].reshape(batch, whole, 4, lines.shape[-1])
            yield fours, tiles[:, :whole]
        if count % 4:
            yield lines[:, None, 4 * whole :], tiles[:, whole:]


class ByLines(_Tiles):
    """The plan of a convolution, as `products.product` describes it."""

    def __init__(self, kernel: np.ndarray, windows: Windows, lengths: tuple[int, ...]):
        super().__init__(windows, lengths, *kernel.shape[-2:])
        dtype = np.result_type(kernel, np.float32)
        u = np.tensordot(G.astype(dtype), kernel, 1)
        self._matrices = u.reshape(6, 1, -1, self._filters)

    def __call__(self, x: np.ndarray, out: np.ndarray) -> None:
        for lines, seen in self._blocks(x):
            m, tiles = self._of_tiles(seen, out)
            np.matmul(seen, self._matrices, out=m)
            for y, of_tiles in self._fours(out[:, lines], tiles):
                a = A[: y.shape[2]].astype(m.dtype)
                np.matmul(a, of_tiles, out=y)


class KernelByLines(_Tiles):
    """The plan of the gradient by the kernel, as `products.kernel_product` has it."""

    def __init__(
        self, shape: tuple[int, ...], windows: Windows, lengths: tuple[int, ...]
    ):
        super().__init__(windows, lengths, *shape[-2:])
        self._shape = shape

    def of(self, x: np.ndarray, grad: np.ndarray) -> np.ndarray:
        """Return the share of these images: (6, across * channels, filters)."""
        shares = []
        for lines, seen in self._blocks(x):
            m, tiles = self._of_tiles(seen, grad)
            tiles[..., self._places * self._filters :] = 0
            for y, of_tiles in self._fours(grad[:, lines], tiles):
                a = A[: y.shape[2]].astype(m.dtype)
                np.matmul(a.T, y, out=of_tiles)
            shares.append(np.matmul(seen.swapaxes(3, 4), m).sum(axis=(0, 2)))
        return added(shares)

    def kernel(self, total: Any) -> np.ndarray:
        """Return the sum of the shares in the shape of the kernel."""
        kernel = np.tensordot(G.T.astype(total.dtype), total, 1)
        return kernel.reshape(self._shape)
