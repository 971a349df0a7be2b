"""Kernels of activations: far numbers, many numbers, any number of threads."""

import math

import numpy as np
import pytest

from keratorch import GradArray, config, ops, threads
from keratorch.grads.activation import EluGrad, GeluGrad, LeakyReluGrad, SiluGrad
from keratorch.grads.neural import SigmoidGrad

RNG = np.random.default_rng(8)
FUNCTIONS = {
    "silu": SiluGrad.apply,
    "leaky relu": lambda x: LeakyReluGrad.apply(x, 0.3),
    "gelu": GeluGrad.apply,
    "gelu by tanh": lambda x: GeluGrad.apply(x, approximate=True),
}


def results(function, x, upstream):
    x = GradArray(x)
    out = function(x)
    out.backward(upstream)
    return out.numpy(), x.grad


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_many_numbers_equal_the_textbook(name, dtype):
    x = RNG.uniform(-12, 12, size=(2, 50021)).astype(dtype)
    upstream = RNG.normal(size=x.shape).astype(dtype)
    found = results(FUNCTIONS[name], x, upstream)
    config.set_fast(False)
    try:
        expected = results(FUNCTIONS[name], x.astype(float), upstream)
    finally:
        config.set_fast(True)
    tolerance = 2e-6 if dtype == np.float32 else 1e-13
    for one, other in zip(found, expected, strict=True):
        assert one.dtype == dtype
        np.testing.assert_allclose(one, other, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_any_number_of_threads_gives_the_same_bits(name):
    x = RNG.normal(size=(300, 401)).astype(np.float32)
    found = []
    try:
        for number in (1, 2, 5):
            threads.set_num_threads(number)
            found.append(results(FUNCTIONS[name], x, x))
    finally:
        threads.set_num_threads(None)
    for other in found[1:]:
        np.testing.assert_array_equal(found[0], other)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_far_numbers_do_not_overflow(name):
    x = np.float32([-1e4, -200, -30, 30, 200, 1e4])
    out, grad = results(FUNCTIONS[name], x, np.ones_like(x))
    slope = 0.3 if name == "leaky relu" else 0
    np.testing.assert_allclose(out, np.maximum(x, slope * x), atol=1e-10)
    np.testing.assert_allclose(grad, np.where(x > 0, 1, slope), atol=1e-10)


def test_small_gelu_keeps_its_digits():
    x = -np.linspace(1, 5, 50, dtype=np.float32)
    expected = [v * math.erfc(-v / math.sqrt(2)) / 2 for v in x.tolist()]
    found = ops.gelu(x, approximate=False).numpy()
    np.testing.assert_allclose(found, expected, rtol=2e-6)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_half_precision_goes_by_the_textbook(name):
    x = GradArray(np.float16([-1, 0.5]))
    out = FUNCTIONS[name](x)
    assert out.dtype == np.float16
    assert not isinstance(out.grad_op, (SiluGrad, GeluGrad, LeakyReluGrad))


def test_transposed_arrays_are_read_where_they_are():
    x = RNG.normal(size=(3, 4)).astype(np.float32)
    found, grad = results(FUNCTIONS["gelu"], x.T, np.ones((4, 3), np.float32))
    expected, other = results(FUNCTIONS["gelu"], x, np.ones_like(x))
    np.testing.assert_array_equal(found, expected.T)
    np.testing.assert_array_equal(grad, other.T)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("slope", [1e-6, 0.01, 0.2, 0.5, 0.7, 1])
def test_leaky_relu_at_the_edges(slope, dtype):
    x = np.array([np.inf, -np.inf, np.nan, 0.0, -0.0, 3e38, -3e38, 1e-40], dtype)
    out, grad = results(lambda x: LeakyReluGrad.apply(x, slope), x, np.ones_like(x))
    np.testing.assert_array_equal(out, np.where(x > 0, x, x * dtype(slope)))
    expected = np.where(x > 0, 1, slope)
    np.testing.assert_allclose(grad, expected, rtol=2 * np.finfo(dtype).eps)


@pytest.mark.parametrize("slope", [-0.5, 0, 2, 0.0, np.float32(3)])
def test_slopes_that_turn_the_order_round_go_by_the_textbook(slope):
    x = np.array([-2.0, 0.0, np.inf])
    with np.errstate(invalid="ignore"):
        out = ops.leaky_relu(GradArray(x), slope)
        assert not isinstance(out.grad_op, LeakyReluGrad)
        np.testing.assert_array_equal(out.numpy(), np.where(x > 0, x, slope * x))


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_choices_without_where_are_the_same_bits(dtype):
    x = np.append(RNG.normal(size=999) * 4, [np.inf, -np.inf, np.nan, 0, -0.0, 1e4])
    x = x.astype(dtype)
    e = np.exp(-np.abs(x))
    expected = np.where(x >= 0, 1, e) / (1 + e)
    np.testing.assert_array_equal(SigmoidGrad.apply(x).numpy(), expected)
    expected = np.where(x > 0, x, 0.3 * np.expm1(np.minimum(x, 0)))
    np.testing.assert_array_equal(EluGrad.apply(x, 0.3).numpy(), expected)
