import copy
import functools
import pickle

import numpy as np
import pytest

import keratorch as keras
from keratorch.layers import LSTM, Dense, Input, Masking
from keratorch.models import Model, Sequential
from keratorch.symbolic import is_symbolic

K = keras.backend
pytestmark = pytest.mark.usefixtures("quiet")


def autoencoder():
    """Return a model with weights that every run has, and its data."""
    rng = np.random.RandomState(0)
    x = rng.rand(64, 8).astype("float32")
    shapes = [(8, 6), (6,), (6, 4), (4,), (4, 8), (8,)]
    weights = [rng.rand(*s) - 0.5 if len(s) == 2 else np.zeros(s) for s in shapes]
    inputs = Input((8,))
    first = Dense(6, activation="relu")(inputs)
    code = Dense(4, activation="sigmoid", name="code")(first)
    model = Model(inputs, Dense(8, activation="sigmoid")(code))
    model.set_weights(weights)
    return model, x


def mse(y_true, y_pred):
    return K.mean(K.square(y_true - y_pred), axis=1)


def trained(model, x, loss, metrics=None):
    model.compile(keras.optimizers.SGD(1.0), loss, metrics=metrics)
    return model.fit(x, x, 16, 5, shuffle=False, verbose=0).history


def of_code(model, x):
    return Model(model.input, model.get_layer("code").output).predict(x, verbose=0)


def test_a_loss_may_ask_a_layer_for_its_output_and_kernel():
    model, x = autoencoder()

    def contractive(y_true, y_pred):
        layer = model.get_layer("code")
        h, kernel = layer.output, K.transpose(layer.kernel)
        slopes = K.square(h * (1 - h)) * K.sum(K.square(kernel), axis=1)
        return mse(y_true, y_pred) + 0.1 * K.sum(slopes, axis=1)

    losses = trained(model, x, contractive)["loss"]
    of_tf_keras = [0.103678, 0.101274, 0.099231, 0.097483, 0.095977]
    np.testing.assert_allclose(losses, of_tf_keras, atol=2e-6)


def test_a_variable_of_a_loss_is_made_once(installed):
    model, x = autoencoder()

    def contractive(y_true, y_pred):
        layer = model.get_layer("code")
        h, kernel = layer.output, K.transpose(K.variable(layer.get_weights()[0]))
        slopes = K.square(h * (1 - h)) * K.sum(K.square(kernel), axis=1)
        return mse(y_true, y_pred) + 0.1 * K.sum(slopes, axis=1)

    losses = trained(model, x, contractive)["loss"]
    of_tf_keras = [0.104230, 0.103206, 0.102391, 0.101736, 0.101199]
    np.testing.assert_allclose(losses, of_tf_keras, atol=2e-6)
    one, other = K.variable(1.0), K.variable(1.0)
    assert one is not other


@pytest.mark.parametrize(
    "read",
    [
        lambda model: model.get_layer("code").output,
        lambda model: model.layers[2].get_output_at(0),
        lambda model: model.layers[3].input,
        lambda model: model.layers[3].get_input_at(0),
    ],
)
def test_what_is_read_is_what_is_captured(read):
    model, x = autoencoder()
    asking = trained(model, x, lambda t, p: mse(t, p) + K.sum(read(model), axis=1))
    model, x = autoencoder()
    code = model.get_layer("code").output
    captured = trained(model, x, lambda t, p: mse(t, p) + K.sum(code, axis=1))
    assert asking["loss"] == captured["loss"]
    assert asking["loss"][-1] < asking["loss"][0] - 0.5


def test_the_inputs_and_outputs_of_the_model_are_known():
    model, x = autoencoder()
    model.compile("sgd", lambda t, p: mse(model.input, model.output))
    expected = np.square(x - model.predict(x, verbose=0)).mean()
    assert model.evaluate(x, x, verbose=0) == pytest.approx(expected, rel=1e-5)
    model.compile("sgd", lambda t, p: mse(model.inputs[0], model.outputs[0]))
    assert model.evaluate(x, x, verbose=0) == pytest.approx(expected, rel=1e-5)


def test_a_metric_may_ask_in_validation_too():
    model, x = autoencoder()

    def size(y_true, y_pred):
        return K.mean(model.get_layer("code").output)

    model.compile("sgd", "mse", metrics=[size])
    history = model.fit(x, x, validation_data=(x[:9], x[:9]), verbose=0).history
    expected = of_code(model, x[:9]).mean()
    assert history["val_size"][-1] == pytest.approx(expected, rel=1e-5)


def test_methods_and_partials_may_ask():
    class Program:
        def __init__(self):
            self.model, self.x = autoencoder()

        def loss(self, y_true, y_pred):
            return self.penalty()

        def penalty(self):
            assert self.loss != self.penalty  # methods may name each other
            return K.sum(self.model.get_layer("code").output, axis=1)

        def made(self):
            return lambda y_true, y_pred: self.penalty()

    def scaled(y_true, y_pred, scale, program):
        return scale * program.penalty()

    program = Program()
    expected = of_code(program.model, program.x).sum(axis=1).mean()
    partial = functools.partial(scaled, scale=1.0, program=program)
    for loss in (program.loss, program.made(), partial):
        program.model.compile("sgd", loss)
        found = program.model.evaluate(program.x, program.x, verbose=0)
        assert found == pytest.approx(expected, rel=1e-5)


def test_a_sequential_and_an_activity_penalty():
    model = Sequential([Input((3,)), Dense(2, activity_regularizer="l2"), Dense(3)])
    x = np.linspace(-1, 1, 12, dtype="float32").reshape(4, 3)
    model.compile("sgd", lambda t, p: K.sum(K.square(model.layers[0].output), axis=1))
    code = Model(model.input, model.layers[0].output).predict(x, verbose=0)
    squares = np.square(code).sum() / 4
    found = model.evaluate(x, x, verbose=0)
    assert found == pytest.approx(squares + 0.01 * squares, rel=1e-5)


def test_a_model_made_in_a_loss_is_made_of_symbols():
    model, x = autoencoder()

    def of_codes(y_true, y_pred):
        encoder = Model(model.input, outputs=model.get_layer("code").output)
        return mse(encoder(y_true), encoder(y_pred)) + K.mean(model.output)

    losses = trained(model, x, of_codes)["loss"]
    of_tf_keras = [0.452999, 0.389664, 0.329884, 0.275260, 0.227095]
    np.testing.assert_allclose(losses, of_tf_keras, atol=2e-6)


def test_a_loss_may_run_the_model_on_other_data():
    model, x = autoencoder()

    def loss(y_true, y_pred):
        return mse(model(0 * y_true), y_pred) + 0 * K.mean(model.output)

    def size(y_true, y_pred):
        return K.mean(model.get_layer("code").output)

    model.compile("sgd", loss, metrics=[size])
    _, found = model.evaluate(x, x, verbose=0)
    assert found == pytest.approx(of_code(model, x).mean(), rel=1e-5)


def test_a_loss_may_ask_for_the_gradient_at_the_inputs():
    model, x = autoencoder()

    def penalty(y_true, y_pred):
        (gradient,) = K.gradients(y_pred, model.input)
        return mse(y_true, y_pred) + K.sum(K.square(gradient), axis=1)

    losses = trained(model, x, penalty)["loss"]
    of_tf_keras = [0.089094, 0.087975, 0.087101, 0.086440, 0.085913]
    np.testing.assert_allclose(losses, of_tf_keras, atol=2e-6)
    assert model.evaluate(x, x, verbose=0) == pytest.approx(0.085588, abs=2e-6)


def test_a_large_batch_is_not_taken_apart():
    inputs = Input((64,))
    code = Dense(64, name="code")(inputs)
    model = Model(inputs, Dense(64)(code))
    x = np.random.default_rng(0).normal(size=(16384, 64)).astype("float32")
    expected = np.square(of_code(model, x)).mean()

    def size(y_true, y_pred):
        return K.mean(K.square(model.get_layer("code").output))

    model.compile("sgd", "mse", metrics=[size])
    _, found = model.evaluate(x, x, batch_size=len(x), verbose=0)
    assert found == pytest.approx(expected, rel=1e-4)


def test_masks_pass_what_is_watched():
    inputs = Input((3, 1))
    masked = Masking()(inputs)
    model = Model(inputs, LSTM(2)(masked))
    x = np.array([[[1.0], [2.0], [0.0]]], "float32")
    expected = model.predict(x, verbose=0)
    seen = []

    def loss(y_true, y_pred):
        seen.append(K.get_value(y_pred))
        return mse(y_true, y_pred) + 0 * K.mean(K.gradients(y_pred, masked)[0])

    model.compile("sgd", loss)
    model.train_on_batch(x, expected)
    np.testing.assert_allclose(seen[0], expected, rtol=1e-5)


@pytest.mark.parametrize("asks", [False, True])
def test_a_model_with_a_loss_of_its_own_knows_the_values_too(asks):
    model, x = autoencoder()
    code = model.get_layer("code").output
    model.add_loss(K.mean(code) + 1)

    def loss(y_true, y_pred):
        return K.mean(model.get_layer("code").output if asks else code, axis=1)

    model.compile("sgd", loss)
    expected = 2 * of_code(model, x).mean() + 1
    assert model.evaluate(x, x, verbose=0) == pytest.approx(expected, rel=1e-5)


def test_a_model_may_change_after_compile():
    other, _ = autoencoder()
    model = Sequential([Input((8,)), Dense(8)])

    def loss(y_true, y_pred):
        encoder = Model(other.input, other.get_layer("code").output)
        return mse(encoder(y_true), encoder(y_pred))

    model.compile("sgd", loss)
    model.add(Dense(8))
    x = np.ones((2, 8), "float32")
    wanted = of_code(other, x) - of_code(other, model.predict(x, verbose=0))
    found = model.evaluate(x, x, verbose=0)
    assert found == pytest.approx(np.square(wanted).mean(), rel=1e-5)


def test_a_copy_watches_nothing():
    model, x = autoencoder()
    trained(model, x, lambda t, p: mse(t, p) + K.sum(model.layers[2].output, axis=1))
    assert type(copy.deepcopy(model._network)).__name__ == "Network"
    assert type(pickle.loads(pickle.dumps(model._network))).__name__ == "Network"
    copied = copy.deepcopy(model).predict(x, verbose=0)
    np.testing.assert_array_equal(copied, model.predict(x, verbose=0))


def test_layers_are_symbolic_outside_of_losses():
    model, x = autoencoder()
    trained(model, x, lambda t, p: mse(t, p) + K.sum(model.layers[2].output, axis=1))
    assert is_symbolic(model.layers[2].output)
    assert is_symbolic(model.input)


def test_attributes_of_other_names_watch_nothing():
    model, x = autoencoder()
    output = 2.0

    def loss(y_true, y_pred):
        return output * mse(y_true, y_pred) + K.sum(model.layers[2].kernel ** 2) / 4

    before = model.layers[2].get_weights()[0]
    trained(model, x, loss)
    assert type(model._network).__name__ == "Network"
    after = model.layers[2].get_weights()[0]
    assert np.abs(after).sum() < np.abs(before).sum() / 4
