"""Bidirectional, TimeDistributed and Wrapper: what they make of a layer."""

import numpy as np
import pytest

import keratorch as keras
from keratorch.layers import BatchNormalization, Dense, Dropout, Embedding, Layer
from keratorch.layers.recurrent import (
    GRU,
    LSTM,
    RNN,
    Bidirectional,
    ConvLSTM2D,
    LSTMCell,
    SimpleRNN,
    TimeDistributed,
    Wrapper,
)

X = np.random.default_rng(0).normal(size=(2, 4, 3)).astype(np.float32)


def test_both_layers_are_new_ones_with_the_names_of_keras():
    inner = LSTM(4, name="inner", dropout=0.1)
    layer = Bidirectional(inner)
    assert layer.forward_layer is not inner
    assert layer.forward_layer.name == "forward_inner"
    assert layer.backward_layer.name == "backward_inner"
    assert layer.backward_layer.go_backwards and layer.backward_layer.dropout == 0.1


def test_bidirectional_takes_a_cell_of_a_user_without_registration():
    class Mine(LSTMCell):
        pass

    layer = Bidirectional(RNN(Mine(4)))
    assert type(layer.backward_layer.cell) is Mine
    assert layer(X).shape == (2, 8)


def test_bidirectional_begins_with_given_weights():
    first = Bidirectional(GRU(2))
    first(X)
    again = Bidirectional(GRU(2), weights=first.get_weights())
    np.testing.assert_array_equal(again(X).numpy(), first(X).numpy())


def test_bidirectional_symbolic_outputs_have_the_shapes_of_real_ones():
    x = keras.Input((4, 3), batch_size=2)
    for mode in ("concat", "sum", None):
        for arguments in ({}, {"return_sequences": True}, {"return_state": True}):
            layer = Bidirectional(LSTM(4, **arguments), merge_mode=mode)
            real, symbolic = layer(X), layer(x)
            if not isinstance(real, tuple):
                real, symbolic = [real], [symbolic]
            assert [one.shape for one in real] == [one.shape for one in symbolic]


def test_bidirectional_state_is_reset_and_handed_over():
    layer = Bidirectional(GRU(2, stateful=True))
    first, second = layer(X).numpy(), layer(X).numpy()
    assert np.abs(first - second).max() > 1e-4
    assert len(layer.states) == 2
    layer.reset_state()
    np.testing.assert_array_equal(layer(X).numpy(), first)
    with pytest.raises(AttributeError, match="keeps no state"):
        Bidirectional(GRU(2)).reset_states()
    with pytest.raises(ValueError, match=r"initial_state .*received 3"):
        Bidirectional(GRU(2))(X, initial_state=[np.zeros((2, 2))] * 3)


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"layer": Dense(3)}, "recurrent layer such as LSTM"),
        ({"layer": LSTM}, "the class LSTM"),
        ({"layer": LSTM(3), "merge_mode": "add"}, "merge_mode .*received 'add'"),
        ({"layer": LSTM(3), "backward_layer": LSTM(3)}, "go_backwards=False"),
        (
            {
                "layer": LSTM(3, return_sequences=True),
                "backward_layer": LSTM(3, go_backwards=True),
            },
            "same return_sequences; received True and False",
        ),
    ],
)
def test_bidirectional_of_what_does_not_go_together_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        Bidirectional(**arguments)


def test_time_distributed_is_the_layer_at_each_time():
    inner = Dense(2)
    outputs = TimeDistributed(inner)(X).numpy()
    for t in range(4):
        np.testing.assert_allclose(outputs[:, t], inner(X[:, t]).numpy(), atol=1e-6)


def test_time_distributed_treats_steps_one_by_one_where_samples_mix():
    layer = TimeDistributed(BatchNormalization())
    outputs = layer(X, training=True).numpy()
    np.testing.assert_allclose(outputs.mean(axis=0), 0, atol=1e-5)

    class Centred(Layer):
        def call(self, inputs):
            return inputs - inputs.mean(axis=0)

    found = TimeDistributed(Centred())(X).numpy()
    np.testing.assert_allclose(found, X - X.mean(axis=0), atol=1e-6)


def test_time_distributed_keeps_integers():
    layer = TimeDistributed(Embedding(5, 3))
    ids = np.array([[[0, 1], [2, 4]]])
    assert layer(ids).shape == (1, 2, 2, 3)
    symbolic = layer(keras.Input((2, 2), dtype="int32"))
    assert symbolic.shape == (None, 2, 2, 3)


def test_time_distributed_hands_each_step_its_part_of_the_mask():
    mask = np.random.default_rng(1).random((2, 4, 5)) < 0.7
    x = np.random.default_rng(2).normal(size=(2, 4, 5, 3)).astype(np.float32)
    inner = GRU(2)
    outputs = TimeDistributed(inner)(x, mask=mask).numpy()
    for t in range(4):
        expected = inner(x[:, t], mask=mask[:, t]).numpy()
        np.testing.assert_allclose(outputs[:, t], expected, atol=1e-6)
    with pytest.raises(ValueError, match=r"begins with \(batch, time\) = \(2, 4\)"):
        TimeDistributed(Dense(2))(X, mask=np.ones((2, 3), bool))


def test_time_distributed_passes_training_on():
    layer = TimeDistributed(Dropout(0.5, seed=1))
    ones = np.ones((2, 3, 50))
    assert np.all(layer(ones).numpy() == 1)
    assert set(np.unique(layer(ones, training=True).numpy())) == {0, 2}


def test_time_distributed_needs_a_time_axis():
    with pytest.raises(ValueError, match=r"\(batch, time, \.\.\.\).*\(2, 3\)"):
        TimeDistributed(Dense(2))(X[:, 0])


def test_wrapper_needs_a_layer():
    for value in ("dense", Dense):
        with pytest.raises(
            ValueError, match="Wrapper: layer must be a keratorch layer"
        ):
            Wrapper(value)


def test_wrapper_builds_and_describes_its_layer():
    layer = Wrapper(Dense(3, name="d"), name="w")
    layer.build((None, 4))
    assert [weight.path for weight in layer.weights] == ["w/d/kernel", "w/d/bias"]
    again = Wrapper.from_config(layer.get_config())
    assert (again.layer.units, again.layer.name) == (3, "d")


def test_conv_lstm_says_what_it_needs():
    layer = ConvLSTM2D(2, 3, name="c")
    with pytest.raises(ValueError, match=r"\(batch, time, height, width, channels\)"):
        layer(np.ones((2, 5, 5, 1)))
    with pytest.raises(ValueError, match="needs to know the spatial axes"):
        layer.build((None, 3, None, 5, 1))
    with pytest.raises(ValueError, match="Use padding='same'"):
        layer(np.ones((1, 2, 2, 2, 1)))
    with pytest.raises(ValueError, match="padding must be"):
        ConvLSTM2D(2, 3, padding="causal")


def test_conv_lstm_drops_in_training_alone():
    x = np.ones((2, 3, 4, 4, 1), np.float32)
    layer = ConvLSTM2D(2, 3, dropout=0.5, recurrent_dropout=0.5, seed=1)
    assert np.abs(layer(x).numpy() - layer(x).numpy()).max() == 0
    first, second = (layer(x, training=True).numpy() for _ in range(2))
    assert np.abs(first - second).max() > 1e-4


@pytest.mark.parametrize("use_cudnn", [True, False, "auto"])
def test_both_directions_say_use_cudnn_as_the_layer(use_cudnn):
    both = Bidirectional(LSTM(2, use_cudnn=use_cudnn))
    assert both.forward_layer.use_cudnn is both.backward_layer.use_cudnn is use_cudnn
    assert not hasattr(Bidirectional(SimpleRNN(2)).forward_layer, "use_cudnn")
