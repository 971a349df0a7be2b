"""A layer computes in a type of its own, and says in which."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import layers


class Kept(layers.Layer):
    """Hands its inputs on, and remembers their type."""

    def call(self, inputs):
        self.seen = inputs.dtype
        return inputs


def test_policy_that_a_layer_was_given_stands_in_its_configuration():
    layer = layers.Dense(2, dtype="mixed_float16")
    assert layer.dtype_policy.name == "mixed_float16"
    assert layer.get_config()["dtype"]["config"] == {"name": "mixed_float16"}
    assert layers.Dense.from_config(layer.get_config()).dtype == "float32"


def test_policy_may_be_set():
    layer = layers.Dense(2)
    layer.dtype_policy = "float64"
    assert layer.compute_dtype == layer.variable_dtype == layer.input_dtype == "float64"
    assert layer(np.ones((1, 3))).dtype == np.float64
    assert layer.kernel.dtype == "float64"
    layer.dtype_policy = keras.DTypePolicy("float32")
    assert layer.dtype == "float32"
    assert layer.quantization_mode is None


@pytest.mark.parametrize(("autocast", "seen"), [(True, "float32"), (False, "float64")])
def test_autocast_says_whether_floats_become_the_layers(autocast, seen):
    layer = Kept(autocast=autocast)
    layer(np.ones(3))
    assert layer.seen == seen
    layer(keras.GradArray(np.ones(3), requires_grad=True))
    assert layer.seen == seen


def test_complex_numbers_reach_a_layer_of_ones_own():
    layer = Kept()
    np.testing.assert_array_equal(layer(np.array([[1 + 2j]])).numpy(), [[1 + 2j]])
    with pytest.raises(TypeError, match="x.real"):
        layers.Dense(2)(np.ones((1, 3), complex))


def test_layer_of_ones_own_may_compute_in_integers():
    layer = Kept(dtype="int64")
    assert layer(np.array([1.7, 2.0])).numpy().tolist() == [1, 2]
    assert layer.seen == np.int64
    assert layer(keras.Input((2,))).dtype == "int64"
    x = keras.GradArray(np.array([1.7]), requires_grad=True)
    assert layer(x).numpy().tolist() == [1]
    with pytest.raises(ValueError, match="float type"):
        layers.Dense(2, dtype="int64")


@pytest.mark.parametrize(
    "make",
    [
        layers.Flatten,
        lambda **options: layers.Reshape((2, 2), **options),
        lambda **options: layers.Permute((1,), **options),
        lambda **options: layers.RepeatVector(2, **options),
        layers.Identity,
        lambda **options: layers.Lambda(np.square, **options),
    ],
)
@pytest.mark.parametrize(
    ("dtype", "given", "made"),
    [
        ("int32", "float32", "int32"),
        ("int32", "int64", "int64"),  # as in Keras: integers are never cast
        ("int64", "float64", "int64"),
    ],
)
def test_layers_that_move_numbers_may_have_an_integer_dtype(make, dtype, given, made):
    layer = make(dtype=dtype)
    out = layer(np.full((2, 4), 1.7).astype(given))
    assert layer.compute_dtype == dtype
    assert out.dtype == made
    assert (out.numpy() == 1).all()


def test_layers_that_merge_may_have_an_integer_dtype():
    x = np.full((2, 4), 1.7)
    for layer in (layers.Concatenate, layers.Add, layers.Maximum):
        assert layer(dtype="int32")([x, x]).dtype == np.int32
    with pytest.raises(ValueError, match="must be a float type; received 'int32'"):
        layers.Average(dtype="int32")


@pytest.mark.parametrize(
    ("layer", "inputs"),
    [
        (layers.CategoryEncoding(3, output_mode="one_hot", dtype="int32"), [[0, 2]]),
        (layers.CategoryEncoding(3, output_mode="count", dtype="int32"), [[0, 2]]),
        (layers.CategoryEncoding(3, dtype="int32"), [[0, 2]]),
        (layers.Discretization([1.0], output_mode="one_hot", dtype="int32"), [[0.5]]),
    ],
)
def test_encodings_may_be_integers(layer, inputs):
    again = type(layer).from_config(layer.get_config())
    out = layer(np.array(inputs))
    assert out.dtype == again(np.array(inputs)).dtype == np.int32
    assert layer(keras.Input(out.shape[1:2], dtype="int32")).dtype == "int32"


@pytest.mark.parametrize("dtype", ["int32", "int64", "float32"])
def test_the_dtype_of_lookups_changes_no_outputs(dtype):
    numbers = layers.IntegerLookup(vocabulary=[7, 8], dtype=dtype)
    texts = layers.StringLookup(vocabulary=["a"], output_mode="count", dtype=dtype)
    assert numbers(np.array([8, 9])).numpy().tolist() == [2, 0]
    assert numbers(np.array([8])).dtype == texts([["a"]]).dtype == np.int64
    words = layers.TextVectorization(vocabulary=["a"], dtype=dtype)
    assert words(["a"]).numpy().tolist() == [[2]]
