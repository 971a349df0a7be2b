"""Reductions of rows in which everything is NaN."""

import numpy as np
import pytest

from keratorch import GradArray

NAN = np.nan
ROWS = [[NAN, NAN], [1.0, 3.0], [NAN, 2.0]]


def slope(function):
    x = GradArray(np.array(ROWS))
    function(x, axis=1).backward(np.array([5.0, 1.0, 1.0]))
    return x.grad


def test_sum_and_product_of_nan_alone_are_constant():
    np.testing.assert_array_equal(slope(np.nansum), [[0, 0], [1, 1], [0, 1]])
    np.testing.assert_array_equal(slope(np.nanprod), [[0, 0], [3, 1], [0, 1]])


@pytest.mark.parametrize(
    "function, expected",
    [
        (np.nanmax, [[0, 0], [0, 1], [0, 1]]),
        (np.nanmin, [[0, 0], [1, 0], [0, 1]]),
        (np.nanmean, [[0, 0], [0.5, 0.5], [0, 1]]),
        (np.nanmedian, [[0, 0], [0.5, 0.5], [0, 1]]),
        (lambda x, axis: np.nanquantile(x, 0.25, axis), [[0, 0], [0.75, 0.25], [0, 1]]),
    ],
)
def test_nan_alone_gets_no_gradient(function, expected):
    with pytest.warns(RuntimeWarning, match="(?i)all-nan|empty slice"):
        found = slope(function)
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("function", [np.nanvar, np.nanstd])
def test_deviation_of_one_number_is_0_and_so_is_its_slope(function):
    x = GradArray([[NAN, 2.0], [1.0, 3.0]])
    y = function(x, axis=1)
    y.sum().backward()
    expected = [[0, 0], [-1, 1]] if function is np.nanvar else [[0, 0], [-0.5, 0.5]]
    assert y.tolist() == [0, 1]
    np.testing.assert_array_equal(x.grad, expected)


def test_ties_of_the_largest_number_share_equally():
    x = GradArray([NAN, 2.0, 2.0])
    np.nanmax(x).backward()
    np.testing.assert_array_equal(x.grad, [0, 0.5, 0.5])
