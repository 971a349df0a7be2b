"""Matrix products with as many BLAS threads as pay, and sums as products."""

from __future__ import annotations

import numpy as np

from keratorch import threads

_SMALL = 2**25  # multiplications, below which a second thread costs more than it brings
_FEW = 2**15  # numbers that are summed before a product begins
_LONG = 256  # numbers of a row that is long enough to be added by itself


def matmul(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return a @ b of two matrices.

    A small product takes one thread of BLAS, where that can be said.
    """
    if a.size * b.shape[-1] < _SMALL:
        with threads.one_blas_thread():
            return a @ b
    return a @ b


def column_sums(rows: np.ndarray) -> np.ndarray:
    """Return the sum of the rows of a matrix.

    NumPy adds many short rows slowly: they are summed by a product with ones.
    """
    if rows.size < _FEW or rows.shape[1] >= _LONG:
        return np.add.reduce(rows, axis=0)
    with threads.one_blas_thread():
        return np.ones(len(rows), rows.dtype) @ rows
