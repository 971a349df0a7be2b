"""Linear algebra that NumPy has not: factors, triangles, distances."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import GradArray, ops
from keratorch.testing import gradcheck

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(2, 3, 8))


def test_factors_give_the_matrix_back():
    a = X @ X.T + np.eye(3)
    for upper in (False, True):
        factor = ops.cholesky(a, upper)
        product = factor.T @ factor if upper else factor @ factor.T
        np.testing.assert_allclose(product, a)
        inverse = ops.cholesky_inverse(factor, upper)
        np.testing.assert_allclose(inverse @ a, np.eye(3), atol=1e-10)


@pytest.mark.parametrize("shape", [(4, 4), (2, 3, 3), (1, 1), (2, 3, 5), (5, 3)])
def test_lu_factors_give_the_matrix_back_once_rows_are_exchanged(shape):
    a = RNG.normal(size=shape)
    lu, pivots = ops.lu_factor(a)
    *_, rows, columns = shape
    n = min(rows, columns)
    lower = np.tril(lu.numpy()[..., :n], -1) + np.eye(rows, n)
    assert np.abs(lower).max() <= 1
    product = lower @ np.triu(lu.numpy()[..., :n, :])
    matrices = zip(a.reshape(-1, rows, columns), product.reshape(-1, rows, columns),
                   pivots.reshape(-1, n), strict=True)  # fmt: skip
    for matrix, found, exchanged in matrices:
        for i, j in enumerate(exchanged):
            matrix[[i, j]] = matrix[[j, i]]
        np.testing.assert_allclose(found, matrix)


@pytest.mark.parametrize("shape", [(2, 3), (3, 2)])
def test_lu_of_no_square_has_a_gradient(shape):
    a = RNG.normal(size=shape)
    gradcheck(lambda x: ops.lu_factor(x)[0], a)


def test_lu_needs_matrices():
    with pytest.raises(ValueError, match=r"needs matrices.* received shape \(3,\)"):
        ops.lu_factor(np.ones(3))


def test_triangle_alone_is_read_and_has_a_gradient():
    a, b = GradArray(RNG.normal(size=(3, 3)) + 3 * np.eye(3)), np.ones(3)
    out = ops.solve_triangular(a, b, lower=True)
    np.testing.assert_allclose(np.tril(a.numpy()) @ out.numpy(), b)
    out.sum().backward()
    assert not np.triu(a.grad, 1).any()
    gradcheck(ops.cholesky_inverse, RNG.normal(size=(2, 2)) + 3 * np.eye(2))


def test_distance_of_equal_rows_has_gradient_zero():
    x = GradArray([[1.0, 2.0]])
    ops.cdist(x, [[1.0, 2.0]]).sum().backward()
    assert x.grad.tolist() == [[0, 0]]


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: ops.cdist(X, Y[:, :2]), "rows of one size"),
    ],
)
def test_mistake_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_norm_takes_a_list_of_axes_as_a_tuple():
    a = GradArray(RNG.normal(size=(2, 3, 4)))
    wanted = np.linalg.norm(a.numpy(), axis=(1, 2))
    np.testing.assert_allclose(ops.norm(a, axis=[1, 2]).numpy(), wanted)
    assert ops.norm(keras.Input((3, 4)), axis=[1, 2]).shape == (None,)
    gradcheck(lambda a: ops.norm(a, axis=[-1]), a)


def test_vectors_are_solved_for_each_matrix():
    a = RNG.normal(size=(5, 3, 3)) + 3 * np.eye(3)
    b = RNG.normal(size=(5, 3))
    x = ops.solve(a, b)
    np.testing.assert_allclose(np.einsum("bij,bj->bi", a, x), b)
    matrices, vectors = keras.Input((3, 3)), keras.Input((3,))
    assert ops.solve(matrices, vectors).shape == (None, 3)
    assert ops.solve(matrices, keras.Input((3, 2))).shape == (None, 3, 2)
    gradcheck(ops.solve, a, b)


def test_symbols_have_a_cholesky_factor():
    x = keras.Input((3, 3))
    assert ops.cholesky(x).shape == (None, 3, 3)
    model = keras.Model(x, ops.cholesky(x, upper=True))
    data = np.array([[[4.0, 2, 0], [2, 5, 0], [0, 0, 1]]], "float32")
    upper = model.predict_on_batch(data)[0]
    np.testing.assert_allclose(upper.T @ upper, data[0])


def test_integers_have_factors_of_floats():
    x = np.array([[2, 0], [0, 3]])
    for name in ["det", "inv", "pinv", "cholesky"]:
        assert getattr(ops, name)(x).dtype == "float32", name
    assert [part.dtype for part in ops.qr(x)] == ["float32"] * 2
    assert [part.dtype for part in ops.svd(x=x, compute_uv=True)] == ["float32"] * 3


def test_derivative_along_a_vector_is_here_too():
    value, slope = ops.linalg.jvp(np.square, (np.array([3.0]),), (np.array([2.0]),))
    assert (float(value[0]), float(slope[0])) == (9.0, 12.0)
