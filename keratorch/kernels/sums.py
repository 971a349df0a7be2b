"""Sums over the rows of matrices, by products."""

from __future__ import annotations

import numpy as np

from keratorch import threads

_FEW = 2**15  # numbers that are summed before a product begins
_LONG = 256  # numbers of a row that is long enough to be added by itself


def column_sums(rows: np.ndarray) -> np.ndarray:
    """Return the sum of the rows of a matrix, on one thread.

    NumPy adds many short rows slowly: they are summed by a product with ones.
    """
    if rows.size < _FEW or rows.shape[1] >= _LONG:
        return np.add.reduce(rows, axis=0)
    with threads.one_blas_thread():
        return np.ones(len(rows), rows.dtype) @ rows
