import numpy as np
import pytest

import keratorch as keras
from keratorch import layers
from keratorch.compat import dialect


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


class Normalized(keras.Model):
    """Its `call` has no `training`."""

    def __init__(self):
        super().__init__()
        self.normalize = layers.BatchNormalization(momentum=0.5)

    def call(self, inputs):
        return self.normalize(inputs)


def moved():
    """Return the running mean after a step on samples of mean 3."""
    model = Normalized()
    model.compile("sgd", "mse")
    model.fit(np.array([[2.0], [4.0]]), np.zeros((2, 1)), verbose=0)
    return float(model.normalize.moving_mean.numpy().item())


@pytest.mark.usefixtures("installed")
def test_layers_train_in_fit_though_the_model_has_no_training():
    assert moved() == pytest.approx(1.5)  # as in tf_keras 2.21
    dialect.read("from keras import ops")
    with pytest.warns(UserWarning, match="call has no parameter `training`"):
        assert moved() == 0  # as in Keras 3
