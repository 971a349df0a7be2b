"""What the samples of diagonals cannot state: exact gradients and errors."""

import numpy as np
import pytest

from keratorch import GradArray


def matrix():
    return GradArray(np.arange(9.0).reshape(3, 3))


def test_gradient_of_the_trace_is_the_identity():
    x = matrix()
    np.trace(x).backward()
    np.testing.assert_array_equal(x.grad, np.eye(3))


def test_gradient_of_a_triangle_is_zero_outside():
    for triangle in (np.tril, np.triu):
        x = matrix()
        triangle(x, 1).sum().backward()
        np.testing.assert_array_equal(x.grad, triangle(np.ones((3, 3)), 1))


def test_diagonal_matrix_and_diagonal_undo_each_other():
    x = GradArray(np.array([1.0, 2.0]))
    for k in (-2, 0, 1):
        np.testing.assert_array_equal(np.diag(np.diag(x, k), k).numpy(), x.numpy())


def test_diag_takes_vectors_and_matrices():
    with pytest.raises(ValueError, match=r"vector or a matrix.*np\.diagonal"):
        np.diag(GradArray(np.ones((2, 2, 2))))
    with pytest.raises(ValueError, match="vector or a matrix"):
        np.diag(GradArray(1.0))


def test_axes_of_a_diagonal_differ():
    with pytest.raises(ValueError, match="axis1 and axis2 cannot be the same"):
        np.diagonal(matrix(), 0, 1, -1)


def test_out_of_trace_is_an_error_that_says_what_to_do():
    with pytest.raises(TypeError, match="out= cannot be recorded"):
        np.trace(matrix(), out=np.zeros(()))


def test_diagonal_is_filled_by_functional_writing():
    with pytest.raises(TypeError, match=r"x\.at\[i, i\]\.set"):
        np.fill_diagonal(matrix(), 1.0)
