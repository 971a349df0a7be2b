"""Medians, quantiles and averages at ties, and what they refuse."""

import numpy as np
import pytest

from keratorch import GradArray, gradients


def slope(function, values):
    x = GradArray(np.array(values, float))
    return gradients(function(x).sum(), x)


@pytest.mark.parametrize("function", [np.median, lambda x: np.quantile(x, 0.3)])
@pytest.mark.parametrize("values", [[1, 2, 2, 2, 3], [2, 2, 2, 2], [1, 2, 2, 1]])
def test_shares_of_ties_are_1_together(function, values):
    found = slope(function, values)
    assert found.sum() == pytest.approx(1)
    value = function(np.array(values, float))
    lower = max(v for v in values if v <= value)
    upper = min(v for v in values if v >= value)
    assert all(v in (lower, upper) for v, g in zip(values, found, strict=True) if g)


def test_middle_two_get_half_each():
    np.testing.assert_array_equal(slope(np.median, [4, 1, 3, 2]), [0, 0, 0.5, 0.5])


def test_quantile_is_shared_as_it_lies_between_two():
    found = slope(lambda x: np.quantile(x, [0.4, 1.0]), [3, 1, 2, 5])
    np.testing.assert_allclose(found, [0.2, 0, 0.8, 1], atol=1e-15)


def test_no_gradient_flows_to_the_share():
    x = GradArray([1.0, 2.0])
    with pytest.raises(TypeError, match=r"np.quantile has no derivative by q.*detach"):
        np.quantile(x, GradArray(0.3))
    assert np.quantile(x, GradArray(0.25).detach()).item() == 1.25


def test_shares_may_change_after_the_call():
    x, q = GradArray([1.0, 2.0]), np.array([0.0])
    y = np.quantile(x, q)
    q[:] = 1
    y.sum().backward()
    np.testing.assert_array_equal(x.grad, [1, 0])


def test_input_is_never_overwritten():
    x = GradArray([3.0, 1.0, 2.0])
    np.median(x, overwrite_input=True).backward()
    assert x.tolist() == [3, 1, 2]


@pytest.mark.skipif(np.__version__ < "2", reason="np.quantile had no weights then")
def test_weights_of_a_quantile_are_no_argument():
    with pytest.raises(TypeError, match="'weights'.*Supported: a, q, axis"):
        np.quantile(GradArray([1.0, 2.0]), 0.3, weights=[1, 2], method="inverted_cdf")


@pytest.mark.filterwarnings("ignore:Mean of empty slice:RuntimeWarning")
@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_median_of_nothing_has_an_empty_gradient():
    assert slope(np.median, []).shape == (0,)


def test_average_says_which_weights_it_needs():
    x = GradArray(np.ones((2, 3)))
    with pytest.raises(TypeError, match=r"weights of shape \(3,\).*Say axis="):
        np.average(x, weights=np.ones(3))
    with pytest.raises(ValueError, match=r"expected \(2,\) or \(2, 3\)"):
        np.average(x, axis=0, weights=np.ones(3))
    with pytest.raises(ZeroDivisionError, match="sum of 0"):
        np.average(x, axis=1, weights=np.zeros(3))


def test_average_returns_the_number_of_equal_weights():
    mean, total = np.average(GradArray([[1.0, 3.0]]), axis=1, returned=True)
    assert (mean.tolist(), total.tolist()) == ([2], [2])


def test_average_of_integers_with_learned_weights():
    w = GradArray(np.array([1, 3], np.float32))
    mean = np.average([1, 2], weights=w)
    mean.backward()
    assert (mean.dtype, mean.item()) == (np.float64, 1.75)
    np.testing.assert_allclose(w.grad, [-0.1875, 0.0625])


def test_results_have_the_dtype_of_numpy():
    x, w = np.array([1.0, 2.0], np.float32), np.array([1, 2], np.int8)
    for weights in (None, x):
        found = np.average(GradArray(x), weights=weights, returned=True)
        expected = np.average(x, weights=weights, returned=True)
        assert [y.dtype for y in found] == [y.dtype for y in expected]
    assert np.average(w, weights=GradArray(x)).dtype == np.float64
    assert np.cov(GradArray(x)).dtype == np.cov(x).dtype == np.float64


@pytest.mark.filterwarnings("ignore:Degrees of freedom:RuntimeWarning")
@pytest.mark.filterwarnings("ignore:divide by zero:RuntimeWarning")
@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_covariance_without_degrees_of_freedom_is_that_of_numpy():
    x = np.array([[1.0], [2.0]])
    np.testing.assert_array_equal(np.cov(GradArray(x)).numpy(), np.cov(x))


def test_perfect_correlation_has_slope_0():
    x = GradArray([1.0, 2.0, 4.0])
    found = np.corrcoef(x, 2 * x)
    found[0, 1].backward()
    np.testing.assert_allclose(x.grad, 0, atol=1e-15)


def test_rounding_brings_no_correlation_beyond_1():
    for seed in range(20):
        x = GradArray(np.random.default_rng(seed).normal(size=3).round(1))
        for factor in (3, -3):
            assert np.abs(np.corrcoef(x, factor * x).numpy()).max() <= 1


def test_covariance_is_of_variables():
    with pytest.raises(ValueError, match="needs one or two axes"):
        np.cov(GradArray(np.ones((2, 2, 2))))
