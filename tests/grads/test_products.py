"""Products: what they refuse, and the order in which a chain is multiplied."""

import itertools

import numpy as np
import pytest

from keratorch import GradArray, gradients


def test_dot_is_named_as_its_method():
    a, b = GradArray([[1.0]], name="A"), GradArray([[2.0]], name="B")
    assert np.dot(a, b).name == "A.dot(B)"


def test_gradient_of_vdot_by_its_first_argument_is_conjugated_as_in_pytorch():
    a, b = GradArray(np.array([1 + 2j])), GradArray(np.array([3 - 1j]))
    np.vdot(a, b).backward(np.array(2 - 1j))
    np.testing.assert_allclose(a.grad, [(3 - 1j) * (2 + 1j)])
    np.testing.assert_allclose(b.grad, [(1 + 2j) * (2 - 1j)])


def test_multi_dot_multiplies_in_the_cheapest_order():
    column, row = (
        GradArray(np.ones((50, 1)), name="c"),
        GradArray(np.ones(50), name="r"),
    )
    wide = GradArray(np.ones((1, 50)), name="w")
    assert np.linalg.multi_dot([column, wide, row]).name == "c @ (w @ r)"
    assert np.linalg.multi_dot([row, column, wide]).name == "(r @ c) @ w"


def multiplications(array):
    """Return how many make a chain of matrix products."""
    if array.grad_op is None:
        return 0
    a, b = array.grad_op._inputs
    columns = b.shape[1] if b.ndim == 2 else 1
    return a.size * columns + multiplications(a) + multiplications(b)


def fewest(lengths):
    """Return how many a chain needs, by trying each way to split it."""
    *_, last = range(len(lengths))
    return min(
        (
            lengths[0] * lengths[i] * lengths[last]
            + fewest(lengths[: i + 1])
            + fewest(lengths[i:])
            for i in range(1, last)
        ),
        default=0,
    )


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("row, column", [(0, 0), (1, 0), (0, 1), (1, 1)])
def test_multi_dot_needs_no_more_multiplications_than_any_order(seed, row, column):
    lengths = np.random.default_rng(seed).integers(1, 9, 6).tolist()
    lengths[0], lengths[-1] = 1 if row else lengths[0], 1 if column else lengths[-1]
    arrays = [np.ones(size) for size in itertools.pairwise(lengths)]
    arrays[0] = arrays[0][0] if row else arrays[0]
    arrays[-1] = arrays[-1][:, 0] if column else arrays[-1]
    chain = np.linalg.multi_dot([GradArray(x) for x in arrays])
    assert multiplications(chain) == fewest(lengths)


def test_multi_dot_of_one_array_is_an_error():
    with pytest.raises(ValueError, match="two arrays or more; received 1"):
        np.linalg.multi_dot([GradArray(np.eye(2))])


@pytest.mark.parametrize(
    "function",
    [lambda x: np.polyval([1, 2], x), np.vander, lambda x: np.polyval(x, [1, 2])],
)
def test_polynomials_have_the_dtype_of_numpy(function):
    x = np.ones(3, np.float32)
    assert function(GradArray(x)).dtype == function(x).dtype


def test_matrix_power_of_zero_is_the_identity_of_each_matrix():
    zeroth = np.linalg.matrix_power(GradArray(np.ones((3, 2, 2))), 0)
    np.testing.assert_array_equal(zeroth.numpy(), [np.eye(2)] * 3)


def test_matrix_power_of_zero_and_one_are_results_of_their_own():
    x = GradArray([[1.0, 2.0], [3.0, 4.0]])
    zeroth, first = (np.linalg.matrix_power(x, n) for n in (0, 1))
    np.testing.assert_array_equal(gradients(zeroth.sum(), x), np.zeros((2, 2)))
    assert first is not x
    assert not np.shares_memory(first.numpy(), x.numpy())


def test_matrix_power_needs_an_integer():
    with pytest.raises(TypeError):
        np.linalg.matrix_power(GradArray(np.eye(2)), 0.5)


@pytest.mark.parametrize("exponent", [0, 1, 2, -1])
def test_matrix_power_needs_square_matrices(exponent):
    with pytest.raises(np.linalg.LinAlgError, match=r"square .* \(1, 3\)"):
        np.linalg.matrix_power(GradArray(np.ones((1, 3))), exponent)


def test_vander_needs_a_vector():
    with pytest.raises(ValueError, match=r"vector; .* \(2, 2\)"):
        np.vander(GradArray(np.eye(2)))


def test_axes_of_tensordot_may_be_changed_after_the_call():
    axes = ([0], [1])
    x = GradArray(np.ones((2, 3)))
    y = np.tensordot(x, np.ones((3, 2)), axes)
    axes[0][0] = 1
    np.testing.assert_array_equal(gradients(y.sum(), x), np.full((2, 3), 3.0))


def test_cross_of_vectors_in_the_plane_says_what_to_write():
    with pytest.raises(
        ValueError, match=r"three numbers; received .* \(2,\).*\[\.\.\."
    ):
        np.cross(GradArray([1.0, 2.0]), [3.0, 4.0])


@pytest.mark.skipif(not hasattr(np.linalg, "outer"), reason="since NumPy 2")
def test_linalg_outer_refuses_matrices():
    with pytest.raises(ValueError, match=r"vectors; received .*\(2, 2\)"):
        np.linalg.outer(GradArray(np.eye(2)), np.ones(2))


@pytest.mark.parametrize("function", [np.dot, np.outer])
def test_out_is_refused(function):
    with pytest.raises(TypeError, match="out= cannot be recorded"):
        function(GradArray([1.0]), np.ones(1), out=np.ones(1))
