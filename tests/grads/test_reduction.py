"""Reductions at ties, zeros and infinities, and what they refuse.

What PyTorch 2.13 answers at such a point is written in.
"""

import numpy as np
import pytest

from keratorch import GradArray, gradients
from keratorch.grads import reduction
from keratorch.grads.reduction import LogSumExpGrad, VarGrad

INF, NAN = np.inf, np.nan

REDUCTIONS = [np.sum, np.prod, np.mean, np.max, np.min, np.var, np.std, np.ptp]


def slope(function, values, dtype=float):
    x = GradArray(np.array(values, dtype))
    return gradients(function(x).sum(), x)


def hessian(function, values):
    """Return the second derivatives of a scalar function of a vector."""
    x = GradArray(np.array(values, float))
    first = gradients(function(x), x, create_graph=True)
    rows = [gradients(first[i], x, np.ones(())) for i in range(len(values))]
    return np.array(rows)


# Bits


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.int32])
@pytest.mark.parametrize("function", REDUCTIONS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("axis", [None, 0, -1, (0, 2)])
def test_value_has_the_bits_of_numpy(function, axis, dtype):
    x = np.random.default_rng(3).normal(scale=3, size=(7, 130, 9)).astype(dtype)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        found, expected = function(GradArray(x), axis), np.asarray(function(x, axis))
    assert found.dtype == expected.dtype
    np.testing.assert_array_equal(found.numpy(), expected)


def test_mean_of_more_numbers_than_float32_can_count_has_the_bits_of_numpy():
    x = np.broadcast_to(np.float32(1), 2**24 + 1)
    assert np.mean(GradArray(x)).item() == np.mean(x) < 1


@pytest.mark.parametrize("function", [np.sum, np.mean, np.prod, np.var])
def test_integers_are_reduced_in_the_dtype_asked_for(function):
    x = np.array([[1, 2], [3, 4]])
    found = function(GradArray(x), axis=0, dtype=np.float32)
    expected = function(x, axis=0, dtype=np.float32)
    assert found.dtype == expected.dtype == np.float32
    np.testing.assert_array_equal(found.numpy(), expected)


def test_gradient_of_a_sum_in_float64_is_float32_again():
    x = GradArray(np.ones(3, np.float32))
    total = x.sum(dtype=np.float64)
    total.backward()
    assert (total.dtype, x.grad.dtype) == (np.float64, np.float32)


# Products with zeros


def test_product_with_a_zero_has_a_slope_at_it_alone():
    np.testing.assert_array_equal(slope(np.prod, [2.0, 0.0, 3.0]), [0, 6, 0])
    np.testing.assert_array_equal(slope(np.prod, [0.0, 0.0, 3.0]), [0, 0, 0])


def test_second_derivative_of_a_product_is_that_of_all_but_two():
    expected = {
        (2.0, 0.0, 3.0): [[0, 3, 0], [3, 0, 2], [0, 2, 0]],
        (0.0, 0.0, 3.0): [[0, 3, 0], [3, 0, 0], [0, 0, 0]],
        (0.0, 0.0, 0.0): np.zeros((3, 3)),
    }
    for values, second in expected.items():
        np.testing.assert_array_equal(hessian(np.prod, values), second)


def test_slope_of_a_product_that_underflows_is_that_of_the_others():
    found = slope(np.prod, [1e-200, 1e-200, 1e200])
    np.testing.assert_allclose(found, [1, 1, 0], rtol=1e-15)


def test_slope_of_a_product_that_overflows_is_that_of_the_others():
    with np.errstate(over="ignore"):
        found = slope(np.prod, [1e200, 1e200, 1e-200])
    np.testing.assert_allclose(found, [1, 1, INF], rtol=1e-15)


# Ties


@pytest.mark.parametrize("function", [np.max, np.amax, lambda x: -np.min(-x)])
def test_ties_of_the_largest_share_equally(function):
    found = slope(function, [3.0, 1.0, 3.0, 3.0])
    np.testing.assert_allclose(found, [1 / 3, 0, 1 / 3, 1 / 3], rtol=1e-15)


def test_ties_share_in_each_row():
    found = slope(lambda x: x.max(axis=1), [[1.0, 1.0], [2.0, 3.0]], np.float32)
    np.testing.assert_array_equal(found, [[0.5, 0.5], [0, 1]])
    assert found.dtype == np.float32


def test_initial_value_is_one_of_the_ties():
    x, start = GradArray([1.0, 2.0, 2.0]), GradArray(2.0)
    np.max(x, initial=start).backward()
    np.testing.assert_allclose(x.grad, [0, 1 / 3, 1 / 3])
    np.testing.assert_allclose(start.grad, 1 / 3)


def test_initial_value_of_another_dtype_is_one_of_the_ties():
    x, start = GradArray(np.array([-1.0, 0.0], np.float32)), GradArray(0.1)
    np.max(x, initial=start).backward()
    np.testing.assert_array_equal(x.grad, [0, 0])
    assert start.grad == 1


def test_largest_that_takes_no_part_is_no_tie():
    mask = [True, False, True]
    found = slope(lambda x: np.max(x, initial=-5, where=mask), [3.0, 3.0, 1.0])
    np.testing.assert_array_equal(found, [1, 0, 0])


def test_nan_takes_the_gradient_of_the_largest():
    np.testing.assert_array_equal(slope(np.max, [NAN, 1.0, NAN]), [0.5, 0, 0.5])
    rows = [[NAN, 1.0], [2.0, 2.0]]
    found = slope(lambda x: x.min(axis=1), rows)
    np.testing.assert_array_equal(found, [[1, 0], [0.5, 0.5]])


def test_infinity_is_a_number_that_can_be_largest():
    np.testing.assert_array_equal(slope(np.max, [INF, 1.0]), [1, 0])
    np.testing.assert_array_equal(slope(np.max, [-INF, -INF]), [0.5, 0.5])


# Deviations


@pytest.mark.parametrize("ddof", [0, 1])
def test_standard_deviation_of_equal_numbers_has_slope_0(ddof):
    found = slope(lambda x: x.std(axis=1, ddof=ddof), [[2.0, 2.0], [1.0, 3.0]])
    expected = [[0, 0], [-0.5 * 2 ** (ddof / 2), 0.5 * 2 ** (ddof / 2)]]
    np.testing.assert_allclose(found, expected, rtol=1e-15)


@pytest.mark.filterwarnings("ignore:Degrees of freedom:RuntimeWarning")
@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
@pytest.mark.parametrize("function", [np.var, np.std])
def test_without_degrees_of_freedom_the_slope_is_nan(function):
    for ddof in (1, 2):
        found = slope(lambda x, ddof=ddof: function(x, ddof=ddof), [1.0])
        np.testing.assert_array_equal(found, [NAN])


@pytest.mark.filterwarnings("ignore:Degrees of freedom:RuntimeWarning")
@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
@pytest.mark.filterwarnings("ignore:divide by zero:RuntimeWarning")
def test_row_with_degrees_of_freedom_has_a_slope_beside_one_without():
    mask = np.array([[True, True], [True, False]])
    for ddof in (1, 2):
        found = slope(
            lambda x, ddof=ddof: np.var(x, axis=1, ddof=ddof, where=mask),
            [[1.0, 3.0], [2.0, 4.0]],
        )
        assert np.isnan(found[1, 0])
        np.testing.assert_array_equal(found[0], [-2, 2] if ddof == 1 else [NAN, NAN])


@pytest.mark.filterwarnings("ignore:Degrees of freedom:RuntimeWarning")
@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
@pytest.mark.filterwarnings("ignore:divide by zero:RuntimeWarning")
def test_more_is_taken_from_the_count_than_there_is_in_any_row():
    x = np.array([[1.0, 3.0], [2.0, 4.0]])
    assert np.var(GradArray(x), ddof=9).item() == np.var(x, ddof=9) == INF
    mask = np.array([[True, False], [True, False]])
    found = slope(lambda x: np.var(x, axis=1, ddof=2, where=mask), x)
    assert np.isnan(found[mask]).all()


def test_ddof_and_correction_are_not_said_together():
    with pytest.raises(ValueError, match="two names of one number"):
        VarGrad.apply(GradArray([1.0, 2.0]), ddof=1, correction=1)


def test_gradient_of_a_variance_of_nothing_warns_of_nothing():
    x = GradArray([[1.0, 3.0], [2.0, 4.0]])
    with np.errstate(all="ignore"), pytest.warns(RuntimeWarning, match="Degrees"):
        y = np.var(x, axis=1, where=[[True, True], [False, False]])
    y.sum().backward()
    np.testing.assert_array_equal(x.grad[0], [-1, 1])


# The logarithm of a sum of exponentials


@pytest.mark.parametrize(
    "values, value, slopes",
    [
        ([1000.0, 1000.0], 1000 + np.log(2), [0.5, 0.5]),
        ([-1000.0, -1001.0], -1000 + np.log1p(np.exp(-1)), [0.73105858, 0.26894142]),
        ([-INF, 1.0], 1, [0, 1]),
        ([-INF, -INF], -INF, [0, 0]),
        ([INF, 1000.0], INF, [0, 0]),
    ],
)
def test_logsumexp_neither_overflows_nor_gives_nan(values, value, slopes):
    assert LogSumExpGrad.apply(np.array(values)).item() == pytest.approx(value)
    found = slope(LogSumExpGrad.apply, values)
    np.testing.assert_allclose(found, slopes, rtol=1e-7)


def test_logsumexp_of_nothing_is_the_logarithm_of_0():
    assert LogSumExpGrad.apply(np.zeros((2, 0)), axis=1).tolist() == [-INF, -INF]
    assert slope(LogSumExpGrad.apply, []).shape == (0,)


def test_infinite_row_of_logsumexp_leaves_the_slopes_of_another_as_they_are():
    found = slope(lambda x: LogSumExpGrad.apply(x, 1), [[INF, 1.0], [0.5, 0.5]])
    np.testing.assert_allclose(found, [[0, 0], [0.5, 0.5]], rtol=1e-15)


def test_logsumexp_takes_integers():
    assert LogSumExpGrad.apply(np.array([0, 0])).item() == pytest.approx(np.log(2))


def test_second_derivative_of_logsumexp_at_minus_infinity_is_0():
    np.testing.assert_array_equal(
        hessian(LogSumExpGrad.apply, [-INF, 0.0, 0.0]),
        [[0, 0, 0], [0, 0.25, -0.25], [0, -0.25, 0.25]],
    )


# Arguments


@pytest.mark.parametrize("function", [*REDUCTIONS, np.cumsum, np.cumprod, np.median])
def test_an_array_to_write_into_is_refused(function):
    with pytest.raises(TypeError, match=rf"np.{function.__name__}: out= cannot be"):
        function(GradArray([1.0, 2.0]), out=np.zeros(()))


@pytest.mark.parametrize("function", [np.sum, np.mean, np.max, np.var, np.cumsum])
def test_none_is_no_array_to_write_into(function):
    assert function(GradArray([1.0, 2.0]), out=None).requires_grad


def test_mask_may_change_after_the_call():
    x, mask = GradArray([1.0, 2.0]), np.array([True, False])
    total = x.sum(where=mask)
    mask[:] = True
    total.backward()
    np.testing.assert_array_equal(x.grad, [1, 0])


@pytest.mark.filterwarnings("ignore:Mean of empty slice:RuntimeWarning")
@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_elements_that_take_no_part_get_0_even_if_none_does():
    x = GradArray([[1.0, 2.0], [3.0, 4.0]])
    np.mean(x, axis=1, where=[[True, True], [False, False]]).sum().backward()
    np.testing.assert_array_equal(x.grad, [[0.5, 0.5], [0, 0]])


def test_mean_of_a_variance_is_computed_once_there_and_back(monkeypatch):
    calls, mean = [], reduction._mean
    monkeypatch.setattr(
        reduction, "_mean", lambda *args: calls.append(args) or mean(*args)
    )
    x = GradArray([[1.0, 2.0, 6.0]])
    np.var(x).backward()
    np.testing.assert_allclose(x.grad, [[-4 / 3, -2 / 3, 2.0]])
    assert len(calls) == 1
    gradients(np.var(x), x, create_graph=True)  # which records the mean as well
    assert any(isinstance(x, GradArray) for x, *_ in calls)
