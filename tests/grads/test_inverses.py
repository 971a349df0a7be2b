"""Linear systems where a matrix is singular, and what carries no gradient."""

import numpy as np
import pytest

from keratorch import GradArray, gradients

RNG = np.random.default_rng(2)


def numbers(gradient):
    return gradient.detach().numpy()


@pytest.mark.parametrize(
    "matrix, cofactors",
    [
        ([[1, 2], [2, 4]], [[4, -2], [-2, 1]]),
        (np.zeros((2, 2)), np.zeros((2, 2))),
        (np.diag([0, 2, 3]), np.diag([6, 0, 0])),
        (np.diag([0, 0, 3]), np.zeros((3, 3))),
        ([[0]], [[1]]),
    ],
)
def test_determinant_of_a_singular_matrix_changes_with_its_cofactors(matrix, cofactors):
    x = GradArray(np.array(matrix, float))
    np.testing.assert_allclose(gradients(np.linalg.det(x), x), cofactors, atol=1e-12)


def test_second_derivative_of_the_determinant_of_zeros():
    x = GradArray(np.zeros((2, 2)))
    first = gradients(np.linalg.det(x), x, create_graph=True)
    weights = np.array([[1.0, 2], [3, 4]])
    second = gradients((first * weights).sum(), x)
    np.testing.assert_allclose(second, [[4, -3], [-2, 1]], atol=1e-12)


def test_one_singular_matrix_leaves_the_others_of_a_stack_alone():
    stack = RNG.normal(size=(3, 3, 3))
    stack[1] = 0
    x = GradArray(stack)
    found = gradients(np.linalg.det(x).sum(), x)
    for i in (0, 2):
        one = GradArray(stack[i])
        np.testing.assert_allclose(found[i], gradients(np.linalg.det(one), one))
    np.testing.assert_array_equal(found[1], 0)


def test_determinant_that_underflows_keeps_its_gradient():
    x = GradArray(np.eye(2) * 1e-170)
    assert np.linalg.det(x).item() == 0
    np.testing.assert_allclose(
        gradients(np.linalg.det(x), x), np.eye(2) * 1e-170, rtol=1e-12
    )


def test_slogdet_gives_the_result_of_numpy_with_a_plain_sign():
    x = GradArray(np.diag([-2.0, 3.0]))
    result = np.linalg.slogdet(x)
    assert type(result) is type(np.linalg.slogdet(x.numpy()))
    assert not isinstance(result.sign, GradArray)
    assert result.sign == -1
    assert result.logabsdet.item() == pytest.approx(np.log(6))


def test_logarithm_of_a_determinant_of_0_has_an_infinite_gradient():
    x = GradArray([[1.0, 2.0], [2.0, 4.0]])
    found = gradients(np.linalg.slogdet(x)[1], x)
    np.testing.assert_array_equal(found, [[np.inf, -np.inf], [-np.inf, np.inf]])


def test_inverse_of_a_singular_matrix_is_the_error_of_numpy():
    with pytest.raises(np.linalg.LinAlgError, match="Singular"):
        np.linalg.inv(GradArray(np.ones((2, 2))))


def test_solution_of_a_square_system_is_that_of_lstsq_and_of_pinv():
    a, b = RNG.normal(size=(3, 3)), RNG.normal(size=(3, 2))
    weights = RNG.normal(size=(3, 2))
    solutions = [
        np.linalg.solve,
        lambda a, b: np.linalg.lstsq(a, b, rcond=None)[0],
        lambda a, b: np.linalg.pinv(a) @ b,
        lambda a, b: np.linalg.inv(a) @ b,
    ]
    found = []
    for solution in solutions:
        x, y = GradArray(a), GradArray(b)
        found.append(gradients((solution(x, y) * weights).sum(), [x, y]))
    for da, db in found[1:]:
        np.testing.assert_allclose(da, found[0][0], rtol=1e-8)
        np.testing.assert_allclose(db, found[0][1], rtol=1e-8)


def test_lstsq_returns_what_numpy_does_and_the_rank_is_plain():
    a, b = RNG.normal(size=(4, 2)), RNG.normal(size=4)
    found = np.linalg.lstsq(GradArray(a), GradArray(b), rcond=None)
    expected = np.linalg.lstsq(a, b, rcond=None)
    for x, y in zip(found, expected, strict=True):
        x = x.numpy() if isinstance(x, GradArray) else x
        assert np.shape(x) == np.shape(y)
        np.testing.assert_allclose(x, y)
    assert [isinstance(x, GradArray) for x in found] == [True, True, False, True]


@pytest.mark.parametrize("rows", [2, 3])
def test_lstsq_without_residuals_gives_the_empty_array_of_numpy(rows):
    a = GradArray(np.ones((rows, 2)) if rows == 3 else np.eye(2))
    assert np.linalg.lstsq(a, np.ones(rows), rcond=None)[1].size == 0


def test_lstsq_of_less_than_full_rank_is_that_of_pinv():
    a = np.outer([1.0, 2, 3], [1.0, -1])
    b, weights = RNG.normal(size=3), RNG.normal(size=2)
    x, y = GradArray(a), GradArray(a)
    one = gradients((np.linalg.lstsq(x, b, rcond=1e-8)[0] * weights).sum(), x)
    other = gradients((np.linalg.pinv(y, 1e-8) @ b * weights).sum(), y)
    np.testing.assert_allclose(one, other, atol=1e-12)


@pytest.mark.parametrize(
    "function",
    [
        np.linalg.cholesky,
        np.linalg.qr,
        np.linalg.svd,
        np.linalg.pinv,
        np.linalg.eigh,
        np.linalg.eigvalsh,
        np.linalg.slogdet,
        lambda x: np.linalg.lstsq(x, np.ones(2), rcond=None),
        lambda x: np.linalg.norm(x, "nuc"),
    ],
)
def test_gradient_of_a_complex_matrix_is_refused_and_its_value_is_not(function):
    x = GradArray(np.eye(2) + 0j)
    with pytest.raises(TypeError, match="differentiable for real matrices"):
        function(x)
    function(x.detach())


def test_tensorinv_of_no_rows_is_refused():
    with pytest.raises(ValueError, match="ind must be positive"):
        np.linalg.tensorinv(GradArray(np.ones((1, 1))), ind=0)


def test_rank_is_a_plain_number():
    assert np.linalg.matrix_rank(GradArray(np.eye(3))) == 3


def test_logarithm_of_the_determinant_of_zeros_has_no_slope():
    x = GradArray(np.zeros((2, 2)))
    assert np.isnan(gradients(np.linalg.slogdet(x)[1], x)).all()


def test_hermitian_pinv_reads_lower_triangles_and_shares_the_gradient():
    lower = np.tril(RNG.normal(size=(3, 2, 2))) + 2 * np.eye(2)
    whole = lower + np.tril(lower, -1).swapaxes(-1, -2)
    upstream = RNG.normal(size=(3, 2, 2))
    found = []
    for values in (lower + np.triu(np.ones((2, 2)), 1), whole):
        x = GradArray(values)
        found.append(gradients(np.linalg.pinv(x, hermitian=True), x, upstream))
    np.testing.assert_array_equal(*found)


EPSILON = np.finfo(np.float64).eps


@pytest.mark.parametrize(
    "rcond, last, counts",
    [
        (0.01, 1e-3, False),
        (1e-4, 1e-3, True),
        (None, 3 * EPSILON, False),
        (None, 5 * EPSILON, True),
        (-1, 0.7 * EPSILON, True),
        (-1, 0.4 * EPSILON, False),
    ],
)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_lstsq_leaves_out_singular_values_below_its_limit(rcond, last, counts, dtype):
    a, b = np.diag([1.0, 1, 1, last]).astype(dtype), GradArray(np.ones(4, dtype))
    x = np.linalg.lstsq(a, b, rcond=rcond)[0]
    expected = [1, 1, 1, 1 / last if counts else 0]
    np.testing.assert_allclose(x.numpy(), expected, rtol=1e-6)
    np.testing.assert_allclose(gradients(x.sum(), b), expected, rtol=1e-6)
