"""New arrays: their dtype, and gradients to what they are made of."""

import numpy as np
import pytest

from keratorch import GradArray, config, ops


@pytest.mark.parametrize("floatx", ["float32", "float64"])
def test_new_arrays_have_the_dtype_of_the_configuration(floatx):
    before = config.floatx()
    config.set_floatx(floatx)
    try:
        new = [ops.zeros(2), ops.ones(2), ops.full(2, 3), ops.eye(2), ops.identity(2)]
        new += [ops.tri(2), ops.empty(2), ops.linspace(0, 1, 3), ops.logspace(0, 1, 3)]
        new += [ops.geomspace(1, 2, 3), ops.arange(0.5, 2), ops.hanning(3)]
        assert {x.dtype for x in new} == {np.dtype(floatx)}
    finally:
        config.set_floatx(before)
    assert ops.arange(3).dtype == np.int32
    assert ops.zeros(2, "int8").dtype == np.int8


def test_arrays_given_keep_their_dtype():
    assert ops.linspace(np.zeros(2), 1.0, 3).dtype == np.float64


@pytest.mark.parametrize("endpoint", [True, False])
@pytest.mark.parametrize("axis", [0, -1])
def test_gradients_flow_to_both_ends_of_linspace(endpoint, axis):
    start, stop = GradArray([0.0, 1.0]), GradArray(3.0)
    out, step = ops.linspace(start, stop, 4, endpoint, retstep=True, axis=axis)
    expected = np.linspace([0.0, 1.0], 3.0, 4, endpoint, retstep=True, axis=axis)
    np.testing.assert_allclose(out.numpy(), expected[0])
    np.testing.assert_allclose(step.numpy(), expected[1])
    out.sum().backward()
    share = np.linspace(0, 1, 4, endpoint).sum()
    np.testing.assert_allclose(start.grad, [4 - share] * 2)
    np.testing.assert_allclose(stop.grad, 2 * share)


def test_gradient_flows_to_what_fills():
    x = GradArray(3.0)
    ops.full((2, 2), x).sum().backward()
    assert x.grad == 4
