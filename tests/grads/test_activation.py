"""Activations at the edges of the float range."""

import math

import numpy as np
import pytest

from keratorch import GradArray, ops
from keratorch.grads.activation import EluGrad, ErfGrad, SoftplusGrad


def test_erf_is_exact_to_a_few_units_in_the_last_place():
    x = np.concatenate([np.linspace(-7, 7, 4001), [1e-300, -1e-9, 1, -1, 6, 30]])
    expected = [math.erf(value) for value in x]
    np.testing.assert_allclose(ErfGrad.apply(x).numpy(), expected, rtol=4e-15)


def test_erf_of_infinity_and_nan():
    found = ErfGrad.apply(np.array([np.inf, -np.inf, np.nan])).numpy()
    np.testing.assert_array_equal(found, [1, -1, np.nan])


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_softplus_neither_overflows_nor_vanishes(dtype):
    x = GradArray(np.array([-10, 0, 60000], dtype))
    y = SoftplusGrad.apply(x)
    y.sum().backward()
    np.testing.assert_allclose(y.numpy()[0], math.exp(-10), rtol=2e-3)
    assert y.numpy()[2] == x.numpy()[2]
    np.testing.assert_allclose(x.grad[1:], [0.5, 1])


def test_elu_keeps_the_digits_of_small_negative_numbers():
    assert EluGrad.apply(np.array([-1e-12])).item() == pytest.approx(-1e-12, rel=1e-11)


@pytest.mark.parametrize(
    "function, points, slopes",
    [
        (ops.relu6, [-1, 0, 1, 6, 7], [0, 0, 1, 0, 0]),
        (ops.hard_sigmoid, [-4, -3, 0, 3, 4], [0, 0, 1 / 6, 0, 0]),
        (ops.hard_silu, [-4, -3, 0, 3, 4], [0, 0, 1 / 2, 1, 1]),
        (ops.sparse_sigmoid, [-2, -1, 0, 1, 2], [0, 0, 1 / 2, 0, 0]),
        (ops.hard_tanh, [-2, -1, 0, 1, 2], [0, 1, 1, 1, 0]),
    ],
)
def test_slopes_at_the_limits_are_those_of_tensorflow(function, points, slopes):
    x = GradArray(np.array(points, float))
    function(x).sum().backward()
    np.testing.assert_allclose(x.grad, slopes)
