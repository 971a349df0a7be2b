"""Selection where samples cannot state it: its errors, its dtypes, what is skipped."""

import numpy as np
import pytest

from keratorch import GradArray, gradients


def test_take_adds_up_what_was_taken_twice():
    x = GradArray([1.0, 2.0, 3.0])
    np.testing.assert_array_equal(gradients(np.take(x, [2, 2, 0]).sum(), x), [1, 0, 2])


def test_take_out_of_bounds_is_the_error_of_numpy():
    with pytest.raises(IndexError, match="out of bounds"):
        np.take(GradArray([1.0, 2.0]), [0, 2])


TAKE_ALONG_AXIS = [
    ([[0, 3]], 1, IndexError, r"must lie in \[-3, 3\).*received 0 to 3"),
    ([[-4, 0]], 1, IndexError, r"received -4 to 0"),
    ([0, 1], 1, ValueError, "as many axes as the array, 2; received 1"),
    ([[0.0]], 1, IndexError, "must be integers; received float64"),
    ([[0]], 2, ValueError, "axis 2 is out of bounds"),
]


@pytest.mark.parametrize("indices, axis, error, message", TAKE_ALONG_AXIS)
def test_take_along_axis_says_what_it_needs(indices, axis, error, message):
    with pytest.raises(error, match=message):
        np.take_along_axis(GradArray(np.ones((2, 3))), np.array(indices), axis)


def test_select_and_choose_keep_gradients_from_choices_not_taken():
    x = GradArray([-1.0, 4.0])
    with np.errstate(all="ignore"):
        for y in (
            np.select([x > 0], [np.sqrt(x)], 0.0),
            np.choose(x > 0, [x * 0, np.sqrt(x)]),
        ):
            chosen = y.grad_op.backward(np.ones(2))
            assert np.isfinite(chosen[0]).all()
            np.testing.assert_array_equal(y.numpy()[1], 2.0)


def test_compress_takes_a_condition_of_one_axis():
    x = GradArray(np.ones((2, 2)))
    with pytest.raises(ValueError, match=r"one axis; received 2.*x\[condition\]"):
        np.compress(np.eye(2), x)
    with pytest.raises(IndexError, match="out of bounds"):
        np.compress([False, False, True], x, axis=0)


def test_piecewise_calls_functions_where_their_condition_holds_only():
    x = GradArray([-4.0, 4.0])
    y = np.piecewise(x, [x > 0], [np.sqrt, lambda x: -np.sqrt(-x)])
    np.testing.assert_array_equal(y.numpy(), [-2, 2])
    np.testing.assert_array_equal(gradients(y.sum(), x), [0.25, 0.25])
    never = np.piecewise(x, [x > 9, x < 9], [lambda x: 1 / 0, 3.0])
    np.testing.assert_array_equal(never.numpy(), [3, 3])


def test_piecewise_counts_its_functions():
    x = GradArray([1.0, 2.0])
    with pytest.raises(ValueError, match="1 conditions need.*or one more; received 3"):
        np.piecewise(x, [x > 1], [1.0, 2.0, 3.0])


@pytest.mark.parametrize(
    "function",
    [
        lambda x, out: np.take(x, [0], out=out),
        lambda x, out: np.choose([0, 0], [x, x], out=out),
        lambda x, out: np.compress([True], x, out=out),
    ],
)
def test_out_is_refused(function):
    with pytest.raises(TypeError, match=r"out= cannot be recorded"):
        function(GradArray([1.0, 2.0]), np.empty(2))


def test_what_has_no_gradient_is_plain():
    x = GradArray([2.0, np.nan, 1.0])
    assert np.nanargmax(x) == 0
    assert np.nanargmin(x) == 2
    np.testing.assert_array_equal(np.isin(x, [1.0]), [False, False, True])
    assert type(np.unique(GradArray(np.array([2, 1])))) is np.ndarray


def test_histogram_that_would_lose_the_gradient_of_its_weights_says_what_to_write():
    with pytest.raises(TypeError, match=r"np\.bincount"):
        np.histogram([1.0, 2.0], weights=GradArray([1.0, 2.0]))
