"""`tensorflow.experimental.numpy`, as TensorFlow 2.21 answers."""

import numpy as np
import pytest

import keratorch as keras


@pytest.fixture
def tnp(installed):
    import tensorflow.experimental.numpy

    return tensorflow.experimental.numpy


def test_functions_of_numpy_give_tensors(tnp):
    x = tnp.array([[1.0, 2.0], [3.0, 4.0]])
    assert (x.dtype, tnp.ones((2,)).dtype) == (np.float64, np.float64)
    assert isinstance(x, tnp.ndarray)
    assert tnp.sum(x, axis=0).numpy().tolist() == [4, 6]
    assert tnp.where(x > 2, x, 0.0).numpy().tolist() == [[0, 0], [3, 4]]
    assert [part.numpy().tolist() for part in tnp.split(x, 2)] == [[[1, 2]], [[3, 4]]]
    assert tnp.argmax(x, axis=1).dtype == np.int64
    assert tnp.random.rand(2, 3).numpy().shape == (2, 3)
    assert (tnp.pi, tnp.newaxis, tnp.float32) == (np.pi, None, np.float32)


def test_gradients_flow_through_them(tnp):
    import tensorflow as tf

    x = tf.Variable([1.0, 2.0])
    with tf.GradientTape() as tape:
        loss = tnp.sum(tnp.square(x) * tnp.exp(x))
    np.testing.assert_allclose(tape.gradient(loss, x), [8.154845, 59.11245], rtol=1e-6)


def test_layers_are_made_of_them(tnp):
    class Linear(keras.layers.Layer):
        def build(self, input_shape):
            self.w = self.add_weight(shape=(input_shape[-1], 2), initializer="ones")

        def call(self, inputs):
            return tnp.maximum(tnp.matmul(inputs, self.w), 0.0)

    inputs = keras.Input((3,))
    model = keras.Model(inputs, Linear()(inputs))
    model.compile("sgd", lambda t, p: tnp.mean(tnp.square(t - p), axis=0))
    model.fit(np.ones((4, 3)), np.zeros((4, 2)), verbose=0)
    np.testing.assert_allclose(model.get_weights()[0], 0.97, rtol=1e-6)
