"""Kinks and poles of trigonometric functions: the answers of PyTorch 2.13.

Where PyTorch says NaN and a value exists, it is that value.
"""

import numpy as np
import pytest

from keratorch import GradArray, gradients
from keratorch.grads.trigonometric import SincDerivativeGrad

from .test_special_points import INF, assert_answer

PI = np.pi


def test_inverse_functions_have_infinite_slopes_where_they_end():
    ends = [[-1.0, 1.0]]
    with np.errstate(divide="ignore", invalid="ignore"):
        assert_answer(np.arcsin, ends, [-PI / 2, PI / 2], [INF, INF])
        assert_answer(np.arccos, ends, [PI, 0], [-INF, -INF])
        assert_answer(np.arctanh, ends, [-INF, INF], [INF, INF])
        assert_answer(np.arccosh, [[1.0]], [0], [INF])


def test_arcsin_is_precise_next_to_its_end():
    gap = 2.0**-50  # 1 - x * x would lose a digit in sixteen
    x = GradArray([1 - gap])
    slope = gradients(np.arcsin(x), x)
    np.testing.assert_allclose(slope, [1 / np.sqrt(gap * (2 - gap))], rtol=1e-15)


def test_arccosh_below_one_is_nan_in_value_and_slope():
    x = GradArray([-3.0, 0.5])
    with np.errstate(invalid="ignore"):
        y = np.arccosh(x)
        y.sum().backward()
    assert np.isnan(y.numpy()).all()
    assert np.isnan(x.grad).all()


def test_arctan2_at_the_origin_has_slope_zero():
    y, x = [0.0, 0.0, 3.0], [0.0, -2.0, 4.0]
    value = [0, PI, np.arctan2(3, 4)]
    assert_answer(np.arctan2, [y, x], value, [0, -0.5, 0.16], [0, 0, -0.12])


def test_hypot_at_the_origin_has_slope_zero():
    """PyTorch has NaN there."""
    a, b = [0.0, 3.0, 0.0], [0.0, 4.0, -2.0]
    assert_answer(np.hypot, [a, b], [0, 5, 2], [0, 0.6, 0], [0, 0.8, -1])


def test_hypot_of_huge_numbers_does_not_overflow():
    root = np.sqrt(0.5)
    assert_answer(np.hypot, [[1e200], [1e200]], [1e200 / root], [root], [root])


@pytest.mark.parametrize("near", [0.0, 1e-12, 1e-5])
def test_sinc_is_smooth_at_zero(near):
    x = GradArray([near])
    found = [np.sinc(x)]
    for _ in range(5):
        found.append(gradients(found[-1].sum(), x, create_graph=True))
    series = [1, -(PI**2) / 3 * near, -(PI**2) / 3, PI**4 / 5 * near, PI**4 / 5, 0]
    for one, other in zip(found[:5], series, strict=False):
        np.testing.assert_allclose(one.numpy(), [other], rtol=1e-8)


@pytest.mark.parametrize("order", range(1, 8))
def test_series_and_recurrence_of_sinc_meet(order):
    edge = (1 + order / 2) / PI
    sides = np.array([edge * (1 - 1e-15), edge * (1 + 1e-15)])
    one, other = SincDerivativeGrad.apply(sides, order=order).numpy()
    np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-12 * PI**order)


def test_degrees_and_radians_under_all_their_names():
    for function in (np.degrees, np.rad2deg):
        assert_answer(function, [[PI]], [180], [180 / PI])
    for function in (np.radians, np.deg2rad):
        assert_answer(function, [[180.0]], [PI], [PI / 180])
