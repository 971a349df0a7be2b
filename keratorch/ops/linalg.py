"""Linear algebra: NumPy's functions, and those of Keras that NumPy has not.

Matrices are the last two axes; all axes before these stack them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import graph
from keratorch.grads.elimination import LuGrad, pivots_of
from keratorch.ops import control, promotion
from keratorch.ops.arrays import as_floats
from keratorch.trial_runs import trying

det = np.linalg.det
eig = np.linalg.eig
eigh = np.linalg.eigh
inv = np.linalg.inv
jvp = control.jvp  # the derivative along a vector: Keras has it here too
matrix_rank = np.linalg.matrix_rank
pinv = np.linalg.pinv
qr = np.linalg.qr
slogdet = np.linalg.slogdet
svd = np.linalg.svd


def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    """The norm of vectors along an axis, or of matrices along two, a tuple or list.

    >>> norm(np.array([[3.0, 4.0]]), axis=[1])
    array([5.])
    """
    (x,) = promotion.floats((x,), 1)
    axis = tuple(axis) if isinstance(axis, list) else axis
    return np.linalg.norm(x, ord, axis, keepdims)


def cholesky(x: Any, upper: bool = False) -> Any:
    """The lower triangular l with x = l @ l.T, or the upper one with x = l.T @ l.

    Raises
    ------
    np.linalg.LinAlgError : x is not positive definite.

    >>> cholesky([[4.0, 2.0], [2.0, 5.0]])
    array([[2., 0.],
           [1., 2.]], dtype=float32)
    """
    (x,) = promotion.floats((x,), 1)
    if trying.get():  # made-up values are no positive definite matrix
        x = 0 * x + np.eye(x.shape[-1], dtype=x.dtype)
    lower = np.linalg.cholesky(x)
    return np.swapaxes(lower, -1, -2).conj() if upper else lower


def cholesky_inverse(x: Any, upper: bool = False) -> Any:
    """The inverse of the matrix whose `cholesky` factor is x.

    >>> cholesky_inverse(np.array([[2.0, 0.0], [1.0, 2.0]]))
    array([[ 0.3125, -0.125 ],
           [-0.125 ,  0.25  ]])
    """
    inverse = np.linalg.inv(np.triu(x) if upper else np.tril(x))
    turned = np.swapaxes(inverse, -1, -2).conj()
    return inverse @ turned if upper else turned @ inverse


def logdet(x: Any) -> Any:
    """log(abs(det(x))), where the determinant itself would overflow too.

    >>> float(logdet(np.eye(2) * 1e200).round(2))
    921.03
    """
    return np.linalg.slogdet(x)[1]


def lstsq(a: Any, b: Any, rcond: float | None = None) -> Any:
    """The x for which the square of a @ x - b has the smallest sum.

    >>> lstsq(np.array([[1.0], [1.0]]), np.array([1.0, 3.0]))
    array([2.])
    """
    a, b = promotion.floats((a, b), 2)
    return np.linalg.lstsq(a, b, rcond=rcond)[0]


def lu_factor(x: Any) -> tuple[Any, np.ndarray]:
    """A matrix l + u - 1 with l @ u = x after an exchange of rows, and these rows.

    Parameters
    ----------
    x : (..., rows, columns) array_like.

    Returns
    -------
    lu : (..., rows, columns), the upper u, and below its diagonal l, whose diagonal
        is 1.
    pivots : (..., n) integers, n the smaller of rows and columns: row i was exchanged
        with row pivots[i], one by one.

    Raises
    ------
    ValueError : x is no matrix.

    >>> lu, pivots = lu_factor([[1.0, 2.0], [4.0, 4.0]])
    >>> print(lu.numpy(), pivots)
    [[4.   4.  ]
     [0.25 1.  ]] [1 1]
    """
    x = as_floats(x)
    if x.ndim < 2:
        raise ValueError(
            "lu_factor needs matrices, in the last two axes; received shape "
            f"{x.shape}. Give each its two axes, as by x[None]."
        )
    pivots, order = pivots_of(graph.value(x))
    stacks = np.indices(order.shape[:-1], sparse=True)
    rows = x[(*(stack[..., None] for stack in stacks), order)]
    n = min(x.shape[-2:])
    square = LuGrad.apply(rows[..., :n, :n])
    if x.shape[-2] > n:  # what is below: l with l @ u = rows
        below = _solved_from_right(rows[..., n:, :], np.triu(square))
        return np.concatenate([square, below], axis=-2), pivots
    if x.shape[-1] > n:  # what is to the right: u with l @ u = columns
        lower = np.tril(square, -1) + np.eye(n, dtype=square.dtype)
        right = np.linalg.solve(lower, rows[..., n:])
        return np.concatenate([square, right], axis=-1), pivots
    return square, pivots


def _solved_from_right(b: Any, a: Any) -> Any:
    """Return the x with x @ a = b."""
    turned = np.linalg.solve(np.swapaxes(a, -1, -2), np.swapaxes(b, -1, -2))
    return np.swapaxes(turned, -1, -2)


def solve(a: Any, b: Any) -> Any:
    """The x with a @ x = b.

    Parameters
    ----------
    a : (..., n, n).
    b : (..., n) vectors, with one axis less than a, or (..., n, columns).

    Raises
    ------
    np.linalg.LinAlgError : a is not square, or has no inverse.

    >>> solve([[2.0, 0.0], [0.0, 4.0]], [2.0, 2.0])
    array([1. , 0.5], dtype=float32)
    """
    a, b = promotion.floats((a, b), 2)
    if b.ndim == a.ndim - 1:
        return np.linalg.solve(a, np.expand_dims(b, -1))[..., 0]
    return np.linalg.solve(a, b)


def solve_triangular(a: Any, b: Any, lower: bool = False) -> Any:
    """The x with a @ x = b, reading one triangle of a alone.

    Parameters
    ----------
    a : (..., n, n).
    b : (..., n) or (..., n, columns).
    lower : bool, which triangle.

    >>> solve_triangular(np.array([[2.0, 9.0], [1.0, 1.0]]), np.ones(2), lower=True)
    array([0.5, 0.5])
    """
    a = np.tril(a) if lower else np.triu(a)
    if np.ndim(b) < a.ndim:
        return np.linalg.solve(a, np.expand_dims(b, -1))[..., 0]
    return np.linalg.solve(a, b)


def cdist(x: Any, y: Any) -> Any:
    """The distance of each row of x from each row of y.

    Parameters
    ----------
    x : (..., rows, size).
    y : (..., others, size).

    Raises
    ------
    ValueError : rows of different sizes, or no rows.

    >>> cdist([[0.0, 0.0]], [[3.0, 4.0], [0.0, 1.0]]).numpy()
    array([[5., 1.]], dtype=float32)
    """
    x, y = as_floats(x), as_floats(y)
    if x.ndim < 2 or y.ndim < 2 or x.shape[-1] != y.shape[-1]:
        raise ValueError(
            "cdist needs two matrices of rows of one size; received shapes "
            f"{x.shape} and {y.shape}."
        )
    difference = np.expand_dims(x, -2) - np.expand_dims(y, -3)
    return np.linalg.norm(difference, axis=-1)
