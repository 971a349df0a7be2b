"""Lambda makes a layer of any function of arrays."""

import json

import numpy as np
import pytest

import keratorch as keras
from keratorch import layers, ops
from keratorch.masks import get_mask

X = np.float32([[1, -2], [3, 4]])


def test_a_function_gets_its_arguments_and_gradients_flow():
    layer = layers.Lambda(lambda x, power: x**power, arguments={"power": 3})
    x = keras.GradArray(X, requires_grad=True)
    layer(x).sum().backward()
    np.testing.assert_allclose(x.grad, 3 * X**2)


def test_a_function_of_several_arrays():
    layer = layers.Lambda(lambda xs: xs[0] @ xs[1].T)
    np.testing.assert_array_equal(layer([X, X]).numpy(), X @ X.T)
    a, b = keras.Input((3,)), keras.Input((3,))
    assert layers.Lambda(lambda xs: xs[0] - xs[1])([a, b]).shape == (None, 3)


def test_training_and_mask_reach_a_function_that_asks_for_them():
    seen = []

    def function(x, mask=None, training=None):
        seen.append((None if mask is None else mask.tolist(), training))
        return x

    layer = layers.Lambda(function, mask=lambda x, mask: mask)
    layer(X[None], training=True)
    out = layer(layers.Masking()(X[None]))
    assert seen == [(None, True), ([[True, True]], None)]
    assert get_mask(out).tolist() == [[True, True]]


def test_the_mask_of_the_output_may_be_given():
    out = layers.Lambda(lambda x: x, mask=np.array([[True, False]]))(X[None])
    assert get_mask(out).tolist() == [[True, False]]


@pytest.mark.parametrize(
    ("output_shape", "expected"),
    [
        (None, (None, 6)),
        ((6,), (None, 6)),
        (lambda shape: (shape[0], 3 * shape[1]), (None, 6)),
    ],
)
def test_output_shapes_are_found_or_given(output_shape, expected):
    layer = layers.Lambda(
        lambda x: np.concatenate([x] * 3, axis=-1), output_shape=output_shape
    )
    assert layer.compute_output_shape((None, 2)) == expected
    assert layer(keras.Input((2,))).shape == expected


def test_the_function_says_the_dtype_of_a_symbolic_output():
    assert (
        layers.Lambda(lambda x: ops.argmax(x, -1))(keras.Input((3,))).dtype == "int32"
    )
    half = layers.Lambda(lambda x: x / np.float32(2))
    assert half(keras.Input((3,), dtype="int32")).dtype.startswith("float")


def test_only_functions_will_do():
    with pytest.raises(TypeError, match="function must be a function; received 3"):
        layers.Lambda(3)


def test_a_registered_function_comes_back_from_its_config():
    @keras.saving.register_keras_serializable(package="test_lambda")
    def double(x):
        return 2 * x

    layer = layers.Lambda(double, arguments={})
    again = layers.Lambda.from_config(layer.get_config())
    np.testing.assert_array_equal(again(X).numpy(), 2 * X)


def test_code_in_a_config_is_never_run():
    code = {"class_name": "__lambda__", "config": {"code": "4wEAAA=="}}
    config = {"name": "twice", "function": code}
    with pytest.raises(ValueError, match="runs no code.*custom_objects"):
        layers.Lambda.from_config(config)
    with keras.saving.custom_object_scope({"twice": lambda x: 2 * x}):
        again = layers.Lambda.from_config(config)
    np.testing.assert_array_equal(again(X).numpy(), 2 * X)


def test_functions_may_be_passed_by_name():
    def sevenfold(x):
        return 7 * x

    config = layers.Lambda(sevenfold).get_config()
    layer = layers.Lambda.from_config(config, custom_objects={"sevenfold": sevenfold})
    np.testing.assert_array_equal(layer(X).numpy(), 7 * X)


def test_safe_mode_lets_no_code_in():
    config = layers.Lambda(lambda x: x).get_config()
    with pytest.raises(ValueError, match="no code"):
        layers.Lambda.from_config(config, safe_mode=False)


def test_mask_of_an_array_stands_in_the_configuration():
    layer = layers.Lambda(np.square, mask=np.array([[True, False]]))
    config = json.loads(json.dumps(layer.get_config()))
    objects = {"square": np.square}
    again = layers.Lambda.from_config(config, custom_objects=objects)
    assert again.mask.tolist() == [[True, False]]
    assert again.mask.dtype == bool


def test_arrays_among_the_arguments_come_back_from_a_file(tmp_path):
    @keras.saving.register_keras_serializable(package="test_lambda")
    def scaled(x, by):
        return (x - by["mean"]) / by["scales"][0]

    by = {"mean": np.float32([1, 2]), "scales": [np.float32(4), 2.0]}
    x = keras.Input((2,))
    model = keras.Model(x, layers.Lambda(scaled, arguments={"by": by})(x))
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    data = np.float32([[3, 4]])
    np.testing.assert_array_equal(again(data).numpy(), model(data).numpy())
    assert again.layers[1].arguments["by"]["mean"].dtype == np.float32
