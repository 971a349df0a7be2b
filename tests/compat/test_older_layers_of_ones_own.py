"""Layers that users wrote for Keras 1 and TensorFlow 2."""

import numpy as np
import pytest

import keratorch as keras
from keratorch.compat.layers import initializations

K = keras.backend
pytestmark = pytest.mark.usefixtures("quiet")


def test_add_weight_takes_the_name_first():
    layer = keras.layers.Layer()
    weight = layer.add_weight("kernel", (2, 3), "float32", "ones", use_resource=True)
    other = layer.add_variable("bias", shape=[3], initializer="zeros")
    assert (weight.name, weight.shape, other.name) == ("kernel", (2, 3), "bias")
    assert weight.numpy().sum() == 6


def test_add_weight_takes_the_name_third():
    layer = keras.layers.Layer()
    limit = keras.constraints.NonNeg()
    weight = layer.add_weight((2, 3), "one", "my_W", False, None, limit)
    assert (weight.name, weight.numpy().sum(), weight.trainable) == ("my_W", 6, False)
    assert weight.constraint is limit
    assert layer.add_weight((2,), "zero", "b").name == "b"
    typed = layer.add_weight((2,), "zero", "float64", False)
    assert (typed.dtype, typed.trainable) == ("float64", False)


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


def test_a_convolution_tells_its_base_the_rank():
    class Normed(keras.layers.Conv2D):
        def __init__(self, filters, kernel_size, **kwargs):
            super(keras.layers.Conv2D, self).__init__(
                rank=2, filters=filters, kernel_size=kernel_size, **kwargs
            )

    class Upwards(keras.layers.Conv2DTranspose):
        def __init__(self, *args):
            super(keras.layers.Conv2DTranspose, self).__init__(*args, rank=2)

    images = np.ones((1, 6, 6, 1))
    assert Normed(3, 3, strides=2, input_shape=(6, 6, 1))(images).shape == (1, 2, 2, 3)
    assert Upwards(3, 3)(images).shape == (1, 8, 8, 3)


def test_the_base_of_convolutions_takes_the_rank_first(installed):
    from keras.layers.convolutional import _Conv
    from keras.layers.convolutional.base_conv import BaseConv

    class Line(_Conv):
        def __init__(self, filters, kernel_size, **kwargs):
            super().__init__(1, filters, kernel_size, **kwargs)

    assert issubclass(_Conv, BaseConv)
    layer = Line(4, 3, padding="same")
    assert layer(np.ones((2, 5, 3))).shape == (2, 5, 4)
    assert (layer.rank, layer.kernel_size) == (1, (3,))
