import json

import numpy as np
import pytest

import keratorch as keras
from keratorch import GradArray, config, dtype_policies, mixed_precision
from keratorch.dtype_policies import DTypePolicy


@pytest.fixture(autouse=True)
def restored():
    yield
    config.set_dtype_policy(None)
    config.set_floatx("float32")


def test_the_policy_for_all_follows_floatx_until_it_is_set():
    config.set_floatx("float64")
    assert config.dtype_policy().name == DTypePolicy().name == "float64"
    config.set_dtype_policy("float32")
    assert DTypePolicy() == DTypePolicy("float32")
    assert config.floatx() == "float64"


@pytest.mark.parametrize("name", ["mixed_float16", "mixed_bfloat16"])
def test_mixed_policies_keep_their_name_and_compute_in_float32(name):
    mixed_precision.set_global_policy(name)
    policy = mixed_precision.global_policy()
    assert policy.name == name
    assert policy.compute_dtype == policy.variable_dtype == "float32"
    assert keras.layers.Dense(1).dtype == "float32"


@pytest.mark.parametrize(
    "identifier",
    ["float64", np.float64, np.dtype("float64"), DTypePolicy("float64")],
)
def test_whatever_names_a_type_gets_its_policy(identifier):
    assert dtype_policies.get(identifier) == DTypePolicy("float64")


def test_a_policy_goes_through_json_in_keras_form():
    described = json.loads(json.dumps(dtype_policies.serialize(DTypePolicy("float64"))))
    assert described == {
        "module": "keras",
        "class_name": "DTypePolicy",
        "config": {"name": "float64"},
        "registered_name": None,
    }
    assert dtype_policies.get(described) == DTypePolicy("float64")
    with pytest.raises(ValueError, match="unknown dtype policy 'Policy64'"):
        dtype_policies.deserialize({**described, "class_name": "Policy64"})


@pytest.mark.parametrize(
    ("name", "error", "message"),
    [
        ("flaot32", ValueError, "Did you mean 'float32'"),
        ("bfloat16", ValueError, "received 'bfloat16'"),
        ("int8_from_float32", ValueError, "quantized policy"),
        (32, TypeError, "received 32"),
    ],
)
def test_other_names_are_refused(name, error, message):
    with pytest.raises(error, match=message):
        DTypePolicy(name)


def test_floats_are_cast_and_integers_stay():
    policy = DTypePolicy("float64")
    cast = policy.convert_input(GradArray([1.0], requires_grad=True), True, "float16")
    assert cast.dtype == "float16"
    assert policy.convert_input(np.ones(2, "float32"), False, "float64").dtype == "f4"
    assert policy.convert_input(np.ones(2, int), True, "float64").dtype == int
    assert policy.convert_input("text", True, "float64") == "text"
    x = keras.Input((2,))
    assert policy.convert_input(x, True, "float64").dtype == "float64"


@pytest.mark.parametrize("given", ["float64", DTypePolicy("float64"), None])
def test_layers_compute_in_the_type_of_their_policy(given):
    config.set_dtype_policy("float64" if given is None else "float32")
    layer = keras.layers.Dense(1, dtype=given)
    assert layer(np.ones((1, 2), np.float32)).dtype == layer.kernel.dtype == "float64"
    assert layer.dtype_policy == DTypePolicy("float64")
    assert layer.compute_dtype == layer.variable_dtype == "float64"


def test_a_layer_described_with_a_mixed_policy_is_made_in_float32():
    described = keras.layers.Dense(1).get_config()
    described["dtype"]["config"]["name"] = "mixed_float16"
    assert keras.layers.Dense.from_config(described).dtype == "float32"
