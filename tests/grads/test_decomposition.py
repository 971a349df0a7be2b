"""Decompositions: what signs and bases they choose must not matter."""

import numpy as np
import pytest

from keratorch import GradArray, gradients
from keratorch.grads.decomposition import QuotientGrad, check_free_choice, quotient

RNG = np.random.default_rng(6)
SHAPES = [(3, 3), (4, 2), (2, 4), (2, 3, 3)]


def transposed(x):
    return x.swapaxes(-1, -2)


def by_svd(a, **params):
    u, s, vt = np.linalg.svd(a, full_matrices=False, **params)
    return (u * s[..., None, :]) @ vt


def by_qr(a):
    q, r = np.linalg.qr(a)
    return q @ r


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("there_and_back", [by_svd, by_qr])
def test_gradient_through_a_decomposition_and_back_is_unchanged(shape, there_and_back):
    x, upstream = GradArray(RNG.normal(size=shape)), RNG.normal(size=shape)
    found = gradients(there_and_back(x), x, upstream)
    np.testing.assert_allclose(found, upstream, atol=1e-9)


@pytest.mark.parametrize("function", [np.linalg.svd, np.linalg.qr])
def test_results_are_in_the_named_tuple_of_numpy(function):
    a = RNG.normal(size=(3, 2))
    found, expected = function(GradArray(a)), function(a)
    assert type(found) is type(expected)
    for x, y in zip(found, expected, strict=True):
        assert isinstance(x, GradArray)
        np.testing.assert_array_equal(x.numpy(), y)


def test_cholesky_reads_one_triangle_and_its_gradient_is_that_of_both():
    a = np.array([[2.0, 0.5], [0.5, 1.0]])
    x = GradArray(np.tril(a))
    weights = RNG.normal(size=(2, 2))
    found = gradients((np.linalg.cholesky(x) * weights).sum(), x)
    np.testing.assert_array_equal(found, found.T)
    direction = np.array([[0.0, 1.0], [1.0, 0.0]]) * 1e-6
    above = (np.linalg.cholesky(a + direction) * weights).sum()
    below = (np.linalg.cholesky(a - direction) * weights).sum()
    assert 2 * found[0, 1] == pytest.approx((above - below) / 2e-6, rel=1e-6)


def test_qr_mode_raw_is_refused():
    with pytest.raises(
        ValueError, match="'reduced', 'complete' or 'r'; received 'raw'"
    ):
        np.linalg.qr(GradArray(np.eye(2)), "raw")


@pytest.mark.parametrize(
    "columns",
    [
        lambda a: np.linalg.svd(a)[0][:, 2:],
        lambda a: transposed(np.linalg.svd(a.T)[2])[:, 2:],
        lambda a: np.linalg.qr(a, "complete")[0][:, 2:],
    ],
)
def test_loss_of_a_basis_that_was_chosen_at_will_is_refused(columns):
    x = GradArray(RNG.normal(size=(5, 2)))
    weights = RNG.normal(size=(5, 3))
    loss = (columns(x) * weights).sum()
    with pytest.raises(ValueError, match="depends on which basis"):
        loss.backward()


def test_singular_values_of_equal_size_and_of_size_0_have_a_gradient():
    for matrix in (np.eye(3), np.zeros((3, 2)), np.diag([1.0, 1.0, 0.0])):
        x = GradArray(matrix)
        for s in (np.linalg.svd(x)[1], np.linalg.svd(x, compute_uv=False)):
            found = gradients(s.sum(), x)
            np.testing.assert_allclose(np.linalg.norm(found, 2), 1)


def test_first_singular_vector_does_not_mind_that_others_are_tied():
    x = GradArray(np.diag([3.0, 1.0, 1.0]))
    first = np.linalg.svd(x, full_matrices=False)[0][:, 0]
    found = gradients(first * np.sign(first.numpy()[0]), x, np.array([0.0, 1.0, 0.0]))
    expected = np.zeros((3, 3))
    expected[1, 0], expected[0, 1] = 3 / 8, 1 / 8
    np.testing.assert_allclose(found, expected, atol=1e-15)


@pytest.mark.filterwarnings("ignore:divide by zero", "ignore:invalid value")
def test_singular_vectors_of_tied_values_have_no_derivative():
    x = GradArray(np.eye(2))
    u, s, vt = np.linalg.svd(x)
    upstream = np.array([[1.0, 2.0], [2.0, 5.0]])
    # U @ diag(s ** 2) @ Vt is smooth, but not by way of U and V: no wrong number here
    assert np.isnan(gradients((u * s**2) @ vt, x, upstream)).any()


def test_svd_of_a_symmetric_matrix_with_a_negative_eigenvalue():
    a = np.diag([1.0, -3.0, 2.0])
    x, y = GradArray(a), GradArray(a)
    upstream = RNG.normal(size=(3, 3))
    upstream = upstream + upstream.T
    one = gradients(by_svd(x, hermitian=True), x, upstream)
    np.testing.assert_allclose(one, gradients(by_svd(y), y, upstream), atol=1e-12)


def test_float32_stays_float32_in_each_result():
    x = GradArray(RNG.normal(size=(3, 2)).astype(np.float32))
    for result in (*np.linalg.svd(x), *np.linalg.qr(x)):
        assert result.dtype == np.float32
        assert gradients((result**2).sum(), x).dtype == np.float32


def test_hermitian_svd_of_a_singular_matrix_has_orthogonal_vectors():
    for a in (np.diag([1.0, 0.0]), np.zeros((2, 2))):
        for q in np.linalg.svd(GradArray(a), hermitian=True)[::2]:
            np.testing.assert_allclose((q.T @ q).numpy(), np.eye(2))


def test_quotient_of_zeros_is_0_with_the_slope_that_division_has():
    a, b = GradArray([0.0, 0.0, 6.0]), GradArray([0.0, 0.0, 2.0])
    y = quotient(a, b)
    np.testing.assert_array_equal(y.numpy(), [0, 0, 3])
    with np.errstate(divide="ignore"):
        y.backward([1.0, 0.0, 1.0])
    np.testing.assert_array_equal(a.grad, [np.inf, 0, 0.5])
    np.testing.assert_array_equal(b.grad, [0, 0, -1.5])
    assert type(quotient(a.numpy(), b.numpy())) is np.ndarray
    for one, other in ((a, b.numpy()), (a.numpy(), b)):
        assert type(quotient(one, other).grad_op) is QuotientGrad


@pytest.mark.parametrize(
    "slope, gradient, depends",
    [
        (5e-4, 0.1, False),
        (1.5e-3, 0.1, True),
        (-1.5e-3, 0.1, True),
        (0.5, -1000.0, False),
        (1.5, 1000.0, True),
    ],
)
def test_dependence_on_a_free_choice_is_told_from_rounding(slope, gradient, depends):
    arguments = np.array([slope]), np.array([gradient]), "the choice"
    if depends:
        with pytest.raises(ValueError, match="the loss depends on the choice"):
            check_free_choice(*arguments)
    else:
        check_free_choice(*arguments)
