"""Jumps and divisions: the answers of PyTorch 2.13 where it has the function."""

import numpy as np
import pytest

from keratorch import GradArray, gradients

from .test_special_points import INF, assert_answer

STEPS = [np.floor, np.ceil, np.rint, np.trunc, np.fix, np.round, np.around]


@pytest.mark.parametrize("step", STEPS)
def test_steps_have_slope_zero_and_stay_in_the_graph(step):
    x = np.array([-1.5, -1.0, 0.0, 0.4, 2.5])
    assert_answer(step, [x], step(x), np.zeros(5))
    assert step(GradArray(x)).requires_grad


@pytest.mark.parametrize("step", STEPS)
def test_a_step_stops_even_an_infinite_gradient(step):
    x = GradArray([0.3])
    step(x).backward([INF])
    np.testing.assert_array_equal(x.grad, [0])


def test_remainder_has_the_sign_of_the_divisor():
    a, b = [5.5, -5.5, 5.5, -5.5], [2.0, 2.0, -2.0, -2.0]
    da = [1, 1, 1, 1]
    assert_answer(np.remainder, [a, b], [1.5, 0.5, -0.5, -1.5], da, [-2, 3, 3, -2])
    assert_answer(np.fmod, [a, b], [1.5, -1.5, 1.5, -1.5], da, [-2, 2, 2, -2])


def test_floor_division_has_slope_zero():
    assert_answer(np.floor_divide, [[5.5], [2.0]], [2], [0], [0])


def test_fmod_counts_how_often_the_divisor_was_taken_off():
    """a / b is rounded up to a whole number here, and trunc(a / b) is one too large."""
    a, b = 0.9999999999999999, 0.1
    count = round((a - np.fmod(a, b)) / b)
    assert_answer(np.fmod, [[a], [b]], [np.fmod(a, b)], [1], [-count])


def test_divmod_gives_both_results():
    a, b = GradArray([7.5]), GradArray([2.0])
    quotient, rest = divmod(a, b)
    assert (quotient.item(), rest.item()) == (3, 1.5)
    np.testing.assert_array_equal(gradients(rest, b), [-3])
    assert np.divmod(7, b)[1].item() == 1


def test_slope_of_fmod_is_a_whole_number():
    rng = np.random.default_rng(0)
    a, b = GradArray(rng.normal(size=100)), GradArray(rng.uniform(0.01, 0.5, 100))
    slopes = gradients(np.fmod(a, b).sum(), b)
    np.testing.assert_array_equal(slopes, -np.trunc(a.numpy() / b.numpy()))


def test_modf_of_infinities_and_whole_numbers():
    x = GradArray([INF, -INF, -2.0, 2.5])
    fraction, whole = np.modf(x)
    np.testing.assert_array_equal(fraction.numpy(), [0, -0.0, -0.0, 0.5])
    assert np.signbit(fraction.numpy()).tolist() == [False, True, True, False]
    np.testing.assert_array_equal(whole.numpy(), [INF, -INF, -2, 2])
    np.testing.assert_array_equal(gradients(fraction.sum(), x), [1, 1, 1, 1])


def test_frexp_gives_a_recorded_mantissa_and_a_constant_exponent():
    x = GradArray([5.0, 0.0, 0.3])
    mantissa, exponent = np.frexp(x)
    np.testing.assert_array_equal(mantissa.numpy(), np.frexp(x.numpy())[0])
    assert type(exponent) is np.ndarray
    np.testing.assert_array_equal(gradients(mantissa.sum(), x), [0.125, 1, 2])


def test_ldexp_takes_its_exponent_from_an_integer_array_that_is_recorded():
    x, n = GradArray([1.5]), GradArray(np.array([3]))
    np.testing.assert_array_equal(gradients(np.ldexp(x, n), x), [8])


def test_round_refuses_an_array_to_write_into():
    with pytest.raises(TypeError, match=r"np\.round: out= cannot be recorded"):
        GradArray([1.5]).round(out=np.zeros(1))
