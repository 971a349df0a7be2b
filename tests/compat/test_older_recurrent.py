"""Recurrent layers of one's own in the way of Keras 1 and 2.0: they define `step`."""

import numpy as np
import pytest

import keratorch as keras
from keratorch.layers import Dense, Input, Recurrent
from keratorch.layers.recurrent import _time_distributed_dense
from keratorch.models import Model, Sequential

K = keras.backend
pytestmark = pytest.mark.usefixtures("quiet")

X = np.random.default_rng(0).random((4, 5, 3)).astype("float32")


class Summing(Recurrent):
    units = 3

    def step(self, inputs, states):
        total = states[0] + inputs
        return total, [total]


def test_steps_are_taken_from_zeros():
    np.testing.assert_allclose(Summing()(X).numpy(), X.sum(axis=1), rtol=1e-6)
    totals = Summing(return_sequences=True)(X).numpy()
    np.testing.assert_allclose(totals, X.cumsum(axis=1), rtol=1e-6)
    output, state = Summing(return_state=True, go_backwards=True)(X)
    np.testing.assert_array_equal(output.numpy(), state.numpy())


def test_states_are_kept_until_they_are_reset():
    layer = Summing(stateful=True)
    layer(X)
    np.testing.assert_allclose(layer(X).numpy(), 2 * X.sum(axis=1), rtol=1e-6)
    layer.reset_states()
    np.testing.assert_allclose(layer(X).numpy(), X.sum(axis=1), rtol=1e-6)
    layer.reset_states([np.ones((4, 3))])
    np.testing.assert_allclose(layer(X).numpy(), 1 + X.sum(axis=1), rtol=1e-6)


def test_states_may_be_given():
    given = Summing()(X, initial_state=np.ones((4, 3)))
    np.testing.assert_allclose(given.numpy(), 1 + X.sum(axis=1), rtol=1e-6)


class Weighted(Recurrent):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], self.units), name="w")
        self.built = True

    def preprocess_input(self, inputs, training=None):
        return _time_distributed_dense(inputs, self.kernel)

    def get_constants(self, inputs, training=None):
        return [K.ones((1, self.units)) * 2]

    def step(self, inputs, states):
        before, factor = states
        output = K.tanh(inputs + before * factor)
        return output, [output]

    def compute_output_shape(self, input_shape):
        return input_shape[0], self.units


def test_they_train_behind_a_mask():
    model = Sequential([keras.layers.Masking(input_shape=(5, 3)), Weighted(2)])
    model.add(Dense(1))
    model.compile("sgd", "mse")
    padded = X * (np.arange(5) < 3)[:, None]
    before = model.get_weights()[0]
    model.fit(padded, X[:, 0, 0], verbose=0)
    assert not np.array_equal(model.get_weights()[0], before)
    np.testing.assert_allclose(
        model.predict(padded, verbose=0), model.predict(padded, verbose=0)
    )
    x = Input((5, 3))
    unpadded = Model(x, model.layers[2](model.layers[1](x)))
    shorter = unpadded.layers[1](X[:, :3])
    longer = unpadded.layers[1](padded)
    assert not np.allclose(shorter.numpy(), longer.numpy())


def test_dense_of_each_time_adds_a_bias_and_drops():
    w, b = np.ones((3, 2), "float32"), np.ones(2, "float32")
    np.testing.assert_allclose(
        K.eval(_time_distributed_dense(X, w, b=b)), X @ w + 1, rtol=1e-6
    )
    K.set_learning_phase(1)
    try:
        dropped = K.eval(_time_distributed_dense(X, w, dropout=0.9))
    finally:
        K.clear_session()
    assert not np.allclose(dropped, X @ w)


def test_a_step_must_be_defined():
    class Empty(Recurrent):
        units = 2

    with pytest.raises(NotImplementedError, match=r"has no step\("):
        Empty()(X)


def test_its_arguments_are_described():
    assert Summing(return_sequences=True).get_config()["return_sequences"]


class OfKeras1(Recurrent):
    """A sequence, and a vector that each step adds: Keras 1's names all along."""

    def __init__(self, output_dim, **kwargs):
        self.output_dim = output_dim
        super().__init__(**kwargs)

    def build(self, input_shape):
        self.W = K.variable(np.ones((input_shape[0][2], self.output_dim)))
        self.trainable_weights = [self.W]

    def get_initial_states(self, x):
        return super().get_initial_states(x[0])

    def preprocess_input(self, x):
        return x[0]

    def get_constants(self, x):
        return [x[1]]

    def compute_mask(self, input, mask):
        return None

    def get_output_shape_for(self, input_shape):
        return super().get_output_shape_for(input_shape[0])

    def step(self, x, states):
        h = states[0] + K.dot(x, self.W) + states[1]
        return h, [h]


def test_the_width_may_be_called_output_dim():
    sequence, vector = Input((5, 3)), Input((2,))
    layer = OfKeras1(2, return_sequences=True, consume_less="mem")
    outputs = Dense(1)(layer([sequence, vector]))
    model = Model(input=[sequence, vector], output=outputs)
    assert layer.output_shape == (None, 5, 2) and layer.consume_less == "mem"
    assert layer.get_output_shape_for([(4, 5, 3), (4, 2)]) == (4, 5, 2)
    assert model.predict([X, np.ones((4, 2))], verbose=0).shape == (4, 5, 1)
    model.compile("sgd", "mse")
    model.fit([X, np.ones((4, 2))], np.ones((4, 5, 1)), nb_epoch=1, verbose=0)


def test_the_shape_may_be_said_by_input_dim():
    model = Sequential([Weighted(2, input_dim=3, input_length=5), Dense(1)])
    assert model.input_shape == (None, 5, 3) and model.output_shape == (None, 1)
