"""The first layer of a Sequential may be given the symbol of its input."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import layers

pytestmark = pytest.mark.usefixtures("quiet")
K = keras.backend


def test_gradients_of_the_symbol_are_those_of_the_input():
    dream = K.placeholder((1, 4, 4, 3))
    first = layers.ZeroPadding2D((1, 1), input_shape=(4, 4, 3))
    first.input = dream
    model = keras.Sequential()
    model.add(first)
    model.add(layers.Conv2D(2, 3))
    assert first.input is dream and model.input is dream
    assert len(model.layers) == 2
    loss = K.sum(K.square(model.layers[1].get_output())) + K.sum(dream)
    grads = K.gradients(loss, dream)
    x = np.random.default_rng(0).random((1, 4, 4, 3)).astype("float32")
    value, found = K.function([dream], [loss, *grads])([x])
    assert value > 0 and found.shape == x.shape
    step = np.zeros_like(x)
    step[0, 1, 2, 0] = 0.01
    after, _ = K.function([dream], [loss, *grads])([x + step])
    before, _ = K.function([dream], [loss, *grads])([x - step])
    assert (after - before) / 0.02 == pytest.approx(found[0, 1, 2, 0], rel=0.01)


def test_a_computed_symbol_is_refused():
    with pytest.raises(NotImplementedError, match="must be keras.Input"):
        layers.Dense(2, name="d").input = keras.Input((3,)) * 2


def test_a_layer_that_was_given_nothing_says_its_input():
    layer = layers.Dense(2)
    x = keras.Input((3,))
    layer(x)
    assert layer.input is x
    with pytest.raises(AttributeError):
        _ = layers.Dense(2).input
