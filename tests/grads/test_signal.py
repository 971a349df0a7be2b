"""Signals: interpolation at and beyond its knots, convolution of scalars."""

import numpy as np
import pytest

from keratorch import GradArray, gradients

KNOTS, VALUES = np.array([0.0, 1.0, 3.0]), np.array([1.0, 2.0, 0.0])


def test_slope_at_a_knot_is_that_of_the_line_to_its_right_and_0_outside():
    x = GradArray([-0.5, 0.0, 1.0, 3.0, 3.5])
    np.interp(x, KNOTS, VALUES).sum().backward()
    np.testing.assert_array_equal(x.grad, [0, 1, -1, -1, 0])


def test_slope_at_the_last_of_two_knots_is_that_of_the_line():
    x = GradArray([1.0])
    np.interp(x, [0.0, 1.0], [1.0, 3.0]).sum().backward()
    np.testing.assert_array_equal(x.grad, [2])


def test_values_beyond_the_knots_belong_to_the_last_ones_unless_given():
    fp = GradArray(VALUES)
    np.interp([-1.0, 0.5, 4.0], KNOTS, fp).sum().backward()
    np.testing.assert_array_equal(fp.grad, [1.5, 0.5, 1])
    fp = GradArray(VALUES)
    np.interp([-1.0, 0.5, 4.0], KNOTS, fp, left=7.0, right=8.0).sum().backward()
    np.testing.assert_array_equal(fp.grad, [0.5, 0.5, 0])


def test_left_and_period_are_differentiable_too():
    left, period = GradArray(2.0), GradArray(4.0)
    y = np.interp(GradArray([-1.0]), KNOTS, VALUES, left=left)
    assert gradients(y.sum(), left) == 1
    y = np.interp(GradArray([5.5]), KNOTS, VALUES, period=period)  # at 5.5 - period
    assert gradients(y.sum(), period) == 1


def test_two_knots_at_one_place_make_a_step_without_infinite_slopes():
    x = GradArray([0.5, 1.0, 1.5])
    y = np.interp(x, [0.0, 1.0, 1.0, 2.0], [0.0, 1.0, 5.0, 6.0])
    np.testing.assert_array_equal(y.numpy(), [0.5, 5.0, 5.5])
    np.testing.assert_array_equal(gradients(y.sum(), x), [1, 1, 1])


@pytest.mark.parametrize("xp, fp", [([0, 1], [0]), ([], []), ([[0, 1]], [[0, 1]])])
def test_knots_that_do_not_match_are_refused(xp, fp):
    with pytest.raises(ValueError, match="one axis and one length"):
        np.interp(GradArray([0.5]), xp, fp)


def test_scalars_are_convolved_as_in_numpy():
    a, v = GradArray([1.0, 2.0]), GradArray(3.0)
    np.convolve(a, v).backward([1.0, 10.0])
    np.testing.assert_array_equal(a.grad, [3, 30])
    assert v.grad == 21


def test_unknown_mode_is_refused_by_numpy():
    with pytest.raises(ValueError, match="mode"):
        np.convolve(GradArray([1.0, 2.0]), [1.0], mode="whole")
