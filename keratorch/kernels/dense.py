"""The products of dense layers, in parts for our threads where they are large.

BLAS has threads of its own.  They begin sooner than ours, but wait busily after each
product, for some 30 ms, in the way of whatever our threads do next: a step of a
transformer took 35 ms with them and 24 without.  So each part gets one thread of BLAS.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from keratorch import threads
from keratorch.kernels.parts import added, cut
from keratorch.kernels.squashes import Squash
from keratorch.kernels.sums import column_sums

_TINY = 2**18  # multiplications for which BLAS takes one thread by itself
_PART = 2**23  # multiplications that are worth a part of their own: some 200 us
_MOST = 16  # parts
_TALL = 4  # times as many rows as features and units: parts of rows, not of columns
_ROWS = 512  # that a part has at least
_COLUMNS = 256  # that a part has at least, for each part reads all of x again
_HALF = 64  # or that it has at least where there are two


def dense(
    x: np.ndarray, kernel: np.ndarray, bias: np.ndarray | None, squash: Squash | None
) -> np.ndarray:
    """Return squash(x @ kernel + bias).

    Parameters
    ----------
    x : (rows, features)
    kernel : (features, units)
    bias : (units,), or None
    squash : activation, or None
    """
    rows, units = len(x), kernel.shape[1]
    if rows * kernel.size <= _TINY:
        return _finish(x @ kernel, bias, squash)
    out = np.empty((rows, units), np.result_type(x, kernel))
    if _is_tall(rows, kernel):

        def compute(part: slice) -> None:
            np.matmul(x[part], kernel, out=out[part])
            _finish(out[part], bias, squash)

        _run(compute, _row_parts(rows, kernel))
        return out

    def compute_columns(part: slice) -> None:
        np.matmul(x, kernel[:, part], out=out[:, part])
        _finish(out[:, part], None if bias is None else bias[part], squash)

    _run(compute_columns, _column_parts(rows, kernel, units))
    return out


def _finish(
    out: np.ndarray, bias: np.ndarray | None, squash: Squash | None
) -> np.ndarray:
    """Return squash(out + bias), in the same memory."""
    if bias is not None:
        out += bias
    if squash:
        squash.apply(out, out)
    return out


def dense_gradients(
    grad: np.ndarray,
    x: np.ndarray,
    kernel: np.ndarray,
    wants: tuple[bool, bool, bool],
) -> tuple[Any, Any, Any]:
    """Return the gradients of ``x @ kernel + bias``, given that of the result.

    Parameters
    ----------
    grad : (rows, units)
    x, kernel : as for `dense`
    wants : whether the gradients of x, kernel and bias are wanted

    Returns
    -------
    (rows, features), (features, units), (units,) : None for what is not wanted
    """
    if len(x) * kernel.size <= _TINY:
        by_x = grad @ kernel.T if wants[0] else None
        return (by_x, *_sums(grad, x, wants))
    by_x = np.empty_like(x) if wants[0] else None
    if _is_tall(len(x), kernel):
        return _tall_gradients(grad, x, kernel, wants, by_x)
    by_kernel = np.empty_like(kernel) if wants[1] else None

    def compute(part: slice) -> None:
        if by_x is not None:
            np.matmul(grad, kernel[part].T, out=by_x[:, part])
        if by_kernel is not None:
            np.matmul(x[:, part].T, grad, out=by_kernel[part])

    _run(compute, _column_parts(len(x), kernel, len(kernel)))
    return by_x, by_kernel, column_sums(grad) if wants[2] else None


def _tall_gradients(
    grad: np.ndarray,
    x: np.ndarray,
    kernel: np.ndarray,
    wants: tuple[bool, bool, bool],
    by_x: np.ndarray | None,
) -> tuple[Any, Any, Any]:
    """Return the gradients, of which kernel and bias get sums over parts of rows."""

    def compute(part: slice) -> tuple[Any, Any]:
        if by_x is not None:
            np.matmul(grad[part], kernel.T, out=by_x[part])
        return _sums(grad[part], x[part], wants)

    shares = _run(compute, _row_parts(len(x), kernel))
    by_kernel, by_bias = (added(share) for share in zip(*shares, strict=True))
    return by_x, by_kernel, by_bias


def _sums(
    grad: np.ndarray, x: np.ndarray, wants: tuple[bool, bool, bool]
) -> tuple[Any, Any]:
    """Return the gradients of kernel and bias, sums over the rows."""
    return x.T @ grad if wants[1] else None, column_sums(grad) if wants[2] else None


def _run(function: Callable[[slice], Any], parts: list[slice]) -> list:
    if len(parts) > 1:
        return threads.run_products(function, parts)
    with threads.one_blas_thread():
        return [function(parts[0])]


def _is_tall(rows: int, kernel: np.ndarray) -> bool:
    return rows >= _TALL * max(kernel.shape)


def _row_parts(rows: int, kernel: np.ndarray) -> list[slice]:
    return _parts(rows, rows // _ROWS, rows * kernel.size)


def _column_parts(rows: int, kernel: np.ndarray, columns: int) -> list[slice]:
    most = max(columns // _COLUMNS, min(2, columns // _HALF))
    return _parts(columns, most, rows * kernel.size)


def _parts(length: int, most: int, work: int) -> list[slice]:
    """Return 1, 2, 4, ... parts, so that two threads get equally many."""
    count = max(1, min(_MOST, most, work // _PART))
    return list(cut(slice(0, length), 2 ** (count.bit_length() - 1)))
