"""Subclasses of LSTM, GRU and SimpleRNN that replace one step."""

import numpy as np
import pytest

import keratorch as keras
from keratorch.layers import GRU, LSTM, Input, SimpleRNN
from keratorch.models import Model

K = keras.backend
pytestmark = pytest.mark.usefixtures("installed", "quiet")
X = np.random.default_rng(0).normal(size=(4, 5, 3)).astype("float32")


class Halved(LSTM):
    def step(self, x, states):
        output, (h, c) = super().step(x, states)
        return output / 2, [h, c]


def outputs_of(layer, weights=None, x=X):
    inputs = Input(x.shape[1:])
    model = Model(inputs, layer(inputs))
    if weights is not None:
        layer.set_weights(weights)
    return model.predict(x, verbose=0)


@pytest.mark.parametrize("base", [LSTM, GRU, SimpleRNN])
def test_the_own_step_runs_and_may_call_that_of_the_base(base):
    class Negative(base):
        def step(self, x, states):
            output, after = super().step(x, states)
            return -output, after

    own = Negative(2, return_sequences=True)
    outputs = outputs_of(own)
    expected = outputs_of(base(2, return_sequences=True), own.get_weights())
    np.testing.assert_allclose(outputs, -expected, rtol=1e-5, atol=1e-6)


def test_masked_times_backwards_and_states():
    layer = Halved(2, go_backwards=True, return_state=True)
    mask = np.array([[True] * 4 + [False]] * 4)
    output, h, c = layer(X, mask=mask)
    plain = LSTM(2, go_backwards=True, return_state=True)
    plain.build(X.shape)
    plain.set_weights(layer.get_weights())
    expected = plain(X, mask=mask)
    np.testing.assert_allclose(output, expected[0] / 2, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(h, expected[1], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(c, expected[2], rtol=1e-5, atol=1e-6)


def test_constants_follow_the_states():
    class Gated(LSTM):
        def get_constants(self, x):
            return [*super().get_constants(x), x[:, 0, :1]]

        def step(self, x, states):
            assert len(states) == 5  # two states, two masks of dropout
            output, after = super().step(x, states)
            return output * states[4], after

    own = Gated(2)
    outputs = outputs_of(own)
    expected = outputs_of(LSTM(2), own.get_weights()) * X[:, 0, :1]
    np.testing.assert_allclose(outputs, expected, rtol=1e-5, atol=1e-6)


def test_a_step_written_out_by_the_weights():
    class Written(LSTM):
        def step(self, x, states):
            h, c, masks, recurrent_masks = states
            z = K.dot(x * masks[0], self.kernel)
            z = z + K.dot(h * recurrent_masks[0], self.recurrent_kernel) + self.bias
            i, f, g, o = (z[:, 2 * k : 2 * k + 2] for k in range(4))
            c = K.sigmoid(f) * c + K.sigmoid(i) * K.tanh(g)
            return K.sigmoid(o) * K.tanh(c), [K.sigmoid(o) * K.tanh(c), c]

    own = Written(2)
    outputs = outputs_of(own)
    expected = outputs_of(LSTM(2), own.get_weights())
    np.testing.assert_allclose(outputs, expected, rtol=1e-5, atol=1e-6)


def test_the_weights_of_one_gate():
    class Written(GRU):
        def step(self, x, states):
            h = states[0]
            z = K.hard_sigmoid(K.dot(x, self.kernel_z) + K.dot(h, self.U_z) + self.b_z)
            r = K.sigmoid(K.dot(x, self.W_r) + K.dot(h, self.U_r) + self.bias_r)
            new = K.dot(x, self.W_h) + K.dot(r * h, self.recurrent_kernel_h) + self.b_h
            h = z * h + (1 - z) * K.tanh(new)
            return h, [h]

    own = Written(2, reset_after=False)
    outputs_of(own)
    assert [own.W_h.shape, own.U_h.shape, own.b_h.shape] == [(3, 2), (2, 2), (2,)]
    np.testing.assert_array_equal(own.W_h, own.get_weights()[0][:, 4:])
    with pytest.raises(AttributeError, match="no gate 'f'. Use one of: z, r, h"):
        own.W_f  # noqa: B018


def test_own_weights_of_the_same_name_count():
    class Own(SimpleRNN):
        def build(self, shape):
            super().build(shape)
            self.kernel = self.add_weight(shape=(3, 2), initializer="ones")

        def step(self, x, states):
            return K.dot(x, self.kernel), [states[0]]

    np.testing.assert_allclose(
        outputs_of(Own(2)), X[:, -1].sum(1)[:, None] * [1, 1], rtol=1e-5
    )


def test_own_first_states_and_own_inputs_of_the_steps():
    class Begun(SimpleRNN):
        def get_initial_states(self, x):
            return [state + 1 for state in super().get_initial_states(x)]

        def preprocess_input(self, x):
            return 2 * x

        def step(self, x, states):
            return states[0], [states[0] + x[:, :1]]

    outputs = outputs_of(Begun(1))
    np.testing.assert_allclose(
        outputs, 1 + 2 * X[:, :4, :1].sum(axis=1), rtol=1e-5, atol=1e-6
    )


def test_masks_of_dropout_reach_the_step_in_training():
    seen = []

    class Seeing(GRU):
        def step(self, x, states):
            seen.append(states[1:])
            return super().step(x, states)

    layer = Seeing(2, dropout=0.5)
    layer(X, training=True)
    assert sorted(np.unique(seen[0][0][0])) == [0, 2] and seen[0][1] == [1, 1, 1]
    seen.clear()
    layer(X)
    assert seen[0][0] == [1, 1, 1]


def test_a_model_with_an_own_step_learns():
    model = keras.Sequential([Input((5, 3)), Halved(2)])
    model.compile("adam", "mse")
    before = model.get_weights()
    model.fit(X, np.ones((4, 2)), epochs=1, verbose=0)
    assert all((a != b).any() for a, b in zip(before, model.get_weights(), strict=True))
