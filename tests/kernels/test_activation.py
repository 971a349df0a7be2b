"""Kernels of activations: far numbers, many numbers, any number of threads."""

import math

import numpy as np
import pytest

from keratorch import GradArray, config, ops, threads
from keratorch.grads.activation import GeluGrad, SiluGrad

RNG = np.random.default_rng(8)
FUNCTIONS = {
    "silu": SiluGrad.apply,
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
    np.testing.assert_allclose(out, np.maximum(x, 0), atol=1e-10)
    np.testing.assert_allclose(grad, x > 0, atol=1e-10)


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
    assert not isinstance(out.grad_op, (SiluGrad, GeluGrad))


def test_transposed_arrays_are_read_where_they_are():
    x = RNG.normal(size=(3, 4)).astype(np.float32)
    found, grad = results(FUNCTIONS["gelu"], x.T, np.ones((4, 3), np.float32))
    expected, other = results(FUNCTIONS["gelu"], x, np.ones_like(x))
    np.testing.assert_array_equal(found, expected.T)
    np.testing.assert_array_equal(grad, other.T)
