"""Layers that users wrote for Keras 0: `get_output`, and `build` without a shape."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import backend as K  # noqa: N812
from keratorch.compat.layers import initializations

pytestmark = pytest.mark.usefixtures("quiet")
X = np.random.default_rng(0).random((8, 3)).astype("float32")


class Linear(keras.layers.Layer):
    def __init__(self, output_dim, **kwargs):
        super().__init__(**kwargs)
        self.output_dim = output_dim

    def build(self):
        shape = (self.input_shape[1], self.output_dim)
        self.W = initializations.get("one")(shape)
        self.b = K.zeros((self.output_dim,))
        self.params = [self.W, self.b]

    @property
    def output_shape(self):
        return (self.input_shape[0], self.output_dim)

    def get_output(self, train=False):
        x = self.get_input(train)
        return K.dot(x, self.W) + self.b + (100.0 if train else 0.0)


def test_such_a_layer_computes_and_learns():
    model = keras.Sequential([keras.layers.Dense(4, input_dim=3), Linear(2)])
    first = model.layers[0](X).numpy()
    np.testing.assert_allclose(
        model.predict(X, verbose=0), first.sum(1, keepdims=True) * [1, 1], rtol=1e-5
    )
    layer = model.layers[1]
    assert layer.output_shape == model.output_shape == (None, 2)
    assert [w.shape for w in layer.trainable_weights] == [(4, 2), (2,)]
    model.compile("sgd", "mse")
    before = layer.get_weights()
    model.fit(X, np.ones((8, 2)), verbose=0)
    assert not np.array_equal(before[0], layer.get_weights()[0])


def test_it_is_told_whether_it_trains():
    layer = Linear(1)
    told = [float(layer(X[:1], training=t).numpy().item()) for t in (False, True)]
    assert told[1] == pytest.approx(told[0] + 100)
    assert layer(X[:1]).numpy().item() == pytest.approx(told[0])


def test_a_call_of_its_own_comes_first():
    class Both(Linear):
        def call(self, x):
            return x * 2

    class Called(keras.layers.Layer):
        def call(self, x):
            return x * 2

        def get_output(self, train=False):
            raise AssertionError

    np.testing.assert_array_equal(Called()(X).numpy(), X * 2)
    np.testing.assert_array_equal(Both(1)(X).numpy(), X * 2)


def test_inputs_are_symbols_outside_of_calls():
    layer = Linear(2)
    x = keras.Input((3,))
    layer(x)
    assert layer.get_input() is x
    assert layer.input_shape == (None, 3)
