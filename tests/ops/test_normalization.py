"""Normalization: what is taken together, and that the way to write it is no matter."""

import numpy as np
import pytest

from keratorch import GradArray, config, gradients, ops

X = np.random.default_rng(0).normal(size=(3, 4, 6))
VECTOR = np.random.default_rng(1).normal(size=6)


def test_batch_normalization_by_the_moments_standardizes_each_channel():
    mean, variance = ops.moments(X, axes=[0, 1])
    out = ops.batch_normalization(X, mean, variance, -1, epsilon=0).numpy()
    np.testing.assert_allclose(out.mean(axis=(0, 1)), 0, atol=1e-12)
    np.testing.assert_allclose(out.std(axis=(0, 1)), 1)


def test_fused_layer_normalization_equals_the_composed_one():
    upstream = np.random.default_rng(2).normal(size=X.shape)
    found = []
    for fused in (True, False):
        x, gamma, beta = GradArray(X), GradArray(VECTOR), GradArray(VECTOR + 1)
        if fused:
            out = ops.layer_normalization(x, gamma, beta, epsilon=0.1)
        else:
            mean, variance = x.mean(-1, keepdims=True), x.var(-1, keepdims=True)
            out = (x - mean) / np.sqrt(variance + 0.1) * gamma + beta
        slopes = gradients((out * upstream).sum(), [x, gamma, beta])
        found.append([out.numpy(), *slopes])
    for one, other in zip(*found, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-10, atol=1e-12)


def test_layer_normalization_of_an_inner_axis_scales_along_it():
    gamma = np.arange(1.0, 5.0)
    found = ops.layer_normalization(X, gamma, axis=1, epsilon=0)
    turned = ops.layer_normalization(X.swapaxes(1, 2), gamma, epsilon=0)
    np.testing.assert_allclose(found.numpy(), turned.numpy().swapaxes(1, 2))


def test_one_group_is_the_layer_and_six_are_the_instance():
    one = ops.group_normalization(X, 1, VECTOR)
    layer = ops.layer_normalization(X, axis=(1, 2), epsilon=1e-5)
    np.testing.assert_allclose(one.numpy(), layer.numpy() * VECTOR)
    six = ops.group_normalization(X, 6, VECTOR, VECTOR)
    instance = ops.instance_normalization(X, VECTOR, VECTOR)
    np.testing.assert_allclose(six.numpy(), instance.numpy())


def test_channels_may_come_first():
    for function, more in [
        (ops.group_normalization, (3, VECTOR)),
        (ops.instance_normalization, (VECTOR,)),
    ]:
        last = function(X, *more).numpy()
        turned = X.swapaxes(1, 2)
        first = function(turned, *more, data_format="channels_first").numpy()
        np.testing.assert_allclose(first, last.swapaxes(1, 2))


def test_epsilon_is_that_of_the_configuration_unless_given():
    x = np.array([[1e-3, -1e-3]])
    found = ops.layer_normalization(x).numpy()
    expected = x / np.sqrt(1e-6 + config.epsilon())
    np.testing.assert_allclose(found, expected)


def test_normalize_of_zeros_has_a_gradient():
    x = GradArray(np.zeros(3))
    ops.normalize(x).sum().backward()
    assert np.isfinite(x.grad).all()


@pytest.mark.parametrize("order", [1, 2, 3])
def test_normalized_vector_has_norm_one(order):
    found = ops.normalize(X, axis=1, order=order).numpy()
    np.testing.assert_allclose(np.linalg.norm(found, order, axis=1), 1)


def test_one_norm_of_all_numbers_is_that_of_the_flat_array():
    found = ops.normalize(X, axis=None, order=3).numpy()
    expected = X / np.linalg.norm(np.ravel(X), 3)
    np.testing.assert_allclose(found, expected)


def test_moments_of_halves_end_at_their_largest_number():
    x = np.array([-300.0, 700.0, 1500.0, -1100.0], np.float16)
    mean, variance = ops.moments(x, axes=[0])
    assert mean.dtype == variance.dtype == np.float16
    assert (mean.item(), variance.item()) == (200.0, np.finfo(np.float16).max)


def test_rms_scaling_divides_by_the_deviation_and_warns():
    with pytest.warns(UserWarning, match="rms_normalization"):
        found = ops.layer_normalization(
            X, VECTOR[:4], axis=1, epsilon=0, rms_scaling=True
        ).numpy()
    deviation = X.std(axis=1, keepdims=True)
    np.testing.assert_allclose(found, X / deviation * VECTOR[:4, None])


def test_one_number_scales_all():
    unit = ops.rms_normalization(X, axis=0)
    for scale in (3, np.float32(3), GradArray(3.0, requires_grad=True)):
        found = ops.rms_normalization(X, scale, axis=0)
        np.testing.assert_allclose(found.numpy(), 3 * unit.numpy())
    found.sum().backward()
    np.testing.assert_allclose(scale.grad, unit.numpy().sum(), atol=1e-12)


@pytest.mark.filterwarnings("ignore:layer_normalization")
def test_rms_scaling_refuses_a_beta():
    with pytest.raises(ValueError, match="adds no beta"):
        ops.layer_normalization(X, VECTOR, VECTOR, rms_scaling=True)


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: ops.moments(X, [0], synchronized=True), "several devices"),
        (
            lambda: ops.batch_normalization(X, VECTOR[:4], VECTOR, -1),
            r"mean must .*\(6",
        ),
        (lambda: ops.batch_normalization(X, VECTOR, VECTOR, 3), "axis 3 is out of"),
        (lambda: ops.layer_normalization(X, VECTOR[:1]), r"gamma .*shape \(6,\).*\(1,"),
        (lambda: ops.rms_normalization(X, VECTOR, axis=0), r"scale .*shape \(3,\)"),
        (lambda: ops.group_normalization(X, 4), "groups=4 for 6 channels"),
        (lambda: ops.normalize(X, order=0), "order must be an int >= 1"),
    ],
)
def test_mistake_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("shape", [(0, 3, 6), (0, 2, 3, 6)])
def test_an_empty_batch_stays_empty_and_gives_the_vectors_no_slope(shape):
    x, gamma, beta = GradArray(np.zeros(shape)), GradArray(VECTOR), GradArray(VECTOR)
    turned, one = np.moveaxis(x, -1, 1), np.ones(6)
    for out in (
        ops.group_normalization(x, 2, gamma, beta),
        ops.instance_normalization(x, gamma, beta),
        ops.layer_normalization(x, gamma, beta),
        np.moveaxis(ops.batch_normalization(turned, one, one, 1, beta, gamma), 1, -1),
    ):
        assert out.shape == shape
        dx, *slopes = gradients(out.sum(), [x, gamma, beta])
        assert dx.shape == shape
        np.testing.assert_array_equal(slopes, 0)
