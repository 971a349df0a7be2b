"""`tf.math.lgamma` and its derivative, and `tf.autodiff.ForwardAccumulator`."""

import math

import numpy as np
import pytest

from keratorch.compat.tf import tensorflow as tf


def test_lgamma_and_digamma_have_tensorflows_numbers():
    v = tf.Variable([-2.5, 0.3, 1.0, 5.0, 40.0])
    with tf.GradientTape() as tape:
        y = tf.math.lgamma(v)
    expected = [math.lgamma(x) for x in v.numpy().tolist()]
    np.testing.assert_allclose(y.numpy(), expected, rtol=1e-6, atol=1e-7)
    slopes = [1.1031568, -3.502524, -0.5772159, 1.5061177, 3.6763275]
    np.testing.assert_allclose(tape.gradient(y, v).numpy(), slopes, rtol=1e-6)
    np.testing.assert_allclose(tf.math.digamma(v).numpy(), slopes, rtol=1e-6)
    assert np.all(np.isinf(tf.math.lgamma([0.0, -1.0]).numpy()))
    beta = tf.math.lbeta([[1.0, 2.0], [3.0, 0.5]]).numpy()
    np.testing.assert_allclose(beta, [-0.6931472, 0.06453848], rtol=1e-6)


def test_forward_accumulator_multiplies_by_the_jacobian():
    v = tf.Variable([1.0, 2.0])
    with tf.autodiff.ForwardAccumulator(v, tf.constant([1.0, 0.5])) as forward:
        y = v * v * tf.reduce_sum(v)
    # J = diag(2 v s) + v**2 outer 1, s = 3
    np.testing.assert_allclose(forward.jvp(y).numpy(), [7.5, 12.0])
    assert forward.jvp(tf.constant(1.0)) is None
    assert float(forward.jvp(tf.constant(1.0), "zero")) == 0
    with pytest.raises(ValueError, match="shape of its primal"):
        tf.autodiff.ForwardAccumulator(v, tf.constant([1.0]))
