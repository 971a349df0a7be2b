"""How a kernel cuts its work: into parts for threads, these into chunks for a cache.

Both cuts depend on shapes alone, so that results do not depend on the threads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from keratorch import threads

CHUNK = 2**20  # numbers of a piece of work: larger ones leave the cache, smaller ones
MOVE = 16  # reading two numbers and writing one takes as long as so many products
COPY = 8  # and copying one, as long as so many
_PART = 2**24  # products that are worth a part of their own: some 300 us
_MOST = 16  # parts
_SMALL = 10**6  # products of matrices that OpenBLAS does not copy first
_FEWEST = 32  # rows of a block


def over_batch(
    function: Callable[[slice], Any], batch: int, work: int, step: int = 1
) -> list:
    """Return what a function makes of the parts of a batch, in their order.

    The parts are computed on the threads, and matrix products on one thread each.

    Parameters
    ----------
    function : of a slice of the batch.
    batch : number of images.
    work : products for each image, numbers moved counting `MOVE`.
    step : images of a chunk, of which a part has half at least: few rows do not pay.
    """
    count = max(1, min(-(-2 * batch // step), batch, _MOST, batch * work // _PART))
    parts = list(cut(slice(0, batch), count)) or [slice(0, 0)]
    if len(parts) > 1:
        return threads.run_products(function, parts)
    with threads.one_blas_thread():
        return [function(parts[0])]


def chunks(part: slice, most: int) -> Iterator[slice]:
    """Yield slices of about equal length, none longer than `most`, of a slice.

    >>> list(chunks(slice(2, 7), 3))
    [slice(2, 4, None), slice(4, 7, None)]
    """
    return cut(part, -(-(part.stop - part.start) // most))


def cut(part: slice, count: int) -> Iterator[slice]:
    """Yield so many slices of about equal length of a slice.

    >>> list(cut(slice(2, 7), 2))
    [slice(2, 4, None), slice(4, 7, None)]
    """
    length = part.stop - part.start
    for i in range(count):
        first, stop = i * length // count, (i + 1) * length // count
        yield slice(part.start + first, part.start + stop)


def fitting(numbers: int) -> int:
    """Return how many pieces of so many numbers make a chunk: at least one."""
    return max(1, CHUNK // max(1, numbers))


def blocks_of(rows: int, width: int) -> int:
    """Return into how many equal blocks to cut the rows of a matrix in a product.

    BLAS multiplies matrices where they lie as long as they are small, and copies them
    first if they are larger.

    Parameters
    ----------
    width : products for each row.

    >>> blocks_of(128, 64 * 256)
    4
    """
    least = max(1, -(-rows * width // _SMALL))
    counts = range(least, rows // _FEWEST + 1)
    return next((count for count in counts if rows % count == 0), 1)


def in_blocks(matrices: Any, blocks: int) -> Any:
    """Return a view ``(..., blocks, rows / blocks, n)`` of ``(..., rows, n)``."""
    if matrices is None:
        return None
    *before, rows, width = matrices.shape
    return matrices.reshape(*before, blocks, rows // blocks, width)


def added(arrays: Iterable[Any]) -> Any:
    """Return the sum of arrays, in their order and in the memory of the first.

    None counts as no array; of no arrays the sum is None.
    """
    total = None
    for array in arrays:
        if total is None:
            total = array
        elif array is not None:
            total += array
    return total
