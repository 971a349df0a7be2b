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
