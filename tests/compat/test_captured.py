import numpy as np
import pytest

import keratorch as keras
from keratorch.layers import Dense, Input, Lambda
from keratorch.models import Model

K = keras.backend
pytestmark = pytest.mark.usefixtures("quiet")
X = np.linspace(-1, 1, 12).reshape(4, 3).astype("float32")


def network():
    x = Input((3,))
    code = Dense(2, name="code")(x)
    return x, code, Model(x, Dense(3)(code))


def test_a_loss_finds_the_values_of_symbolic_arrays():
    x, code, model = network()

    def penalized(y_true, y_pred):
        return K.mean(K.square(y_true - y_pred), axis=-1) + K.sum(code**2, axis=-1)

    model.compile("sgd", loss=penalized)
    expected = ((X - model.predict(X)) ** 2).mean(axis=-1)
    expected += (Model(x, code).predict(X) ** 2).sum(axis=-1)
    assert model.evaluate(X, X, verbose=0) == pytest.approx(expected.mean(), rel=1e-5)


def test_gradients_flow_through_the_captured_arrays():
    _, code, model = network()
    model.compile("sgd", loss=lambda y_true, y_pred: K.sum(code**2, axis=-1))
    kernel = model.get_layer("code").get_weights()[0]
    loss = model.fit(X, X, epochs=20, verbose=0).history["loss"]
    assert loss[-1] < loss[0] / 2
    assert not np.array_equal(kernel, model.get_layer("code").get_weights()[0])


def test_the_loss_sees_the_random_numbers_of_the_same_run():
    x = Input(batch_shape=(4, 3))
    noise = Lambda(lambda t: t + K.random_normal((4, 3)))(x)
    model = Model(x, noise * 1)
    model.compile("sgd", loss=lambda y_true, y_pred: K.abs(y_pred - noise))
    assert model.evaluate(X, X, verbose=0) == 0


def test_functions_that_the_loss_calls_may_mean_symbols_too():
    _, code, model = network()

    def extra():
        return K.sum(code**2, axis=-1)

    def with_extra(y_true, y_pred):
        return extra() + 0 * K.sum(y_pred, axis=-1)

    model.compile("sgd", loss=[with_extra], metrics=[with_extra])
    total, metric = model.evaluate(X, X, verbose=0)
    assert total == pytest.approx(metric, rel=1e-6)


def test_a_loss_without_symbols_stays_the_function_itself():
    _, _, model = network()

    def loss(y_true, y_pred):
        return keras.ops.mean(y_pred - y_true)

    model.compile("sgd", loss=loss)
    assert type(model._network).__name__ == "Network"


def test_symbols_of_another_model_are_left_alone():
    other = Input((3,))
    _, _, model = network()
    model.compile("sgd", loss=lambda y_true, y_pred: K.mean(other))
    assert type(model._network).__name__ == "Network"
