"""Eigenvalues: equal ones, complex ones, and one triangle of a matrix."""

import numpy as np
import pytest

from keratorch import GradArray, gradients

RNG = np.random.default_rng(8)


def symmetric(*size):
    x = RNG.normal(size=size)
    return x + x.swapaxes(-1, -2)


def by_eigh(a):
    w, v = np.linalg.eigh(a)
    return (v * w[..., None, :]) @ v.swapaxes(-1, -2)


def by_eig(a):
    w, v = np.linalg.eig(a)
    return np.real(v @ (w[:, None] * np.linalg.inv(v)))


def test_gradient_through_eigenvalues_and_back_is_unchanged():
    upstream = symmetric(2, 3, 3)
    x = GradArray(symmetric(2, 3, 3))
    np.testing.assert_allclose(gradients(by_eigh(x), x, upstream), upstream, atol=1e-10)


@pytest.mark.parametrize("turn", [0.0, 5.0])
def test_gradient_through_real_and_complex_eigenvalues_and_back_is_unchanged(turn):
    a = np.diag([1.0, 3.0, 6.0]) + RNG.normal(size=(3, 3)) / 4
    a[0, 1], a[1, 0] = turn, -turn
    x, upstream = GradArray(a), RNG.normal(size=(3, 3))
    assert np.iscomplexobj(np.linalg.eigvals(a)) == (turn > 0)
    np.testing.assert_allclose(gradients(by_eig(x), x, upstream), upstream, atol=1e-10)


@pytest.mark.parametrize("function", [np.linalg.eigh, np.linalg.eig])
def test_results_are_in_the_named_tuple_of_numpy(function):
    a = symmetric(3, 3)
    found, expected = function(GradArray(a)), function(a)
    assert type(found) is type(expected)
    for x, y in zip(found, expected, strict=True):
        np.testing.assert_array_equal(x.numpy(), y)


@pytest.mark.parametrize("triangle, read", [("L", np.tril), ("U", np.triu)])
def test_eigh_reads_one_triangle_and_its_gradient_is_that_of_both(triangle, read):
    a = symmetric(3, 3)
    x, whole = GradArray(read(a)), GradArray(a)
    weights = np.arange(3.0)
    one = gradients((np.linalg.eigvalsh(x, triangle) * weights).sum(), x)
    other = gradients((np.linalg.eigh(whole)[0] * weights).sum(), whole)
    np.testing.assert_allclose(one, other, atol=1e-12)
    np.testing.assert_allclose(one, one.T, atol=1e-15)


@pytest.mark.parametrize(
    "eigenvalues",
    [
        np.linalg.eigvalsh,
        np.linalg.eigvals,
        lambda a: np.linalg.eigh(a)[0],
        lambda a: np.linalg.eig(a)[0],
    ],
)
def test_equal_eigenvalues_have_a_gradient(eigenvalues):
    x = GradArray(np.eye(3))
    np.testing.assert_allclose(gradients(eigenvalues(x).sum(), x), np.eye(3))


def test_last_eigenvector_does_not_mind_that_others_are_tied():
    x = GradArray(np.diag([1.0, 1.0, 3.0]))
    last = np.linalg.eigh(x)[1][:, -1]
    found = gradients(last * np.sign(last.numpy()[2]), x, np.array([1.0, 0.0, 0.0]))
    expected = np.zeros((3, 3))
    expected[0, 2] = expected[2, 0] = 1 / 4
    np.testing.assert_allclose(found, expected)


@pytest.mark.filterwarnings("ignore:divide by zero", "ignore:invalid value")
def test_eigenvectors_of_tied_values_have_no_derivative():
    x = GradArray(np.eye(2))
    w, v = np.linalg.eigh(x)
    # the exponential of a matrix is smooth, but not by way of v: no wrong number here
    found = gradients((v * np.exp(w)) @ v.T, x, np.array([[1.0, 2.0], [2.0, 5.0]]))
    assert np.isnan(found).any()


def test_second_derivative_at_a_diagonal_matrix_divides_by_the_gaps():
    x = GradArray(np.diag([1.0, 2.0, 4.0]))
    first = gradients(np.linalg.eigvalsh(x)[0], x, create_graph=True)
    direction = np.array([[0.0, 1, 0], [1, 0, 0], [0, 0, 0]])
    second = gradients((first * direction).sum(), x)
    np.testing.assert_allclose(second, -direction, atol=1e-14)  # 1 - t ** 2 / (2 - 1)


def test_loss_of_the_angles_of_complex_eigenvectors_is_refused():
    x = GradArray([[0.0, -1.0], [2.0, 0.3]])
    v = np.linalg.eig(x)[1]
    with pytest.raises(ValueError, match="angles of complex eigenvectors"):
        (np.real(v) * np.array([[1.0, 2.0], [3.0, 5.0]])).sum().backward()


def test_complex_matrix_has_eigenvalues_with_a_gradient():
    a = np.diag([1.0, 3.0]) + RNG.normal(size=(2, 2)) * 1j / 4
    x, y = GradArray(a), GradArray(a)
    trace = np.linalg.eigvals(x).sum()
    found = gradients(np.abs(trace), x)
    expected = gradients(np.abs(y[0, 0] + y[1, 1]), y)
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_float32_stays_float32_in_each_result():
    x = GradArray(np.diag([1.0, 2.0]).astype(np.float32))
    for result in (*np.linalg.eigh(x), *np.linalg.eig(x), np.linalg.eigvalsh(x)):
        assert result.dtype == np.float32
        assert gradients(np.square(result).sum(), x).dtype == np.float32
