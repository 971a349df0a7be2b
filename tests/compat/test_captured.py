import functools
import threading

import numpy as np
import pytest

import keratorch as keras
from keratorch.layers import Dense, Input, Lambda, Layer
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


def test_a_partial_may_hold_symbols():
    x, code, model = network()

    def penalty(y_true, y_pred, of):
        return K.sum(of**2, axis=-1)

    model.compile("sgd", loss=functools.partial(penalty, of=code))
    expected = (Model(x, code).predict(X, verbose=0) ** 2).sum(axis=-1).mean()
    assert model.evaluate(X, X, verbose=0) == pytest.approx(expected, rel=1e-5)


def test_a_method_may_read_symbols_of_its_object():
    class Program:
        def __init__(self):
            self.x, self.code, self.model = network()
            self.model.compile("sgd", loss=self.loss, metrics=[self.penalty])

        def loss(self, y_true, y_pred):
            return 0 * K.sum(y_pred, axis=-1) + self.penalty(y_true, y_pred)

        def penalty(self, y_true, y_pred):
            return K.sum(self.code**2, axis=-1)

    program = Program()
    total, metric = program.model.evaluate(X, X, verbose=0)
    expected = Model(program.x, program.code).predict(X, verbose=0)
    assert total == pytest.approx((expected**2).sum(axis=-1).mean(), rel=1e-5)
    assert metric == pytest.approx(total, rel=1e-6)


def test_a_loss_may_ask_for_the_gradient_at_an_inner_array():
    """The penalty of Wasserstein GANs, with respect to what no weight came before."""
    x = Input((3,))
    middle = Lambda(lambda t: 2 * t)(x)
    layer = Dense(1, use_bias=False)
    model = Model(x, layer(middle))

    def penalty(y_true, y_pred):
        (gradient,) = K.gradients(y_pred, middle)
        return K.sum(K.square(gradient), axis=[1])

    model.compile(keras.optimizers.SGD(0.5), loss=penalty)
    kernel = layer.get_weights()[0]
    loss = model.train_on_batch(X, X[:, :1])
    assert loss == pytest.approx((kernel**2).sum(), rel=1e-5)
    np.testing.assert_allclose(layer.get_weights()[0], 0 * kernel, atol=1e-6)


def test_a_layer_may_mean_symbols_besides_its_inputs():
    x, code, _ = network()

    class Penalized(keras.layers.Layer):
        def penalty(self):
            return K.sum(code**2)

        def call(self, inputs):
            self.add_loss(self.penalty(), inputs=inputs)
            return inputs

    model = Model(x, Penalized(name="penalized")(x))
    model.compile("sgd", loss=None)
    expected = (Model(x, code).predict(X, verbose=0) ** 2).sum()
    for _ in range(2):
        loss = model.train_on_batch(X, None)
        assert loss == pytest.approx(expected, rel=1e-5)
        expected = (Model(x, code).predict(X, verbose=0) ** 2).sum()
    assert [layer.name for layer in model.layers][-1] == "penalized"


def test_a_lambda_may_mean_symbols_besides_its_inputs():
    x, code, _ = network()
    scaled = Lambda(lambda t: t * K.sum(code, axis=-1, keepdims=True))(x)
    model = Model(x, scaled)
    factor = Model(x, code).predict(X, verbose=0).sum(axis=-1, keepdims=True)
    np.testing.assert_allclose(model.predict(X, verbose=0), X * factor, rtol=1e-5)


def test_a_lambda_may_mean_its_input_by_the_name_outside():
    x, code, _ = network()
    outputs = Lambda(lambda t: code[:, :1] * x + t[:, 1:])(code)
    first, second = np.split(Model(x, code).predict(X, verbose=0), 2, axis=1)
    found = Model(x, outputs).predict(X, verbose=0)
    np.testing.assert_allclose(found, first * X + second, rtol=1e-5)
    doubled = Model(x, Lambda(lambda t: code + t)(code)).predict(X, verbose=0)
    np.testing.assert_allclose(doubled, 2 * np.hstack([first, second]), rtol=1e-5)


def test_a_lambda_may_ask_how_one_input_came_from_another():
    """The places of the largest, as gradients of what pooling kept."""
    x = Input((4, 1))
    pooled = keras.layers.MaxPooling1D(2)(x)
    where = Lambda(lambda xs: K.gradients(K.sum(xs[1]), xs[0]))([x, pooled])
    data = np.array([1.0, 3.0, 5.0, 4.0], "float32").reshape(1, 4, 1)
    found = Model(x, where).predict(data, verbose=0)
    np.testing.assert_array_equal(found.ravel(), [0, 1, 1, 0])


def test_a_loss_within_a_method_means_attributes_of_the_object(installed):
    class Encoder:
        def __init__(self):
            x = keras.Input((3,))
            self.code = keras.layers.Dense(2)(x)
            self.model = keras.Model(x, keras.layers.Dense(3)(self.code))

        def compile(self):
            def small_code(y_true, y_pred):
                return K.mean(K.square(self.code), axis=-1)

            def loss(y_true, y_pred):
                return small_code(y_true, y_pred) + 0 * K.mean(y_pred, axis=-1)

            self.model.compile("sgd", loss)

    encoder = Encoder()
    encoder.compile()
    x = np.ones((4, 3), "float32")
    code = keras.Model(encoder.model.input, encoder.code).predict(x, verbose=0)
    found = encoder.model.evaluate(x, x, verbose=0)
    assert found == pytest.approx(np.square(code).mean(), rel=1e-5)


class Shifted(Layer):
    def __init__(self, shift, **kwargs):
        super().__init__(**kwargs)
        self.shift = self.seen = shift

    def call(self, inputs):
        self.seen = inputs  # noted, never meant
        return self.seen + self.shift


def test_a_layer_means_the_symbolic_array_that_it_was_given():
    x, shift = Input((3,)), Input((3,))
    model = Model([x, shift], Shifted(2.0 * shift)(x))
    np.testing.assert_allclose(model.predict([X, X]), 3 * X, rtol=1e-6)
    np.testing.assert_allclose(model.predict([X, 0 * X]), X, rtol=1e-6)


def test_what_a_call_noted_is_no_input_of_the_next():
    shifted = Shifted(Input((3,)))
    shifted.shift = 1.0
    for _ in range(2):
        x = Input((3,))
        outputs = Model(x, shifted(x)).predict(X)
        np.testing.assert_allclose(outputs, X + 1, rtol=1e-6)


class ReadingInside(keras.layers.Layer):
    def __init__(self, meant, **kwargs):
        super().__init__(**kwargs)
        self.meant = meant

    def call(self, inputs):
        return sum(part + self.meant for part in [inputs])


def test_a_function_inside_call_may_read_the_attribute():
    x = keras.Input((2,))
    model = keras.Model(x, ReadingInside(2 * x)(x))
    np.testing.assert_array_equal(model(np.ones((1, 2))), [[3, 3]])


def test_two_threads_have_their_own_values():
    other_runs, go_on = threading.Event(), threading.Event()

    class Waiting(keras.layers.Layer):
        def __init__(self, meant):
            super().__init__()
            self.meant = meant

        def call(self, inputs):
            if not go_on.is_set() and isinstance(inputs, keras.GradArray):
                go_on.set()
                other_runs.wait(0.2)  # which it can only after this call
            return inputs + self.meant

    x = keras.Input((2,))
    model = keras.Model(x, Waiting(2 * x)(x))
    go_on.clear()
    found = {}

    def work():
        assert go_on.wait(60)
        found[5] = model(np.full((1, 2), 5.0)).numpy()
        other_runs.set()

    other = threading.Thread(target=work)
    other.start()
    found[1] = model(np.ones((1, 2))).numpy()
    other.join()
    np.testing.assert_array_equal(found[1], [[3, 3]])
    np.testing.assert_array_equal(found[5], [[15, 15]])
