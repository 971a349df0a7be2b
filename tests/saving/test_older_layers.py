"""Layers and calls as tf_keras 2.21 describes them."""

import json

import numpy as np
import pytest

from keratorch import layers, models
from keratorch.saving.legacy_config import modern_layer, modern_model

X = np.random.default_rng(0).normal(size=(2, 3)).astype("float32")


def made(kind, **config):
    described = {"class_name": kind, "config": {"trainable": True, **config}}
    return layers.deserialize(modern_layer(described))


@pytest.mark.parametrize(
    ("kind", "config"),
    [
        ("Conv1DTranspose", {"filters": 2, "kernel_size": 3, "groups": 1}),
        ("Conv2DTranspose", {"filters": 2, "kernel_size": 3, "groups": 1}),
        ("Conv3DTranspose", {"filters": 2, "kernel_size": 3, "groups": 1}),
        ("DepthwiseConv1D", {"kernel_size": 3, "groups": 1}),
        ("DepthwiseConv2D", {"kernel_size": 3, "groups": 1}),
        ("SeparableConv1D", {"filters": 2, "kernel_size": 3, "groups": 1}),
        ("SeparableConv2D", {"filters": 2, "kernel_size": 3, "groups": 1}),
        ("RandomBrightness", {"factor": 0.1, "rng_type": "stateful"}),
        ("RandomContrast", {"factor": 0.1, "rng_type": "stateful"}),
        ("RandomCrop", {"height": 2, "width": 2, "rng_type": "stateful"}),
        ("RandomFlip", {"rng_type": "legacy_stateful"}),
        ("RandomRotation", {"factor": 0.1, "rng_type": "stateful"}),
        ("RandomZoom", {"height_factor": 0.1, "rng_type": "stateful"}),
        (
            "RandomTranslation",
            {"height_factor": 0.1, "width_factor": 0.1, "rng_type": "stateful"},
        ),
        ("SpatialDropout1D", {"rate": 0.2, "noise_shape": None}),
        ("SpatialDropout2D", {"rate": 0.2, "noise_shape": None}),
        ("SpatialDropout3D", {"rate": 0.2, "noise_shape": None}),
        ("Discretization", {"bin_boundaries": [0.0], "dtype": "int64"}),
        ("IntegerLookup", {"vocabulary": [3, 5], "dtype": "int64"}),
        (
            "MultiHeadAttention",
            {
                **{"num_heads": 2, "key_dim": 3, "query_shape": [None, 6, 4]},
                **{"key_shape": [None, 6, 4], "value_shape": [None, 6, 4]},
            },
        ),
    ],
)
def test_what_a_layer_has_no_more_is_left_out(kind, config):
    assert type(made(kind, **config)).__name__ == kind


@pytest.mark.parametrize(
    ("kind", "config", "named"),
    [
        ("DepthwiseConv2D", {"kernel_size": 3, "groups": 2}, "groups"),
        ("SpatialDropout1D", {"rate": 0.2, "noise_shape": [1, 4]}, "noise_shape"),
        ("RandomFlip", {"rng_type": "stateless"}, "rng_type"),
    ],
)
def test_values_that_say_something_are_refused(kind, config, named):
    with pytest.raises((TypeError, ValueError), match=named):
        made(kind, **config)


def test_a_thresholded_relu_is_a_relu():
    layer = made("ThresholdedReLU", theta=0.5, name="threshold")
    assert layer.name == "threshold"
    assert layer(np.array([[-1, 0.4, 0.6]])).numpy().tolist() == [
        [0, 0, pytest.approx(0.6)]
    ]


@pytest.mark.parametrize("kind", ["RandomHeight", "RandomWidth"])
def test_images_of_random_sizes(kind):
    layer = made(kind, factor=0.1, rng_type="stateful", name="sizes")
    assert type(layer).__name__ == kind
    assert layer.get_config()["factor"] == 0.1


def _input(name, units):
    config = {"batch_input_shape": [None, units], "dtype": "float32", "name": name}
    return {"class_name": "InputLayer", "config": config}


def _dense(name, units):
    return {"class_name": "Dense", "config": {"name": name, "units": units}}


def _sequential(name, inputs, units):
    inside = [_input(f"{name}_input", inputs), _dense(f"{name}_dense", units)]
    return {"class_name": "Sequential", "config": {"name": name, "layers": inside}}


def _functional(name, inputs, units):
    start = {**_input(f"{name}_in", inputs), "name": f"{name}_in", "inbound_nodes": []}
    dense = {**_dense(f"{name}_dense", units), "name": f"{name}_dense"}
    dense["inbound_nodes"] = [[[f"{name}_in", 0, 0, {}]]]
    config = {
        "name": name,
        "layers": [start, dense],
        "input_layers": [[f"{name}_in", 0, 0]],
        "output_layers": [[f"{name}_dense", 0, 0]],
    }
    return {"class_name": "Functional", "config": config}


@pytest.mark.parametrize("first_call", [0, 1])
@pytest.mark.parametrize("kind", [_sequential, _functional])
def test_calls_of_models_inside_count_from_1(kind, first_call):
    start = {**_input("x", 3), "name": "x", "inbound_nodes": []}
    first = {**kind("first", 3, 3), "name": "first"}
    first["inbound_nodes"] = [[["x", 0, 0, {}]], [["first", first_call, 0, {}]]]
    last = {**kind("last", 3, 2), "name": "last"}
    last["inbound_nodes"] = [[["first", first_call + 1, 0, {}]]]
    inner = {
        "name": "model",
        "layers": [start, first, last],
        "input_layers": [["x", 0, 0]],
        "output_layers": [["last", first_call, 0]],
    }
    config = {"class_name": "Functional", "config": inner}
    before = json.dumps(config)
    model = models.Functional.from_config(modern_model(config)["config"])
    assert json.dumps(config) == before
    one, two = model.layers[1:]
    expected = two(one(one(X))).numpy()
    np.testing.assert_allclose(model(X).numpy(), expected, rtol=1e-6)
    again = models.Functional.from_config(model.get_config())
    again.set_weights(model.get_weights())
    np.testing.assert_allclose(again(X).numpy(), expected, rtol=1e-6)
