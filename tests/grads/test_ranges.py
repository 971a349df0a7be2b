"""Ranges: their dtype, their steps, and what a single number is."""

import numpy as np
import pytest

from keratorch import GradArray, gradients

RANGES = [np.linspace, np.logspace, np.geomspace]


@pytest.mark.skipif(
    np.lib.NumpyVersion(np.__version__) < "2.0.0", reason="older rules differ"
)
@pytest.mark.parametrize("function", RANGES)
@pytest.mark.parametrize("dtype", [None, np.float32, np.float64])
@pytest.mark.parametrize("given", [np.float32, np.float64])
def test_dtype_is_that_of_numpy(function, dtype, given):
    start, stop = np.array([1, 2], given), np.array([3, 4], given)
    found = function(GradArray(start), GradArray(stop), 4, dtype=dtype)
    expected = function(start, stop, 4, dtype=dtype)
    assert found.dtype == expected.dtype
    np.testing.assert_allclose(found.numpy(), expected, rtol=1e-6)


@pytest.mark.parametrize("num, endpoint", [(3, True), (2, True), (3, False)])
def test_step_comes_with_the_range(num, endpoint):
    start, stop = GradArray([1.0, 2.0]), GradArray([5.0, 7.0])
    out, step = np.linspace(start, stop, num, endpoint, retstep=True)
    np.testing.assert_allclose(out[0].numpy() + step.numpy(), out[1].numpy())
    count = num - 1 if endpoint else num
    np.testing.assert_allclose(gradients(step.sum(), stop), [1 / count] * 2)


@pytest.mark.parametrize("num, endpoint", [(1, True), (1, False), (0, True)])
def test_step_of_one_number_is_that_of_numpy(num, endpoint):
    options = {"endpoint": endpoint, "retstep": True}
    out, step = np.linspace(GradArray(1.0), 1.0, num, **options)
    expected, plain = np.linspace(1.0, 1.0, num, **options)
    np.testing.assert_array_equal(out.numpy(), expected)
    np.testing.assert_array_equal(step.numpy(), plain)
