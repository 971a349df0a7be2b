"""K on symbolic arrays: Lambda and custom layers, K.function, K.gradients."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import GradArray, layers
from keratorch import backend as K  # noqa: N812 - its name everywhere

DATA = np.random.default_rng(0).normal(size=(5, 3)).astype("float32")


@pytest.fixture
def model():
    keras.random.set_seed(0)
    x = keras.Input((3,))
    hidden = layers.Dense(4, activation="tanh", name="hidden")(x)
    return keras.Model(x, layers.Dense(1, name="out")(hidden))


SYMBOLIC = {
    "abs": (K.abs, (None, 3)),
    "mean": (lambda x: K.mean(x, axis=-1, keepdims=True), (None, 1)),
    "argmax": (K.argmax, (None,)),
    "reshape": (lambda x: K.reshape(x, (-1, 3, 1)), (None, 3, 1)),
    "repeat": (lambda x: K.repeat(x, 4), (None, 4, 3)),
    "concatenate": (lambda x: K.concatenate([x, K.square(x)]), (None, 6)),
    "zeros_like": (K.zeros_like, (None, 3)),
    "one_hot": (lambda x: K.one_hot(K.argmax(x), 3), (None, 3)),
    "batch_dot": (lambda x: K.batch_dot(x, x, axes=1), (None, 1)),
    "cast": (lambda x: K.cast(x > 0, "float32"), (None, 3)),
    "switch": (lambda x: K.switch(x > 0, x, -x), (None, 3)),
    "l2_normalize": (lambda x: K.l2_normalize(x, axis=-1), (None, 3)),
    "stop_gradient": (K.stop_gradient, (None, 3)),
    "dot": (lambda x: K.dot(x, K.ones((3, 2))), (None, 2)),
    "map_fn": (lambda x: K.map_fn(K.sum, x), (None,)),
}


@pytest.mark.parametrize("name", SYMBOLIC)
def test_functions_take_symbolic_arrays(name):
    function, shape = SYMBOLIC[name]
    x = keras.Input((3,))
    y = function(x)
    assert K.is_keras_tensor(y) and K.int_shape(y) == shape
    found = K.function([x], [y])([DATA])[0]
    np.testing.assert_allclose(found, K.get_value(function(DATA)), rtol=1e-6)


def test_a_function_gives_the_output_of_a_layer(model):
    get_hidden = K.function([model.input], [model.get_layer("hidden").output])
    (hidden,) = get_hidden([DATA])
    kernel, bias = model.get_layer("hidden").get_weights()
    np.testing.assert_allclose(hidden, np.tanh(DATA @ kernel + bias), rtol=1e-5)
    assert K.function(model.inputs, model.output)([DATA]).shape == (5, 1)


def test_the_learning_phase_is_an_input_of_old_functions():
    x = keras.Input((3,))
    y = layers.Dropout(0.5)(x)
    function = K.function([x, K.learning_phase()], [y])
    np.testing.assert_array_equal(function([DATA, 0])[0], DATA)
    assert (function([DATA, 1])[0] == 0).any()


def test_a_function_may_begin_at_a_hidden_layer(model):
    decode = K.function([model.get_layer("hidden").output], [model.output])
    kernel, bias = model.get_layer("out").get_weights()
    codes = np.ones((2, 4), "float32")
    np.testing.assert_allclose(decode([codes])[0], codes @ kernel + bias, rtol=1e-5)


def test_a_wrong_number_of_values_and_strange_updates_are_errors(model):
    function = K.function([model.input], [model.output])
    with pytest.raises(ValueError, match="list of 1 values; received 2"):
        function([DATA, DATA])
    with pytest.raises(TypeError, match="updates must be pairs .* received a int"):
        K.function([model.input], [], updates=[1])


def test_updates_change_variables_at_each_call(model):
    total = K.variable(0.0)
    seen = K.sum(model.input)
    count = K.function([model.input], [seen], updates=[(total, total + seen)])
    for call in (1, 2):
        assert count([DATA])[0] == pytest.approx(DATA.sum())
        assert total.numpy() == pytest.approx(call * DATA.sum(), rel=1e-6)


def test_inputs_may_be_nested_and_values_lists(model):
    found = K.function([[model.input], K.learning_phase()], [model.output])
    np.testing.assert_allclose(
        found([DATA.tolist(), 0])[0], model.predict(DATA, verbose=0), rtol=1e-6
    )


def test_gradients_with_respect_to_the_input(model):
    """The way of saliency maps: a loss of the output, back to the input."""
    (grads,) = K.gradients(K.sum(model.output), [model.input])
    (found,) = K.function([model.input], [grads])([DATA])
    x = GradArray(DATA)
    model(x).sum().backward()
    np.testing.assert_allclose(found, x.grad, rtol=1e-5)


def test_gradients_with_respect_to_a_layer(model):
    """The way of Grad-CAM: how the output depends on what a layer gives."""
    hidden = model.get_layer("hidden").output
    grads = K.gradients(model.output[:, 0], hidden)[0]
    weights = K.mean(grads, axis=0)
    values, found = K.function([model.input], [hidden, weights])([DATA])
    assert values.shape == (5, 4)
    kernel = model.get_layer("out").get_weights()[0]
    np.testing.assert_allclose(found, kernel[:, 0], rtol=1e-5)


def test_gradients_with_respect_to_weights_and_other_inputs():
    a, b = keras.Input((2,)), keras.Input((2,))
    w = K.variable([[2.0], [3.0]])
    loss = K.sum(K.dot(a * b, w))
    of_a, of_w = K.gradients(loss, [a, w])
    x, y = DATA[:, :2], DATA[:, 1:]
    found = K.function([a, b], [of_a, of_w])([x, y])
    np.testing.assert_allclose(found[0], y * [2, 3], rtol=1e-5)
    np.testing.assert_allclose(found[1][:, 0], (x * y).sum(0), rtol=1e-5)


def test_gradients_of_arrays_can_be_differentiated_again():
    """The way of a gradient penalty."""
    x = GradArray([1.0, 2.0])
    (slope,) = K.gradients(K.sum(K.pow(x, 3)), [x])
    K.sum(K.square(slope)).backward()
    np.testing.assert_allclose(x.grad, [36.0, 288.0])


def test_a_variable_without_influence_has_no_gradient():
    x, y = GradArray([1.0]), GradArray([1.0])
    assert K.gradients(K.sum(x), [x, y])[1] is None


def test_a_variational_sampling_layer_runs():
    """The Lambda of every variational autoencoder."""
    keras.random.set_seed(1)

    def sampling(args):
        mean, log_var = args
        shape = (K.shape(mean)[0], K.int_shape(mean)[1])
        return mean + K.exp(log_var / 2) * K.random_normal(shape=shape)

    x = keras.Input((3,))
    mean, log_var = layers.Dense(2)(x), layers.Dense(2)(x)
    through_layer = layers.Lambda(sampling, output_shape=(2,))([mean, log_var])
    for z in (through_layer, sampling([mean, log_var])):
        model = keras.Model(x, layers.Dense(3)(z))
        assert model.output_shape == (None, 3)
        one, other = (model.predict(DATA, verbose=0) for _ in range(2))
        assert one.shape == (5, 3) and (one != other).any()


def test_shapes_of_data_to_come_are_symbolic_numbers():
    x = keras.Input((None, 3))
    batch, steps, width = K.shape(x)
    assert width == 3
    y = K.reshape(x, (batch, steps * width))
    assert y.shape == (None, None)
    (found,) = K.function([x], [y])([np.ones((2, 4, 3))])
    assert found.shape == (2, 12)


def test_a_loss_of_k_trains_a_model(model):
    def loss(y_true, y_pred):
        return K.mean(K.square(y_pred - y_true), axis=-1)

    def rmse(y_true, y_pred):
        return K.sqrt(K.mean(K.square(y_pred - y_true)))

    model.compile("sgd", loss, metrics=[rmse])
    y = DATA.sum(axis=1, keepdims=True)
    history = model.fit(DATA, y, epochs=5, batch_size=5, verbose=0, shuffle=False)
    losses = history.history["loss"]
    assert losses[-1] < losses[0]
    np.testing.assert_allclose(np.sqrt(losses), history.history["rmse"], rtol=1e-4)


def test_a_layer_asks_for_the_phase():
    class Noise(layers.Layer):
        def call(self, inputs, training=None):
            return K.in_train_phase(lambda: inputs + 1, inputs, training=training)

    class OldNoise(layers.Layer):
        def call(self, inputs):
            return K.in_train_phase(inputs + 1, inputs)

    for layer in (Noise(), OldNoise()):
        np.testing.assert_array_equal(K.get_value(layer(DATA)), DATA)
        np.testing.assert_allclose(K.get_value(layer(DATA, training=True)), DATA + 1)


def test_a_symbol_has_no_value():
    with pytest.raises(TypeError, match=r"K\.function"):
        K.get_value(keras.Input((3,)))
    with pytest.raises(ValueError, match="shape="):
        K.placeholder()
