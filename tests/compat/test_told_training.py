import numpy as np
import pytest

import keratorch as keras
from keratorch import layers


class Block(layers.Layer):
    """Doubles its inputs in training; `call` has no default for that."""

    def call(self, inputs, training):
        return inputs * (2.0 if training else 1.0)


class Around(keras.Model):
    def __init__(self):
        super().__init__()
        self.block = Block()

    def call(self, inputs):
        return self.block(inputs)


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("make", [Block, Around])
def test_layer_that_must_be_told_does_not_train_by_default(make):
    x = np.ones((2, 3))
    np.testing.assert_array_equal(make()(x).numpy(), x)
    inputs = keras.Input((3,))
    model = keras.Model(inputs, make()(inputs))
    np.testing.assert_array_equal(model.predict(x, verbose=0), x)


@pytest.mark.usefixtures("installed")
def test_layer_that_must_be_told_is_told_by_the_call_around():
    inputs = keras.Input((3,))
    model = keras.Model(inputs, Block()(inputs))
    out = model(np.ones((2, 3)), training=True)
    np.testing.assert_array_equal(out.numpy(), np.full((2, 3), 2))


def test_keras_3_wants_it_said():
    with pytest.raises(TypeError, match="'training'"):
        Block()(np.ones((2, 3)))
