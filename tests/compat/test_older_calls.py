import importlib

import numpy as np
import pytest

import keratorch as keras
from keratorch import Input, layers, regularizers
from keratorch.compat import dialect
from keratorch.models import Model

K = keras.backend
pytestmark = pytest.mark.usefixtures("quiet")
X = np.random.default_rng(0).random((4, 6, 3)).astype("float32")


def causal():
    class Causal(layers.AtrousConvolution1D):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.before = self.atrous_rate * (self.filter_length - 1)

        def get_output_shape_for(self, input_shape):
            steps = input_shape[1] + self.before
            return super().get_output_shape_for((input_shape[0], steps, input_shape[2]))

        def call(self, x, mask=None):
            padded = K.asymmetric_temporal_padding(x, self.before, 0)
            return super().call(padded, mask)

    return Causal(5, 2, atrous_rate=2)


def test_own_layers_say_shapes_and_call_their_base_with_a_mask():
    inputs = Input((6, 3))
    layer = causal()
    outputs = layer(inputs)
    assert outputs.shape == (None, 6, 5)
    model = Model(inputs, outputs)
    same = layers.Conv1D(5, 2, dilation_rate=2, padding="causal")
    same.build((None, 6, 3))
    same.set_weights(layer.get_weights())
    np.testing.assert_allclose(
        model.predict(X, verbose=0), same(X).numpy(), rtol=1e-5, atol=1e-6
    )
    assert layer.get_output_shape_for((None, 4, 3)) == (None, 4, 5)
    assert layers.Dense(2).get_output_shape_for((None, 3)) == (None, 2)


def test_a_loss_may_come_with_the_inputs_that_it_is_of():
    class Penalized(layers.Dense):
        def call(self, inputs):
            self.add_loss(K.sum(inputs), inputs)
            return super().call(inputs)

    layer = Penalized(2)
    layer(X)
    assert layer.losses[0].item() == pytest.approx(X.sum(), rel=1e-5)


def test_a_penalty_may_make_a_loss_larger():
    class OfOutputs(regularizers.ActivityRegularizer):
        def __init__(self, factor):
            self.factor = factor

        def __call__(self, loss):
            units = self.layer.units
            return loss + self.factor * units * K.sum(K.square(self.layer.output))

    class OfWeights(regularizers.WeightRegularizer):
        def __init__(self):
            pass

        def __call__(self, loss):
            return loss + K.sum(K.abs(self.p))

    layer = layers.Dense(
        2, W_regularizer=OfWeights(), activity_regularizer=OfOutputs(3)
    )
    found = layer(X[:, 0])
    kernel, outputs = np.asarray(layer.kernel), found.numpy()
    assert sorted(loss.item() for loss in layer.losses) == pytest.approx(
        sorted([np.abs(kernel).sum(), 6 * (outputs**2).sum() / 4]), rel=1e-5
    )


def test_theano_is_a_backend_of_the_past(installed):
    dialect.read("os.environ['KERAS_BACKEND'] = 'theano'")
    assert dialect.is_older()
    dialect.read("os.environ['KERAS_BACKEND'] = 'jax'")
    assert not dialect.is_older()
    dialect.forget()


def test_a_wrapper_of_ones_own_knows_the_shape_it_was_built_for():
    class AtOnce(layers.TimeDistributed):
        def call(self, x, mask=None):
            steps, features = self.input_spec[0].shape[1:]
            y = self.layer.call(K.reshape(x, (-1, features)), mask)
            return K.reshape(y, (-1, steps, *self.get_output_shape_for(x.shape)[2:]))

    dense = layers.Dense(2)
    found = AtOnce(dense)(X).numpy()
    np.testing.assert_allclose(found, dense(X).numpy(), rtol=1e-5)
    assert layers.TimeDistributed(layers.Dense(2)).input_spec is None


@pytest.mark.parametrize("name", ["glorot_uniform", "lecun_uniform", "orthogonal"])
def test_initializations_make_variables(name):
    module = importlib.import_module("keratorch.initializations")
    made = getattr(module, name)((4, 4), name="kernel")
    assert made.shape == (4, 4) and made.name == "kernel"
    assert module.get_fans((5, 2, 3, 3)) == module.get_fans((3, 3, 2, 5), "tf")
