"""Layers that compute on whole numbers of one byte."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import GradArray, layers
from keratorch.quantizers import AbsMaxQuantizer, Int8QuantizationConfig

RNG = np.random.default_rng(2)
X = RNG.normal(size=(3, 4, 6)).astype(np.float32)
MAKERS = {
    "Dense": (lambda **k: layers.Dense(5, **k), X),
    "EinsumDense": (
        lambda **k: layers.EinsumDense("...b,bcd->...cd", (2, 5), bias_axes="c", **k),
        X,
    ),
    "Embedding": (lambda **k: layers.Embedding(8, 5, **k), np.array([[1, 7, 1]])),
}
EACH = pytest.mark.parametrize(("make", "x"), MAKERS.values(), ids=list(MAKERS))


@EACH
def test_outputs_are_near_those_of_floats(make, x):
    layer = make()
    floats = layer(x).numpy()
    layer.quantize("int8")
    assert layer.dtype_policy.name == "int8_from_float32"
    assert layer.dtype == layer.compute_dtype == "float32"
    assert np.abs(layer(x).numpy() - floats).max() < 0.02 * np.abs(floats).max()


@EACH
def test_configuration_makes_a_quantized_layer(make, x):
    layer = make()
    layer(x)
    layer.quantize(config=Int8QuantizationConfig(activation_quantizer=None))
    again = type(layer).from_config(layer.get_config())
    again.build(x.shape)
    assert again.quantization_mode == "int8"
    assert again.inputs_quantizer is None
    again.set_weights(layer.get_weights())
    np.testing.assert_array_equal(again(x).numpy(), layer(x).numpy())


@EACH
def test_policy_set_on_a_built_layer_quantizes_it(make, x):
    layer, other = make(), make()
    layer(x)
    other(x)
    other.set_weights(layer.get_weights())
    layer.dtype_policy = "int8_from_float32"
    other.quantize("int8")
    for a, b in zip(layer.weights, other.weights, strict=True):
        np.testing.assert_array_equal(a.numpy(), b.numpy())


def test_products_of_whole_numbers_are_exact():
    layer = layers.Dense(1, use_bias=False)
    layer.build((None, 5000))
    kernel = RNG.integers(-127, 128, (5000, 1))
    kernel[0], kernel[1] = 127, -127
    layer.kernel.assign(kernel)
    layer.quantize("int8")
    x = RNG.integers(-127, 128, (2, 5000))
    x[:, 0] = 127
    np.testing.assert_allclose(
        layer(x.astype(np.float32)).numpy(), x @ kernel, rtol=1e-6
    )


def test_gradient_flows_to_the_inputs_as_through_the_rounded_weight():
    layer = layers.Dense(2)
    layer(X)
    layer.quantize("int8")
    x = GradArray(X, requires_grad=True)
    layer(x).sum().backward()
    weight = layer._main_weight.numpy() / layer.kernel_scale.numpy()
    np.testing.assert_allclose(
        x.grad, np.broadcast_to(weight.sum(1), X.shape), rtol=1e-5
    )


def test_lora_trains_what_whole_numbers_cannot_learn(tmp_path):
    model = keras.Sequential([keras.Input((6,)), layers.Dense(3)])
    model.quantize("int8")
    model.layers[0].enable_lora(2)
    model.compile("adam", "mse")
    x, y = X[:, 0], RNG.normal(size=(3, 3))
    losses = model.fit(x, y, epochs=20, verbose=0).history["loss"]
    assert losses[-1] < losses[0]
    model.save(tmp_path / "a.keras")
    again = keras.saving.load_model(tmp_path / "a.keras")
    near = model.predict(x, verbose=0)
    assert np.abs(again.predict(x, verbose=0) - near).max() < 0.05


def test_a_quantizer_of_ones_own_is_used():
    layer = layers.Dense(3)
    layer(X)
    layer.quantize(
        config=Int8QuantizationConfig(AbsMaxQuantizer(axis=0, value_range=(-7, 7)))
    )
    assert np.abs(layer._main_weight.numpy()).max() == 7


def test_a_model_quantizes_the_layers_that_can_be(tmp_path):
    inputs = keras.Input((4, 6))
    x = layers.Conv1D(5, 2, padding="same", name="conv")(inputs)
    x = layers.MultiHeadAttention(2, 3, name="attention")(x, x)
    x = layers.Dropout(0.3)(x)
    model = keras.Model(inputs, layers.Dense(2, name="head")(x))
    before = model.predict(X, verbose=0)
    with pytest.warns(UserWarning, match="floats: Conv1D"):
        model.quantize("int8")
    assert model.get_layer("head").quantization_mode == "int8"
    assert model.get_layer("conv").quantization_mode is None
    after = model.predict(X, verbose=0)
    assert 0 < np.abs(after - before).max() < 0.1 * np.abs(before).max()


@pytest.mark.parametrize(
    "filters", ["sec", ["^second$", "x"], lambda layer: layer.name == "second"]
)
def test_filters_choose_layers(filters):
    model = keras.Sequential(
        [keras.Input((6,))] + [layers.Dense(2, name=n) for n in ("first", "second")]
    )
    model.quantize("int8", filters=filters)
    assert [layer.quantization_mode for layer in model.layers] == [None, "int8"]


class Doubled(layers.Dense):
    def call(self, inputs):
        return super().call(inputs) * 2


@pytest.mark.parametrize(
    ("quantize", "error", "parts"),
    [
        (lambda: layers.Dense(2).quantize("int8"), ValueError, "no weights yet"),
        (lambda: built().quantize(), ValueError, "mode='int8'"),
        (lambda: built().quantize("int7"), ValueError, "'int8'.*received 'int7'"),
        (lambda: built().quantize("gptq"), NotImplementedError, "'gptq'.*'int8'"),
        (lambda: built().quantize("int8", config=3), ValueError, "received 3"),
        (lambda: built(quantized=True).quantize("int8"), ValueError, "already"),
        (lambda: built(Doubled).quantize("int8"), NotImplementedError, "type_check"),
        (
            lambda: layers.Conv1D(2, 2).quantize("int8"),
            NotImplementedError,
            "EinsumDense",
        ),
        (
            lambda: keras.Sequential([layers.Dense(2)]).quantize("int8"),
            ValueError,
            "quantize",
        ),
        (
            lambda: keras.Sequential([built()]).quantize("int8", filters=3),
            ValueError,
            "filters.*3",
        ),
    ],
)
def test_what_cannot_be_is_refused(quantize, error, parts):
    with pytest.raises(error, match=parts):
        quantize()


def built(kind=layers.Dense, quantized=False):
    layer = kind(2)
    layer.build((None, 3))
    if quantized:
        layer.quantize("int8")
    return layer


def test_a_class_of_ones_own_is_quantized_on_demand():
    layer = built(Doubled)
    expected = layer(X[..., :3]).numpy()
    layer.quantize("int8", type_check=False)
    np.testing.assert_allclose(layer(X[..., :3]).numpy(), expected, atol=0.05)


@pytest.mark.parametrize("tie_weights", [True, False])
def test_both_ways_of_a_reversible_embedding_are_rounded(tie_weights, tmp_path):
    layer = layers.ReversibleEmbedding(9, 6, tie_weights, logit_soft_cap=3.0)
    model = keras.Sequential([keras.Input((4,)), layer])
    vectors = model.predict(np.array([[1, 2, 3, 8]]), verbose=0)
    scores = layer(vectors, reverse=True).numpy()
    layer.quantize("int8")
    assert not layer.trainable_weights
    x = GradArray(vectors, requires_grad=True)
    near = layer(x, reverse=True)
    assert np.abs(near.numpy() - scores).max() < 0.03 * np.abs(scores).max()
    near.sum().backward()
    assert np.abs(x.grad).max() > 0
    model.save(tmp_path / "a.keras")
    again = keras.saving.load_model(tmp_path / "a.keras").layers[0]
    np.testing.assert_array_equal(again(vectors, reverse=True), near.numpy())
