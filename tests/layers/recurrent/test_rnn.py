"""Recurrent layers: any cell, states, masks, dropout, and what does not fit."""

import numpy as np
import pytest

import keratorch as keras
from keratorch.layers import Layer
from keratorch.layers.recurrent import (
    GRU,
    LSTM,
    RNN,
    GRUCell,
    LSTMCell,
    SimpleRNN,
    SimpleRNNCell,
    StackedRNNCells,
)
from keratorch.masks import get_mask, set_mask
from keratorch.nested import flatten
from keratorch.symbolic import KerasTensor
from keratorch.testing import gradcheck

X = np.random.default_rng(0).normal(size=(2, 5, 3)).astype(np.float32)
MASK = np.array([[1, 1, 0, 1, 0], [1, 0, 1, 1, 1]], bool)
LAYERS = [SimpleRNN, LSTM, GRU]
each_layer = pytest.mark.parametrize("cls", LAYERS)


class Sums(Layer):
    """A cell that adds up its inputs and counts steps; the count is the output."""

    state_size = (3, 1)
    output_size = 1

    def call(self, inputs, states):
        total, count = states
        return count + 1, [total + inputs, count + 1]


class Minimal(Layer):
    """The cell of Keras's documentation, which has no output_size."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.state_size = units

    def build(self, input_shape):
        self.kernel = self.add_weight(
            shape=(input_shape[-1], self.units), name="kernel"
        )
        self.recurrent_kernel = self.add_weight(
            shape=(self.units, self.units), name="recurrent_kernel"
        )

    def call(self, inputs, states):
        output = inputs @ self.kernel + states[0] @ self.recurrent_kernel
        return output, [output]

    def get_config(self):
        return {**super().get_config(), "units": self.units}


class Plain:
    """A cell that is no layer, and knows its first state."""

    state_size = 3

    def get_initial_state(self, batch_size=None):
        return np.ones((batch_size, 3), np.float32)

    def call(self, inputs, states):
        return states[0] + inputs, [states[0] + inputs]


def test_any_cell_goes_through_time():
    outputs, total, count = RNN(Sums(), return_sequences=True, return_state=True)(X)
    assert outputs.numpy()[0, :, 0].tolist() == [1, 2, 3, 4, 5]
    np.testing.assert_allclose(total.numpy(), X.sum(axis=1), rtol=1e-5)
    assert count.shape == (2, 1)
    np.testing.assert_allclose(RNN(Plain())(X).numpy(), 1 + X.sum(axis=1), rtol=1e-5)


def test_masked_steps_keep_the_states_of_any_cell():
    layer = RNN(Sums(), return_sequences=True, return_state=True)
    outputs, total, count = layer(X, mask=MASK)
    assert outputs.numpy()[:, :, 0].tolist() == [[1, 2, 2, 3, 3], [1, 1, 2, 3, 4]]
    expected = np.where(MASK[..., None], X, 0).sum(axis=1)
    np.testing.assert_allclose(total.numpy(), expected, rtol=1e-5)
    assert count.numpy().ravel().tolist() == [3, 4]


def test_cell_of_the_documentation_has_weights_under_its_own_name():
    layer = RNN([Minimal(4), Minimal(2)], name="stack")
    assert layer(X).shape == (2, 2)
    assert [weight.shape for weight in layer.weights] == [
        (3, 4),
        (4, 4),
        (4, 2),
        (2, 2),
    ]
    paths = [weight.path.split("/") for weight in layer.weights]
    assert all(path[0] == "stack" and path[2].startswith("minimal") for path in paths)


def test_configuration_of_a_cell_of_a_user_needs_its_class():
    layer = RNN(Minimal(4), go_backwards=True)
    config = layer.get_config()
    again = RNN.from_config(config, custom_objects={"Minimal": Minimal})
    assert (again.cell.units, again.go_backwards) == (4, True)
    with pytest.raises(ValueError, match=r"unknown layer 'Minimal'.*custom_objects"):
        RNN.from_config(config)


@each_layer
def test_layer_is_the_rnn_of_its_cell(cls):
    layer = cls(4, return_sequences=True, return_state=True, activation="softsign")
    found = layer(X, mask=MASK)
    expected = RNN(layer.cell, return_sequences=True, return_state=True)(X, mask=MASK)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one.numpy(), other.numpy(), atol=1e-6)


@each_layer
def test_state_that_is_handed_over_continues_the_sequence(cls):
    layer = cls(4, return_state=True)
    whole = layer(X)
    _, *states = layer(X[:, :2])
    for given in (states, tuple(states)):
        for one, other in zip(layer(X[:, 2:], given), whole, strict=True):
            np.testing.assert_allclose(one.numpy(), other.numpy(), atol=1e-6)


@each_layer
def test_stateful_layer_goes_on_until_it_is_reset(cls):
    layer = cls(4, stateful=True)
    first, second = layer(X[:, :2]).numpy(), layer(X[:, 2:]).numpy()
    again = cls(4)
    again.build(X.shape)
    again.set_weights(layer.get_weights())
    np.testing.assert_allclose(second, again(X).numpy(), atol=1e-6)
    for reset in (layer.reset_states, layer.reset_state):
        reset()
        np.testing.assert_array_equal(layer(X[:, :2]).numpy(), first)
    assert len(layer.weights) == 3
    layer.reset_state([np.ones((2, 4))] * len(layer.states))
    assert np.all(layer.states[0].numpy() == 1)


def test_stateful_layer_needs_one_batch_size():
    with pytest.raises(ValueError, match=r"'s' is stateful.*batch_size=\.\.\."):
        LSTM(4, stateful=True, name="s").build((None, 5, 3))
    layer = LSTM(4, stateful=True)
    layer(X)
    with pytest.raises(ValueError, match=r"a batch of 2; received .*\(1, 5, 3\)"):
        layer(X[:1])


@each_layer
def test_unroll_changes_nothing(cls):
    layer = cls(4, seed=1)
    other = cls(4, unroll=True)
    other.build(X.shape)
    layer.build(X.shape)
    other.set_weights(layer.get_weights())
    np.testing.assert_array_equal(layer(X).numpy(), other(X).numpy())


@each_layer
def test_mask_travels_on_where_all_outputs_are_returned(cls):
    x = keras.GradArray(X)
    set_mask(x, MASK)
    outputs, *states = cls(4, return_sequences=True, return_state=True)(x)
    np.testing.assert_array_equal(get_mask(outputs), MASK)
    assert all(get_mask(state) is None for state in states)
    assert get_mask(cls(4)(x)) is None
    np.testing.assert_array_equal(cls(4, name="a").compute_mask(x, MASK), None)


def test_mask_of_parts_of_steps_skips_steps_without_any():
    parts = np.repeat(MASK[..., None], 3, axis=2)
    parts[..., 1:] = False
    layer = GRU(4)
    found = layer(X, mask=parts).numpy()
    np.testing.assert_array_equal(found, layer(X, mask=MASK).numpy())


# Dropout


@each_layer
@pytest.mark.parametrize(
    "rates",
    [
        {"dropout": 0.5},
        {"recurrent_dropout": 0.5},
        {"dropout": 0.4, "recurrent_dropout": 0.3},
    ],
    ids=["inputs", "state", "both"],
)
def test_dropout_acts_in_training_alone_and_repeats_with_its_seed(cls, rates):
    layer, plain = cls(4, **rates, seed=3), cls(4)
    for one in (layer, plain):
        one.build(X.shape)
    plain.set_weights(layer.get_weights())
    np.testing.assert_allclose(layer(X).numpy(), plain(X).numpy(), atol=1e-6)
    trained = layer(X, training=True).numpy()
    assert np.abs(trained - layer(X, training=True).numpy()).max() > 1e-4
    again = cls(4, **rates, seed=3)
    again.build(X.shape)
    again.set_weights(layer.get_weights())
    np.testing.assert_array_equal(again(X, training=True).numpy(), trained)


@each_layer
@pytest.mark.parametrize("rates", [(0.5, 0), (0, 0.5), (0.4, 0.3)])
def test_dropout_of_a_layer_is_that_of_its_cell(cls, rates):
    results = []
    for of_cell in (False, True):
        layer = cls(4, dropout=rates[0], recurrent_dropout=rates[1], seed=3)
        layer.build(X.shape)
        layer.set_weights(
            [np.linspace(-1, 1, w.size).reshape(w.shape) for w in layer.weights]
        )
        layer = RNN(layer.cell) if of_cell else layer
        x = keras.GradArray(X)
        outputs = layer(x, training=True)
        wanted = [x, *layer.weights]
        results.append([outputs.numpy(), *keras.gradients(outputs.sum(), wanted)])
    for one, other in zip(*results, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)


def test_one_mask_serves_all_steps_of_a_sequence():
    cell = SimpleRNNCell(3, activation=None, dropout=0.5, seed=1)
    cell.build_for((2, 3))
    cell.set_weights([np.eye(3), np.zeros((3, 3)), np.zeros(3)])
    outputs = RNN(cell, return_sequences=True)(np.ones((2, 4, 3)), training=True)
    steps = np.moveaxis(outputs.numpy(), 1, 0)
    assert set(np.unique(steps)) == {0, 2}
    np.testing.assert_array_equal(steps, np.broadcast_to(steps[0], steps.shape))


def test_each_gate_has_masks_of_its_own_with_recurrent_dropout():
    cell = LSTMCell(3, dropout=0.5, recurrent_dropout=0.5)
    masks = cell.get_dropout_mask(np.ones((2, 3)))
    assert cell.implementation == 1 and len(masks) == 4
    assert len(GRUCell(3, implementation=1, dropout=0.1).get_dropout_mask(X)) == 3
    assert LSTMCell(3, dropout=0.5).get_dropout_mask(X).shape == X.shape


# Gradients


@pytest.mark.parametrize("cell", [SimpleRNNCell, LSTMCell, GRUCell])
def test_derivatives_through_cells_are_right_to_second_order(cell):
    layer = RNN(cell(2, dtype="float64"), dtype="float64")
    layer.build((1, 3, 2))
    x = np.random.default_rng(1).normal(size=(1, 3, 2))
    assert gradcheck(lambda x: layer(x), x).ok


# Symbolic arrays


def test_call_of_a_subclass_may_take_arguments_of_its_own():
    class Scaled(GRU):
        def call(self, sequences, scale=1.0, **kwargs):
            return super().call(sequences * scale, **kwargs)

    x, layer = keras.Input((5, 3)), Scaled(4)
    model = keras.Model(x, layer(x, scale=0.5))
    np.testing.assert_allclose(model(X).numpy(), layer(X / 2).numpy(), rtol=1e-5)
    with pytest.raises(TypeError, match="unexpected.*'scale'"):
        GRU(4)(x, scale=0.5)


def test_shapes_of_symbolic_outputs_are_known():
    x = keras.Input((None, 3))
    outputs, h, c = LSTM(4, return_sequences=True, return_state=True)(x)
    assert (outputs.shape, h.shape, c.shape) == ((None, None, 4), (None, 4), (None, 4))
    decoded = GRU(4, return_sequences=True)(x, initial_state=h)
    assert isinstance(decoded, KerasTensor) and decoded.shape == (None, None, 4)
    stacked = RNN([LSTMCell(2), GRUCell(5)], return_state=True)
    shapes = [tensor.shape for tensor in flatten(stacked(x))]
    assert shapes == [(None, 5), (None, 2), (None, 2), (None, 5)]


def test_encoder_and_decoder_make_a_model():
    source, target = keras.Input((None, 3)), keras.Input((None, 2))
    _, *states = LSTM(4, return_state=True)(source)
    outputs = LSTM(4, return_sequences=True)(target, initial_state=states)
    model = keras.Model([source, target], outputs)
    y = np.random.default_rng(1).normal(size=(2, 6, 2)).astype(np.float32)
    encoder, decoder = [one for one in model.layers if isinstance(one, LSTM)]
    _, *first = encoder(X)
    expected = decoder(y, initial_state=first).numpy()
    np.testing.assert_allclose(model.predict([X, y], verbose=0), expected, atol=1e-6)


# What does not fit


@each_layer
@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"units": 0}, "units must be a positive integer; received 0"),
        ({"units": 2.5}, "units must be a positive integer; received 2.5"),
        ({"units": 2, "dropout": 1.5}, "from 0 to 1; received 1.5"),
        ({"units": 2, "recurrent_dropout": -1}, "from 0 to 1; received -1"),
        ({"units": 2, "activation": "tahn"}, "Did you mean 'tanh'"),
    ],
)
def test_argument_outside_its_range_is_named(cls, arguments, message):
    with pytest.raises(ValueError, match=message):
        cls(**arguments)


@each_layer
def test_inputs_that_do_not_fit_are_named(cls):
    layer = cls(4, name="r")
    with pytest.raises(
        ValueError, match=r"'r' expects .*\(batch, time, features\).*\(2, 3"
    ):
        layer(X[:, 0])
    layer(X)
    with pytest.raises(
        ValueError, match=r"\(batch, time, 3\); received shape \(2, 5, 2"
    ):
        layer(X[..., :2])
    with pytest.raises(ValueError, match=r"one time step or more; .*\(2, 0, 3\)"):
        layer(X[:, :0])
    with pytest.raises(ValueError, match=r"a mask of shape \(batch, time\) = \(2, 5\)"):
        layer(X, mask=MASK[:, :2])
    with pytest.raises(ValueError, match=r"initial_state of shapes .*\(2, 4\).*\(2, 3"):
        layer(X, initial_state=[np.ones((2, 3))])


def test_layers_without_meaning_here_are_refused():
    with pytest.raises(ValueError, match=r"use_cudnn must be .*received 'no'"):
        LSTM(4, use_cudnn="no")
    with pytest.raises(ValueError, match=r"implementation must be 1 or 2; received 3"):
        GRU(4, implementation=3)
    with pytest.raises(ValueError, match=r"state_size"):
        RNN(keras.layers.Dense(3))
    with pytest.raises(ValueError, match=r"a cell must have"):
        RNN(LSTMCell)
    with pytest.raises(ValueError, match=r"one cell or more"):
        StackedRNNCells([])
    with pytest.raises(TypeError, match=r"LSTM does not know the argument 'unit'"):
        LSTM(4, unit=3)


def test_implementation_of_older_files_computes_as_the_default():
    layer = GRU(4, seed=0)
    expected = layer(X)
    older = GRU.from_config({**layer.get_config(), "implementation": 0})
    older(X)
    older.set_weights(layer.get_weights())
    np.testing.assert_array_equal(older(X).numpy(), expected.numpy())
