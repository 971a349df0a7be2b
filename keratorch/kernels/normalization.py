"""Normalization in chunks that stay in the cache: moments, outputs, gradients.

`Channels` takes the moments of columns, as batch, group and instance normalization do,
`Rows` those of rows, as layer and RMS normalization.  Sums of chunks are added up in
order, in float64.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from keratorch import threads

_CHUNK = 2**17  # elements that are worked on at a time
_WIDE = 2**13  # elements of a row, where short ones can be taken side by side
_SUMMED = 2**9  # the same, where rows are summed: each has its own sum
_SMALL = 2**13  # elements of which BLAS computes a product on one thread anyway
_LONG = 512  # elements from which on NumPy's own sum along a row is as fast

Vector = np.ndarray | None  # of factors, or of offsets; None for no such


class Channels:
    """Channels in the columns of cells (samples, places, channels).

    Each of the groups of consecutive channels has a mean and a variance, over all
    places, and over all samples too where these are taken `together`. Factors and
    offsets are (samples or 1, channels).

    Parameters
    ----------
    cells : (samples, places, channels), of any layout in memory.
    groups : int that divides the channels.
    together : bool.
    """

    def __init__(self, cells: np.ndarray, groups: int, together: bool):
        samples, places, channels = self.shape = cells.shape
        contiguous = cells.flags.c_contiguous
        copies = _side_by_side(places, channels, _WIDE) if contiguous else 1
        self._wide = (samples, places // copies, channels * copies)
        self._cells = cells.reshape(self._wide)
        self._rows = max(1, _CHUNK // max(1, self._wide[2]))  # of a chunk
        summed = _side_by_side(copies, channels, _SUMMED)
        self._per_row = copies // summed
        self._copies = copies
        # rows side by side, groups, channels of a group; see `_in_table`
        self._table = (summed, groups, channels // max(1, groups))
        self._axes = (0, 1, 2, 4) if together else (1, 2, 4)
        count = places * (channels // max(1, groups)) * (samples if together else 1)
        self._count = max(1, count)

    def moments(self) -> tuple[np.ndarray, np.ndarray]:
        """Return mean and variance, float64 (samples or 1, channels).

        Each chunk's variance is about its own mean; Chan et al. (1979) say how to
        combine them.
        """

        def of_chunk(part: tuple, means: np.ndarray, squares: np.ndarray) -> None:
            x = self._narrow(self._cells[part])
            np.add.reduce(x, axis=1, keepdims=True, out=means)
            means /= x.shape[1]
            deviation = x - means
            deviation *= deviation
            np.add.reduce(deviation, axis=1, keepdims=True, out=squares)

        means, squares = self._in_table(of_chunk)
        starts = np.arange(0, self._wide[1], self._rows)
        counts = self._per_row * np.minimum(self._wide[1] - starts, self._rows)
        counts = counts.reshape(1, -1, 1, 1, 1)
        mean = (counts * means).sum(self._axes, keepdims=True) / self._count
        squares += counts * (means - mean) ** 2
        variance = squares.sum(self._axes, keepdims=True) / self._count
        return self._by_channel(mean), self._by_channel(variance)

    def scaled(
        self, mean: np.ndarray, factor: np.ndarray, offset: Vector
    ) -> np.ndarray:
        """Return (cells - mean) * factor + offset."""
        out = np.empty_like(self._cells)
        lanes = [self._lanes(v) for v in (mean, factor, offset)]

        def of_chunk(part: tuple) -> None:
            mean, factor, offset = (_of_samples(v, part) for v in lanes)
            y = np.subtract(self._cells[part], mean, out=out[part])
            y *= factor
            if offset is not None:
                y += offset

        self._each(of_chunk)
        return out.reshape(self.shape)

    def sums(self, grad: np.ndarray, mean: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the sums of grad and of grad * (cells - mean): (samples, channels)."""
        grad, lanes = grad.reshape(self._wide), self._lanes(mean)

        def of_chunk(part: tuple, sums: np.ndarray, products: np.ndarray) -> None:
            deviation = self._cells[part] - _of_samples(lanes, part)
            deviation *= grad[part]
            for x, total in ((grad[part], sums), (deviation, products)):
                np.add.reduce(self._narrow(x), axis=1, keepdims=True, out=total)

        totals = self._in_table(of_chunk).sum(axis=(2, 3))
        sums, products = totals.reshape(2, self.shape[0], self.shape[2])
        return sums, products

    def means(self, sums: np.ndarray) -> np.ndarray:
        """Return the means over what has one mean, given (samples, channels)."""
        table = sums.reshape(len(sums), 1, 1, *self._table[-2:])
        return self._by_channel(table.sum(self._axes, keepdims=True) / self._count)

    def gradient(
        self,
        grad: np.ndarray,
        factor: np.ndarray,
        slope: np.ndarray,
        offset: np.ndarray,
    ) -> np.ndarray:
        """Return grad * factor + cells * slope + offset."""
        grad, out = grad.reshape(self._wide), np.empty_like(self._cells)
        lanes = [self._lanes(v) for v in (factor, slope, offset)]

        def of_chunk(part: tuple) -> None:
            factor, slope, offset = (_of_samples(v, part) for v in lanes)
            x = np.multiply(grad[part], factor, out=out[part])
            x += self._cells[part] * slope
            x += offset

        self._each(of_chunk)
        return out.reshape(self.shape)

    def _each(self, function: Callable[[tuple], Any]) -> None:
        """Call a function with the index of each chunk."""
        samples, places, _ = self._wide
        step = max(1, self._rows // max(1, places))  # whole samples, if they are small
        chunks = (
            (slice(i, min(i + step, samples)), slice(j, min(j + self._rows, places)))
            for i in range(0, samples, step)
            for j in range(0, places, self._rows)
        )
        threads.run(function, chunks)

    def _in_table(self, of_chunk: Callable[[tuple, Any, Any], None]) -> np.ndarray:
        """Return what a function writes into two rows (samples, 1, lanes) a chunk.

        Its axes are the two, samples, chunks, copies, groups, channels of a group.
        """
        samples, places, lanes = self._wide
        chunks, lanes = -(-places // self._rows), lanes // self._per_row
        table = np.zeros((2, samples, chunks, lanes), self._cells.dtype)

        def compute(part: tuple) -> None:
            number = part[1].start // self._rows
            of_chunk(part, *table[:, part[0], number : number + 1])

        self._each(compute)
        return table.reshape(2, samples, chunks, *self._table).astype(np.float64)

    def _narrow(self, x: np.ndarray) -> np.ndarray:
        """Return a chunk with fewer rows side by side."""
        samples, places, lanes = x.shape
        return x.reshape(samples, places * self._per_row, lanes // self._per_row)

    def _by_channel(self, moments: np.ndarray) -> np.ndarray:
        """Return a number of each group for each of its channels."""
        return np.repeat(moments.reshape(len(moments), -1), self._table[2], axis=1)

    def _lanes(self, vector: Vector) -> Vector:
        """Return (samples or 1, 1, lanes), once for each of the rows side by side."""
        if vector is None:
            return None
        vector = vector.astype(self._cells.dtype, copy=False)[:, None]
        return vector if self._copies == 1 else np.tile(vector, self._copies)


def _of_samples(lanes: Any, part: tuple) -> Any:
    """Return the lanes that belong to the samples of a chunk."""
    return lanes if lanes is None or len(lanes) == 1 else lanes[part[0]]


class Rows:
    """Rows (count, size) that are normalized one by one.

    Parameters
    ----------
    rows : contiguous, (count, size).
    centered : bool, whether their means are subtracted.
    """

    def __init__(self, rows: np.ndarray, centered: bool = True):
        self._rows, self._centered = rows, centered
        count, size = rows.shape
        self._copies = _side_by_side(count, size, _WIDE)
        step = max(1, _CHUNK // max(1, size) // self._copies) * self._copies
        self._parts = [slice(i, i + step) for i in range(0, count, step)]

    def normalized(
        self, factor: Vector, offset: Vector, epsilon: float
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return (rows - mean) / s * factor + offset, the means, and 1 / s.

        s = sqrt(mean((rows - mean)**2) + epsilon); factor, offset : (size,).
        """
        x, count = self._rows, len(self._rows)
        out, moments = np.empty_like(x), np.zeros((2, count, 1), x.dtype)
        factor, offset = self._tiled(factor), self._tiled(offset)

        def of_chunk(part: slice) -> None:
            mean, inverse = moments[:, part]
            y = out[part]
            deviation = x[part]
            if self._centered:
                _row_means(x[part], out=mean)
                deviation = np.subtract(x[part], mean, out=y)
            _row_means(deviation * deviation, out=inverse)
            inverse += epsilon
            np.sqrt(inverse, out=inverse)
            np.divide(1, inverse, out=inverse)
            np.multiply(deviation, inverse, out=y)
            y = self._side_by_side(y)
            if factor is not None:
                y *= factor
            if offset is not None:
                y += offset

        _run(of_chunk, self._parts, x.size)
        return out, moments[0], moments[1]

    def gradients(
        self,
        grad: np.ndarray,
        mean: np.ndarray,
        inverse: np.ndarray,
        factor: Vector,
        needed: bool = True,
    ) -> tuple[np.ndarray | None, np.ndarray, np.ndarray]:
        """Return the gradients of rows (None if not needed), factor and offset."""
        out = np.empty_like(self._rows) if needed else None
        tiled = self._tiled(factor)

        def of_chunk(part: slice) -> tuple:
            g, y = grad[part], self._rows[part] - mean[part]
            y *= inverse[part]
            product = g * y
            sums = _column_sums(product), _column_sums(g)
            if out is None:
                return sums
            x = out[part]
            if tiled is None:
                x[...] = g
            else:
                wide = self._side_by_side
                np.multiply(wide(g), tiled, out=wide(x))
            y *= _row_means(product, factor)
            if self._centered:
                y += _row_means(g, factor)
            x -= y
            x *= inverse[part]
            return sums

        sums = _run(of_chunk, self._parts, self._rows.size)
        if not sums:
            sums = [np.zeros((2, self._rows.shape[1]))]
        totals = np.sum(sums, axis=0, dtype=np.float64).astype(self._rows.dtype)
        return out, totals[0], totals[1]

    def _tiled(self, vector: Vector) -> Vector:
        if vector is None or self._copies == 1:
            return vector
        return np.tile(vector, self._copies)

    def _side_by_side(self, rows: np.ndarray) -> np.ndarray:
        return rows.reshape(-1, rows.shape[1] * self._copies)


def _side_by_side(count: int, size: int, width: int) -> int:
    """Return how many rows of a size to take as one: a divisor of their count.

    With a vector along rows NumPy computes twice as fast when these are long.
    """
    most = min(count, width // max(1, size))
    return next((k for k in range(most, 1, -1) if count % k == 0), 1)


def _column_sums(x: np.ndarray) -> np.ndarray:
    """Return the sums of the columns of a matrix: a product with ones is fastest."""
    return np.ones(len(x), x.dtype) @ x


def _row_means(
    x: np.ndarray, weights: Vector = None, out: np.ndarray | None = None
) -> np.ndarray:
    """Return the means of rows, or of rows * weights: (count, 1).

    Of short rows a product is fastest.
    """
    size = x.shape[1]
    if weights is None and size > _LONG:
        return np.mean(x, axis=1, keepdims=True, out=out)
    each = np.full(size, 1 / size, x.dtype) if weights is None else weights / size
    return np.matmul(x, each[:, None].astype(x.dtype, copy=False), out=out)


def _run(function: Callable, parts: list, size: int) -> list:
    """Return the results of a function that computes products, for each part."""
    if size < _SMALL:
        return [function(part) for part in parts]
    return threads.run_products(function, parts)
