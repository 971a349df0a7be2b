"""LoRA: a frozen weight, and two thin matrices that learn what to add to it."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import layers

RNG = np.random.default_rng(7)
X = RNG.normal(size=(2, 4, 3)).astype(np.float32)
MAKERS = {
    "Dense": (lambda **k: layers.Dense(5, **k), X),
    "EinsumDense": (lambda **k: layers.EinsumDense("abc,cd->abd", (None, 5), **k), X),
    "Conv1D": (lambda **k: layers.Conv1D(5, 2, **k), X),
    "Conv2D": (lambda **k: layers.Conv2D(5, (2, 1), **k), X[..., None]),
    "Embedding": (lambda **k: layers.Embedding(6, 5, **k), np.array([[1, 5, 1]])),
}
EACH = pytest.mark.parametrize(("make", "x"), MAKERS.values(), ids=list(MAKERS))


def taught(make, x, **arguments):
    """A built layer with LoRA whose matrices add something."""
    layer = make()
    layer.build(x.shape)
    layer.enable_lora(2, **arguments)
    for matrix in layer._lora_matrices:
        matrix.assign(RNG.normal(size=matrix.shape))
    return layer


@EACH
def test_product_of_the_matrices_is_added_to_the_weight(make, x):
    layer = taught(make, x, lora_alpha=3.0)
    name = layer._adapts
    a, b = (matrix.numpy() for matrix in layer._lora_matrices)
    plain = make()
    plain.build(x.shape)
    weight = layer.weights[0]
    assert (*weight.shape[:-1], 2) == a.shape
    getattr(plain, name).assign(weight.numpy() + 1.5 * (a @ b))
    np.testing.assert_allclose(layer(x).numpy(), plain(x).numpy(), rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(
        getattr(layer, name).numpy(), getattr(plain, name).numpy(), rtol=1e-6
    )


@EACH
def test_new_matrices_change_nothing_and_learn_alone(make, x):
    layer = make()
    before = layer(x).numpy()
    layer.enable_lora(rank=3)
    np.testing.assert_array_equal(layer(x).numpy(), before)
    assert [weight.name for weight in layer.trainable_weights][-2:] == [
        f"lora_{layer._adapts}_a",
        f"lora_{layer._adapts}_b",
    ]
    frozen = layer.weights[0]
    (layer(x) ** 2).sum().backward()
    assert frozen.grad is None
    assert np.abs(layer._lora_matrices[1].grad).max() > 0


@EACH
def test_configuration_makes_the_layer_with_its_matrices(make, x):
    layer = taught(make, x, lora_alpha=3.0)
    config = layer.get_config()
    assert (config["lora_rank"], config["lora_alpha"]) == (2, 3.0)
    again = type(layer).from_config(config)
    again.build(x.shape)
    assert again.lora_enabled
    assert (again.lora_rank, again.lora_alpha) == (2, 3.0)
    assert "lora_rank" not in make().get_config()


@EACH
def test_files_hold_the_sum(make, x, tmp_path):
    layer = taught(make, x)
    model = keras.Sequential([layer])
    expected = model.predict(x, verbose=0)
    model.save(tmp_path / "whole.keras")
    model.save_weights(tmp_path / "only.weights.h5")
    again = keras.saving.load_model(tmp_path / "whole.keras")
    assert again.layers[0].lora_enabled
    for matrix in again.layers[0]._lora_matrices:
        np.testing.assert_array_equal(matrix.numpy(), 0)
    plain = keras.Sequential([make()])
    plain.build(x.shape)
    plain.load_weights(tmp_path / "only.weights.h5")
    for other in (again, plain):
        np.testing.assert_allclose(other.predict(x, verbose=0), expected, rtol=1e-5)
    model.load_weights(tmp_path / "only.weights.h5")
    np.testing.assert_allclose(model.predict(x, verbose=0), expected, rtol=1e-5)


def test_weights_of_a_model_without_lora_fit_one_that_has_it(tmp_path):
    plain, other = (keras.Sequential([layers.Dense(5)]) for _ in range(2))
    plain.build((None, 3))
    other.build((None, 3))
    other.layers[0].enable_lora(2)
    plain.save_weights(tmp_path / "a.weights.h5")
    other.load_weights(tmp_path / "a.weights.h5")
    np.testing.assert_allclose(
        other.predict(X[0], verbose=0), plain.predict(X[0], verbose=0), rtol=1e-6
    )


def test_fit_changes_the_matrices_and_not_the_weight():
    model = keras.Sequential([keras.Input((3,)), layers.Dense(2, lora_rank=1)])
    kernel, b = (model.layers[0].weights[i] for i in (0, 3))
    before = kernel.numpy()
    model.compile("sgd", "mse")
    model.fit(X[0], RNG.normal(size=(4, 2)), epochs=2, verbose=0)
    np.testing.assert_array_equal(kernel.numpy(), before)
    assert np.abs(b.numpy()).max() > 0


def test_matrices_stand_under_the_path_of_the_layer():
    model = keras.Sequential(
        [keras.Input((3,)), layers.Dense(2, name="head")], name="net"
    )
    model.get_layer("head").enable_lora(1)
    paths = [weight.path for weight in model.trainable_weights]
    assert paths[-1] == model.layers[0].bias.path.replace("bias", "lora_kernel_b")


def test_matrices_are_float32_and_the_sum_has_the_type_of_the_weight():
    layer = layers.Dense(2, dtype="float64", lora_rank=1)
    assert layer(X[0]).dtype == np.float64
    assert layer.lora_kernel_a.dtype == "float32"
    assert layer.kernel.dtype == np.float64


@pytest.mark.parametrize(
    ("enable", "parts"),
    [
        (lambda: layers.Dense(2).enable_lora(1), "no weights yet"),
        (lambda: built(lora_rank=1).enable_lora(1), "once"),
        (lambda: built(kernel_constraint="non_neg").enable_lora(1), "constraint"),
        (lambda: built().enable_lora(0), "rank.*0"),
        (lambda: layers.Dense(2, lora_rank=1.5), "lora_rank.*1.5"),
    ],
)
def test_what_cannot_be_is_refused(enable, parts):
    with pytest.raises(ValueError, match=parts):
        enable()


def built(**arguments):
    layer = layers.Dense(2, **arguments)
    layer.build((None, 3))
    return layer


def test_kernel_of_an_unbuilt_layer_says_to_build_it():
    with pytest.raises(AttributeError, match="Build"):
        _ = layers.Dense(2).kernel
