"""Layers that users wrote for Keras 1 and TensorFlow 2."""

import numpy as np
import pytest

import keratorch as keras
from keratorch.compat import initializations

K = keras.backend
pytestmark = pytest.mark.usefixtures("quiet")


def test_add_weight_takes_the_name_first():
    layer = keras.layers.Layer()
    weight = layer.add_weight("kernel", (2, 3), "float32", "ones", use_resource=True)
    other = layer.add_variable("bias", shape=[3], initializer="zeros")
    assert (weight.name, weight.shape, other.name) == ("kernel", (2, 3), "bias")
    assert weight.numpy().sum() == 6


def test_trainable_weights_can_be_set():
    class Scale(keras.layers.Layer):
        def build(self, input_shape):
            init = initializations.get("one")
            self.gain = init(input_shape[-1:], name="gain")
            inner = [K.variable(np.zeros(2))]
            self.trainable_weights = [self.gain, *inner]
            self.non_trainable_weights = [K.variable(1.0)]

        def call(self, x, mask=None):
            return x * self.gain

    layer = Scale()
    assert layer(np.ones((2, 3))).shape == (2, 3)
    assert len(layer.trainable_weights) == 2
    assert len(layer.non_trainable_weights) == 1
    assert any(weight is layer.gain for weight in layer.trainable_weights)


def test_initializations_serve_layers_of_today():
    weight = keras.layers.Layer().add_weight((2,), initializations.get("one"))
    assert weight.numpy().tolist() == [1, 1]
    assert initializations.get(None) is None
    assert initializations.identity((2, 2), scale=3.0, name="I").numpy()[1, 1] == 3


def test_a_function_of_keras_1_is_an_initializer():
    dense = keras.layers.Dense(
        2, init=lambda shape, name: initializations.normal(shape, 0.01, name)
    )
    dense.build((None, 3))
    assert 0 < np.abs(dense.kernel.numpy()).max() < 0.1
