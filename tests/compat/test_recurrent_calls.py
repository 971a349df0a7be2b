import numpy as np
import pytest

import keratorch as keras
from keratorch import layers
from keratorch.compat import dialect

pytestmark = pytest.mark.usefixtures("installed")

RNG = np.random.default_rng(5)
X = RNG.random((2, 4, 3)).astype("float32")
X[0, 2:] = 0
STATES = [RNG.random((2, 5)).astype("float32") for _ in range(2)]


def symbols():
    return keras.Input((4, 3)), [keras.Input((5,)), keras.Input((5,))]


def test_first_states_may_stand_behind_the_inputs():
    layer, (x, states) = layers.LSTM(5), symbols()
    model = keras.Model([x, *states], layer([x, *states]))
    expected = layer(X, initial_state=STATES).numpy()
    np.testing.assert_allclose(model([X, *STATES]).numpy(), expected, rtol=1e-6)
    np.testing.assert_allclose(layer([X, *STATES]).numpy(), expected, rtol=1e-6)


def test_a_list_of_arrays_of_one_rank_is_no_list_of_states():
    with pytest.raises(ValueError, match="one array"):
        layers.LSTM(5)([X, X])


@pytest.mark.parametrize("wrap", [lambda x: x, layers.Bidirectional])
def test_first_states_leave_the_mask_alone_in_older_scripts(wrap):
    layer, (x, states) = wrap(layers.LSTM(5)), symbols()
    given = states * (2 if isinstance(layer, layers.Bidirectional) else 1)
    model = keras.Model([x, *states], layer(layers.Masking()(x), initial_state=given))
    short = [X[:1, :2], *(state[:1] for state in STATES)]
    expected = layer(short[0], initial_state=short[1:] * (len(given) // 2)).numpy()
    found = model([X, *STATES]).numpy()[:1]
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-7)


def test_today_the_mask_must_be_given_beside_first_states():
    keras.compat.uninstall()
    layer, masked = layers.LSTM(5), layers.Masking()(X)
    np.testing.assert_allclose(
        layer(masked, initial_state=STATES).numpy(),
        layer(X, initial_state=STATES).numpy(),
    )
    keras.compat.install()


@pytest.mark.parametrize("x", [X, keras.Input((4, 3))])
def test_states_of_zeros_are_asked_for_by_the_inputs(x):
    found = layers.GRU(5).get_initial_state(x)
    assert [tuple(state.shape) for state in found] == [(x.shape[0], 5)]


def test_the_layer_of_a_bidirectional_is_the_one_that_reads_forth():
    layer = layers.Bidirectional(layers.GRU(5))
    assert layer.layer is layer.forward_layer


def test_implementation_is_an_argument_of_every_recurrent_layer():
    assert layers.SimpleRNN(5, implementation=2).units == 5


def test_states_of_stacked_cells_stand_alone_where_a_cell_has_one():
    gru = layers.RNN([layers.GRUCell(5), layers.GRUCell(4)], return_state=True)
    out, *states = gru(X)
    assert [state.shape for state in states] == [(2, 5), (2, 4)]
    np.testing.assert_array_equal(states[-1].numpy(), out.numpy())
    lstm = layers.RNN([layers.LSTMCell(5), layers.LSTMCell(4)], return_state=True)
    _, *states = lstm(X)
    assert [[x.shape for x in pair] for pair in states] == [[(2, 5)] * 2, [(2, 4)] * 2]
    symbol = keras.Input((4, 3))
    model = keras.Model(symbol, gru(symbol))
    assert [x.shape for x in model.predict(X, verbose=0)] == [(2, 4), (2, 5), (2, 4)]


def test_a_cell_of_ones_own_may_derive_from_that_of_tensorflow():
    class Sums(layers.AbstractRNNCell):
        def __init__(self, units, **kwargs):
            self.units = units
            super().__init__(**kwargs)

        @property
        def state_size(self):
            return self.units

        def call(self, inputs, states):
            total = states[0] + inputs
            return total, total

    found = layers.RNN(Sums(3))(X).numpy()
    np.testing.assert_allclose(found, X.sum(axis=1), rtol=1e-6)
    assert Sums(3).get_initial_state(X[:, 0]).shape == (2, 3)
    with pytest.raises(NotImplementedError, match="has no state_size"):
        layers.RNN(layers.AbstractRNNCell())


@pytest.mark.parametrize(
    "make", [layers.LSTM, lambda units, **k: layers.RNN(layers.LSTMCell(units), **k)]
)
def test_batches_come_first(make):
    assert make(4, time_major=False)(X).shape == (2, 4)
    with pytest.raises(NotImplementedError, match="swap the first two axes"):
        make(4, time_major=True)


def test_a_cell_of_ones_own_may_drop_by_tensorflows_mixin():
    from keras.layers.rnn.dropout_rnn_cell_mixin import DropoutRNNCellMixin

    class Sums(DropoutRNNCellMixin, layers.AbstractRNNCell):
        dropout = recurrent_dropout = 0.5
        state_size = 3

        def call(self, inputs, states, training=None):
            mask = self.get_dropout_mask_for_cell(inputs, training)
            kept = self.get_recurrent_dropout_mask_for_cell(inputs, training, 2)
            assert kept is None or len(kept) == 2
            total = states[0] + (inputs if mask is None else inputs * mask)
            return total, total

    layer, ones = layers.RNN(Sums()), np.ones((40, 5, 3), "float32")
    assert np.all(layer(ones).numpy() == 5)
    drawn = [layer(ones, training=True).numpy() for _ in range(2)]
    assert set(np.unique(drawn[0])) == {0.0, 10.0}  # one mask for all steps
    assert not np.array_equal(*drawn)


def test_the_other_layer_of_one_that_reads_back_reads_forth():
    dialect.read("from keras.layers import LSTM; LSTM(4, inner_init='orthogonal')")
    inner = layers.LSTM(4, go_backwards=True, return_sequences=True)
    both = layers.Bidirectional(inner, merge_mode=None)
    back, forth = both(X)
    assert (both.forward_layer.go_backwards, both.backward_layer.go_backwards) == (
        True,
        False,
    )
    np.testing.assert_array_equal(back.numpy(), both.forward_layer(X).numpy())
    np.testing.assert_array_equal(
        forth.numpy(), both.backward_layer(X).numpy()[:, ::-1]
    )
    dialect.read("from tensorflow.keras.layers import LSTM")
    with pytest.raises(ValueError, match="go_backwards"):
        layers.Bidirectional(inner)
    dialect.forget()
