"""Edges of exponentials, logarithms and roots: the answers of PyTorch 2.13.

Where PyTorch says NaN and a value exists, it is that value.
"""

import numpy as np
import pytest

from keratorch import GradArray, gradients

from .test_special_points import INF, answer, assert_answer


def test_logarithms_have_an_infinite_slope_at_zero():
    with np.errstate(divide="ignore"):
        for function in (np.log, np.log2, np.log10):
            assert_answer(function, [[0.0, 1.0]], [-INF, 0], [INF, function(np.e)])
        assert_answer(np.log1p, [[-1.0, 0.0]], [-INF, 0], [INF, 1])


def test_roots_have_an_infinite_slope_at_zero():
    with np.errstate(divide="ignore"):
        assert_answer(np.sqrt, [[0.0, 4.0]], [0, 2], [INF, 0.25])
        assert_answer(np.cbrt, [[0.0, -8.0]], [0, -2], [INF, 1 / 12])


def test_expm1_and_log1p_keep_tiny_numbers():
    assert_answer(np.expm1, [[1e-20]], [1e-20], [1])
    assert_answer(np.log1p, [[1e-20]], [1e-20], [1])


@pytest.mark.parametrize("function", [np.logaddexp, np.logaddexp2])
def test_infinite_arguments_of_logaddexp_share_the_gradient_if_equal(function):
    """PyTorch has NaN where both are infinite."""
    a, b = [-INF, INF, -INF, INF, -INF], [-INF, INF, 1.0, 1.0, INF]
    da, db = [0.5, 0.5, 0, 1, 0], [0.5, 0.5, 1, 0, 1]
    with np.errstate(invalid="ignore"):  # the sum of the results is inf - inf
        assert_answer(function, [a, b], [-INF, INF, 1, INF, INF], da, db)


def test_logaddexp_of_huge_numbers():
    tiny = 4.248354255291589e-18
    a, b = [1000.0, -1000.0, 40.0], [0.0, -1000.0, 0.0]
    value = [1000, np.log(2) - 1000, 40]
    assert_answer(np.logaddexp, [a, b], value, [1, 0.5, 1], [0, 0.5, tiny])


def test_second_derivative_of_logaddexp_at_a_tie_is_a_quarter():
    a, b = GradArray([1.0, -INF]), GradArray([1.0, -INF])
    first = gradients(np.logaddexp(a, b), a, np.ones(2), create_graph=True)
    of_a, of_b = gradients(first.sum(), [a, b])
    np.testing.assert_allclose(of_a, [0.25, 0])
    np.testing.assert_allclose(of_b, [-0.25, 0])


def test_float32_stays_float32_through_constants_such_as_log_2():
    for function in (np.exp2, np.log2, np.log10, np.cbrt, np.log1p, np.expm1):
        value, slope = answer(function, [0.5, 2.0], dtype=np.float32)
        assert value.dtype == slope.dtype == np.float32
