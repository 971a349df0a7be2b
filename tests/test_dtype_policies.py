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
        ("int8_from_float32", ValueError, "dtype_policies.get"),
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


QUANTIZED = {
    "int8_from_float32": ("QuantizedDTypePolicy", {"mode": "int8"}),
    "int4_from_float32": ("QuantizedDTypePolicy", {"mode": "int4"}),
    "int4/-1_from_float32": ("Int4DTypePolicy", {"mode": "int4/-1"}),
    "gptq/4/128_from_float32": ("GPTQDTypePolicy", {"mode": "gptq/4/128"}),
    "awq/4/-1_from_float32": ("AWQDTypePolicy", {"mode": "awq/4/-1"}),
    "float8_from_float32": (
        "QuantizedFloat8DTypePolicy",
        {"mode": "float8", "amax_history_length": 1024},
    ),
}


@pytest.mark.parametrize("name", QUANTIZED)
def test_quantized_policies_have_keras_names_and_descriptions(name):
    policy = dtype_policies.get(name)
    kind, config = QUANTIZED[name]
    assert repr(policy) == f'<{kind} "{name}">'
    assert policy.compute_dtype == policy.variable_dtype == "float32"
    assert policy.quantization_mode == name.split("_")[0].split("/")[0]
    described = json.loads(json.dumps(dtype_policies.serialize(policy)))
    assert described == {
        "module": "keras.dtype_policies",
        "class_name": kind,
        "config": {**config, "source_name": "float32"},
        "registered_name": None,
    }
    assert dtype_policies.deserialize(described) == policy
    assert policy != DTypePolicy("float32") != policy


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda p: p.get("int8_from_float32_from_x"), ValueError, "has the form"),
        (lambda p: p.get("int8_from_flat32"), ValueError, "float32"),
        (lambda p: p.QuantizedDTypePolicy("int7"), ValueError, "int8.*int7"),
        (lambda p: p.get("int8_from_mixed_float16"), ValueError, "more range"),
        (lambda p: p.Int4DTypePolicy("int4"), ValueError, "int4/block_size"),
        (lambda p: p.Int4DTypePolicy("int4/0"), ValueError, "int4/0"),
        (lambda p: p.GPTQDTypePolicy("gptq/5/1"), ValueError, "(2, 3, 4, 8)"),
        (lambda p: p.AWQDTypePolicy("awq/4/x"), ValueError, "awq/4/x"),
        (lambda p: p.QuantizedFloat8DTypePolicy("float8", None, 1.5), TypeError, "1.5"),
        (lambda p: p.DTypePolicyMap(p.DTypePolicyMap()), ValueError, "one policy"),
        (lambda p: p.DTypePolicyMap(policy_map=3), TypeError, "dict.*3"),
        (lambda p: p.DTypePolicyMap(None, {"a": "flat"}), ValueError, "flat"),
    ],
)
def test_policies_that_cannot_be_are_refused(make, error, message):
    with pytest.raises(error, match=message):
        make(dtype_policies)


def test_a_map_finds_the_policy_of_a_path():
    policies = dtype_policies.DTypePolicyMap("float32", {"a/b": "float16"})
    policies["a/.*/c"] = "float64"
    assert policies["a/b"].name == "float16"
    assert policies["a/x/c"].name == "float64"
    assert policies["a"].name == policies.compute_dtype == "float32"
    assert policies.name == "map_float32"
    policies["a/x/.*"] = "float16"
    with pytest.raises(ValueError, match=r"'a/\.\*/c', 'a/x/\.\*'"):
        policies["a/x/c"]
    with pytest.raises(ValueError, match="already"):
        policies["a/b"] = "float32"
    del policies["a/b"]
    assert list(policies) == ["a/.*/c", "a/x/.*"]


def test_a_map_goes_through_json():
    policies = dtype_policies.DTypePolicyMap("float64", {"a": "int8_from_float32"})
    described = json.loads(json.dumps(dtype_policies.serialize(policies)))
    assert described["config"]["default_policy"] == "float64"
    assert dtype_policies.get(described) == policies
    for read in (keras.saving.deserialize_keras_object, dtype_policies.deserialize):
        assert read(described)["a"] == policies["a"]
    open_ended = dtype_policies.DTypePolicyMap(policy_map={"a": "float16"})
    described = dtype_policies.serialize(open_ended)
    assert described["config"]["policy_map"]["a"]["config"] == {"name": None}
    assert dtype_policies.get(described)["a"] == DTypePolicy()


def test_each_layer_computes_by_the_policy_of_its_path():
    policies = dtype_policies.DTypePolicyMap("float32", {"net/second": "float64"})
    first, second = (
        keras.layers.Dense(2, name=name, dtype=policies) for name in ("first", "second")
    )
    model = keras.Sequential([first, second], name="net")
    model.build((None, 3))
    assert [layer.kernel.dtype for layer in (first, second)] == ["float32", "float64"]
    assert second.get_config()["dtype"]["class_name"] == "DTypePolicyMap"
    second.dtype_policy = "float32"
    assert policies["net/second"].name == second.dtype == "float32"


def test_parts_of_attention_have_policies_of_their_own():
    policies = dtype_policies.DTypePolicyMap(
        "float32", {".*/query": "int8_from_float32"}
    )
    layer = keras.layers.MultiHeadAttention(2, 3, dtype=policies)
    x = np.ones((1, 4, 5), np.float32)
    layer(x, x)
    modes = {dense.name: dense.quantization_mode for dense in layer._sublayers()}
    assert modes["query"] == "int8"
    assert modes["key"] is modes["value"] is None


def test_layers_that_compute_in_floats_alone_refuse_a_quantized_policy():
    with pytest.raises(NotImplementedError, match="Dropout.*int8"):
        keras.layers.Dropout(0.5, dtype="int8_from_float32")
    with pytest.raises(NotImplementedError, match="Dense.*int4"):
        keras.layers.Dense(2, dtype="int4_from_float32")
