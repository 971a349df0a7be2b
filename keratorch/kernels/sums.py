"""Sums over the rows of matrices, by products."""

from __future__ import annotations

import numpy as np

from keratorch import threads

_FEW = 2**15  # numbers that are summed before a product begins
_LONG = 256  # numbers of a row that is long enough to be added by itself
_TINY = 2**18  # multiplications for which BLAS takes one thread by itself
_SHORT = 64  # rows over which its other threads cost more than they bring


def outer_sums(x: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return x.T @ rows, the sum of the outer products of two matrices' rows.

    Of a sum over few rows BLAS makes a long result that its threads wait for: 32 rows
    of 784 and 128 numbers take one thread 76 us, two 175.
    """
    if len(rows) > _SHORT or x.size * rows.shape[1] <= _TINY:
        return x.T @ rows
    with threads.one_blas_thread():
        return x.T @ rows


def column_sums(rows: np.ndarray) -> np.ndarray:
    """Return the sum of the rows of a matrix, on one thread.

    NumPy adds many short rows slowly: they are summed by a product with ones.
    """
    if rows.size < _FEW or rows.shape[1] >= _LONG:
        return np.add.reduce(rows, axis=0)
    with threads.one_blas_thread():
        return np.ones(len(rows), rows.dtype) @ rows
