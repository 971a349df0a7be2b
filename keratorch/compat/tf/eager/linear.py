"""Functions of TensorFlow on matrices and vectors, and clipping by their lengths."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import backend, graph, ops
from keratorch.core import GradArray
from keratorch.nested import fill, flatten
from keratorch.ops import convert_to_tensor


def band_part(input: Any, num_lower: Any, num_upper: Any) -> Any:
    """Return matrices with 0 outside a band around the diagonal; -1 keeps all.

    >>> band_part(np.ones((3, 3)), 0, 1)
    array([[1., 1., 0.],
           [0., 1., 1.],
           [0., 0., 1.]])
    """
    input = _array(input)
    rows, columns = np.indices(input.shape[-2:])
    lower, upper = int(num_lower), int(num_upper)
    kept = ((lower < 0) | (rows - columns <= lower)) & (
        (upper < 0) | (columns - rows <= upper)
    )
    return np.where(kept, input, np.zeros((), input.dtype))


def matvec(a: Any, b: Any, transpose_a: bool) -> Any:
    """Return the products of matrices and vectors."""
    a = ops.swapaxes(a, -2, -1) if transpose_a else a
    return np.matmul(a, _array(b)[..., None])[..., 0]


def diag(diagonal: Any) -> Any:
    """Return matrices with this diagonal."""
    diagonal = _array(diagonal)
    return diagonal[..., None] * np.eye(diagonal.shape[-1], dtype=diagonal.dtype)


def diag_part(input: Any) -> Any:
    """Return the diagonals of matrices."""
    return np.diagonal(_array(input), axis1=-2, axis2=-1)


def set_diag(input: Any, diagonal: Any) -> Any:
    """Return matrices with another diagonal."""
    input = _array(input)
    is_on = np.eye(*input.shape[-2:]) == 1
    return np.where(is_on, _array(diagonal)[..., None], input)


def trace(x: Any) -> Any:
    """Return the sums of the diagonals."""
    return np.sum(diag_part(x), axis=-1)


def cholesky(input: Any) -> Any:
    """Return the lower factor L of input = L L^T."""
    return ops.cholesky(_array(input))


def solve(matrix: Any, rhs: Any, adjoint: bool) -> Any:
    """Return x of matrix @ x = rhs."""
    matrix = ops.swapaxes(matrix, -2, -1) if adjoint else matrix
    return ops.solve(_array(matrix), _array(rhs))


def svd(tensor: Any, full_matrices: bool, compute_uv: bool) -> Any:
    """Return s, u and v of tensor = u @ diag(s) @ v^T: in this order, v not turned."""
    if not compute_uv:
        return np.linalg.svd(_array(tensor), compute_uv=False)
    u, s, vh = np.linalg.svd(_array(tensor), full_matrices=full_matrices)
    return s, u, np.swapaxes(vh, -1, -2)


def qr(input: Any, full_matrices: bool) -> Any:
    """Return q and r of input = q @ r."""
    return tuple(
        np.linalg.qr(_array(input), "complete" if full_matrices else "reduced")
    )


def eigvalsh(tensor: Any) -> Any:
    """Return the eigenvalues of symmetric matrices, the smallest first."""
    return np.linalg.eigvalsh(_array(tensor))


def normalize(tensor: Any, ord: Any, axis: Any) -> tuple[Any, Any]:
    """Return vectors of length 1, and what their lengths were."""
    order = None if ord == "euclidean" else ord
    length = ops.norm(tensor, order, axis, True)
    return tensor / length, length


def reduce_euclidean_norm(input_tensor: Any, axis: Any, keepdims: bool) -> Any:
    """Return sqrt(sum(x**2))."""
    return np.sqrt(backend.sum(np.square(input_tensor), axis, keepdims))


def global_norm(t_list: Any) -> Any:
    """Return the length of several arrays as one vector; None counts as 0."""
    found = [np.sum(np.square(_dense(t))) for t in flatten(t_list) if t is not None]
    return np.sqrt(sum(found[1:], found[0]))


def clip_by_norm(t: Any, clip_norm: Any, axes: Any) -> Any:
    """Return vectors, those longer than clip_norm shortened to it."""
    t = _array(t)
    axes = None if axes is None else tuple(int(a) for a in np.ravel(axes))
    squares = np.sum(np.square(t), axis=axes, keepdims=True)
    is_zero = np.asarray(graph.plain(squares)) == 0
    length = np.where(
        is_zero, squares, np.sqrt(np.where(is_zero, np.ones_like(squares), squares))
    )
    return (
        t * clip_norm / np.maximum(length, np.asarray(graph.plain(clip_norm), t.dtype))
    )


def clip_by_global_norm(t_list: Any, clip_norm: Any, use_norm: Any) -> tuple[Any, Any]:
    """Return arrays shortened so that they, as one vector, have a length at most."""
    length = global_norm(t_list) if use_norm is None else use_norm
    factor = clip_norm * np.minimum(1.0 / length, np.ones((), "float32") / clip_norm)
    clipped = [None if t is None else _dense(t) * factor for t in flatten(t_list)]
    clipped = [x if x is None else _tensor(x) for x in clipped]
    return fill(list(t_list), iter(clipped)), _tensor(length)


def _dense(t: Any) -> Any:
    return t.values if hasattr(t, "dense_shape") else _array(t)


def _tensor(x: Any) -> Any:
    return x if isinstance(x, GradArray) else convert_to_tensor(x)


def _array(x: Any) -> Any:
    return (
        x
        if hasattr(x, "_grad_op") or isinstance(x, np.ndarray)
        else convert_to_tensor(x)
    )


def triangular_solve(matrix: Any, rhs: Any, lower: bool, adjoint: bool) -> Any:
    """Return x of matrix @ x = rhs, of the triangle that `lower` says."""
    matrix = _array(matrix)
    if adjoint:
        matrix, lower = ops.swapaxes(matrix, -2, -1), not lower
    return ops.solve_triangular(matrix, _array(rhs), lower=lower)


def lstsq(matrix: Any, rhs: Any, l2_regularizer: float) -> Any:
    """Return the x that makes |matrix @ x - rhs|^2 + l2 |x|^2 smallest."""
    matrix, rhs = _array(matrix), _array(rhs)
    turned = ops.swapaxes(matrix, -2, -1)
    square = turned @ matrix
    ridge = l2_regularizer * np.eye(square.shape[-1], dtype=square.dtype)
    return ops.solve(square + ridge, turned @ rhs)


def matrix_transpose(a: Any) -> Any:
    """Return matrices with rows and columns exchanged."""
    return ops.swapaxes(_array(a), -2, -1)
