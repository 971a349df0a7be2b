import numpy as np
import pytest

import keratorch as keras
from keratorch.models import Sequential

pytestmark = pytest.mark.usefixtures("quiet")
X = np.random.default_rng(0).normal(size=(6, 4)).astype("float32")


def outputs_of(layer):
    model = Sequential([layer])
    return model, model.predict(X, verbose=0)


def test_maxout_takes_the_largest_product():
    layer = keras.layers.MaxoutDense(3, nb_feature=2, input_dim=4, init="normal")
    _, found = outputs_of(layer)
    kernel, bias = layer.get_weights()
    assert kernel.shape == (2, 4, 3) and bias.shape == (2, 3)
    expected = np.maximum(X @ kernel[0] + bias[0], X @ kernel[1] + bias[1])
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


def test_a_highway_lets_its_inputs_through_at_first():
    layer = keras.layers.Highway(activation="relu", transform_bias=-3, input_dim=4)
    _, found = outputs_of(layer)
    kernel, gate_kernel, bias, gate_bias = layer.get_weights()
    assert (gate_bias == -3).all() and (bias == 0).all()
    gate = 1 / (1 + np.exp(-(X @ gate_kernel - 3)))
    expected = gate * np.maximum(X @ kernel, 0) + (1 - gate) * X
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("MaxoutDense", {"output_dim": 2, "W_regularizer": "l2", "bias": False}),
        ("Highway", {"b_constraint": "nonneg"}),
    ],
)
def test_they_train_and_come_back_from_a_file(name, arguments, tmp_path):
    keras.utils.set_random_seed(0)
    model, _ = outputs_of(getattr(keras.layers, name)(**arguments, input_dim=4))
    model.compile("sgd", "mse")
    y = np.zeros(model.output_shape[1:])
    loss = model.fit(X, np.stack([y] * 6), epochs=5, verbose=0).history["loss"]
    assert loss[-1] < loss[0]
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(
        again.predict(X, verbose=0), model.predict(X, verbose=0)
    )


def test_steps_are_merged():
    x = X.reshape(3, 2, 4)
    for mode, expected in (("sum", x.sum(1)), ("ave", x.mean(1)), ("mul", x.prod(1))):
        layer = keras.layers.TimeDistributedMerge(mode=mode)
        np.testing.assert_allclose(layer(x).numpy(), expected, rtol=1e-5)
        assert type(layer).from_config(layer.get_config()).mode == mode
    with pytest.raises(ValueError, match="mode must be 'sum'.*received 'max'"):
        keras.layers.TimeDistributedMerge("max")


def test_parametric_softplus_learns_its_form():
    layer = keras.layers.ParametricSoftplus(alpha_init=0.5, beta_init=2.0)
    expected = 0.5 * np.log1p(np.exp(2 * X))
    np.testing.assert_allclose(layer(X).numpy(), expected, rtol=1e-5)
    assert [weight.shape for weight in layer.weights] == [(4,), (4,)]


def test_srelu_has_two_borders_and_two_slopes():
    layer = keras.layers.SReLU(shared_axes=[1])
    layer.build((None, 4))
    layer.set_weights([np.array([n]) for n in (-0.5, 0.1, 1.0, 0.2)])
    expected = np.where(X < -0.5, -0.5 + 0.1 * (X + 0.5), X)
    expected = np.where(X > 0.5, 0.5 + 0.2 * (X - 0.5), expected)
    np.testing.assert_allclose(layer(X).numpy(), expected, rtol=1e-5, atol=1e-6)
    again = keras.layers.SReLU.from_config(layer.get_config())
    assert again.shared_axes == [1]


def test_words_and_contexts_have_vectors_of_their_own(tmp_path):
    model = Sequential([keras.layers.WordContextProduct(20, proj_dim=5)])
    model.compile(loss="mse", optimizer="rmsprop")
    pairs = np.array([[1, 2], [3, 1], [19, 0]], "int32")
    before = model.train_on_batch(pairs, [1, 0, 1])
    for _ in range(200):
        after = model.train_on_batch(pairs, [1, 0, 1])
    assert after < before
    words, contexts = model.layers[0].get_weights()
    assert words.shape == contexts.shape == (20, 5)
    product = (words[pairs[:, 0]] * contexts[pairs[:, 1]]).sum(-1, keepdims=True)
    found = model.predict(pairs, verbose=0)
    np.testing.assert_allclose(found, 1 / (1 + np.exp(-product)), rtol=1e-5)
    model.save(tmp_path / "words.keras")
    again = keras.models.load_model(tmp_path / "words.keras")
    np.testing.assert_allclose(again.predict(pairs, verbose=0), found, rtol=1e-6)
