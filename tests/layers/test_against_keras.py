"""Layers with given weights have Keras's outputs, gradients, shapes and names."""

import numpy as np
import pytest

import keratorch as keras

from ..references import COUNTER, assert_close, assert_same_config, each, float32, load

REFERENCES = load("layers")
CONFIGS = [c for c in load("configs")["cases"] if c["module"] == "layers"]


def build(case):
    """The layer with the stored weights, and its stored inputs."""
    inputs = float32(case["inputs"])
    layer = getattr(keras.layers, case["class"])(**case["arguments"])
    layer.build(inputs.shape)
    layer.set_weights([float32(weight) for weight in case["weights"]])
    return layer, inputs


@each(REFERENCES["cases"])
def test_outputs_and_gradients_are_those_of_keras(case):
    layer, inputs = build(case)
    x = keras.GradArray(inputs, requires_grad=True)
    outputs = layer(x)
    assert outputs.dtype == np.float32
    assert_close(outputs.detach(), case["outputs"])
    (outputs * 1).backward(float32(case["upstream"]))
    assert_close(x.grad, case["input_gradient"])
    for weight, stored in zip(layer.weights, case["weight_gradients"], strict=True):
        assert_close(weight.grad, stored)


@each(REFERENCES["cases"])
def test_layer_takes_plain_arrays_too(case):
    layer, inputs = build(case)
    assert_close(layer(inputs).detach(), case["outputs"])


@each(REFERENCES["cases"])
def test_shapes_counts_and_weight_names_are_those_of_keras(case):
    layer, inputs = build(case)
    shape = layer.compute_output_shape((None, *inputs.shape[1:]))
    assert list(shape) == case["output_shape"]
    assert layer.count_params() == case["count_params"]
    assert [weight.name for weight in layer.weights] == case["weight_names"]
    for weight, stored in zip(layer.weights, case["weight_paths"], strict=True):
        assert weight.path.split("/") == [layer.name, *stored]


@each(REFERENCES["cases"])
def test_penalties_of_a_layer_are_those_of_keras(case):
    layer, _ = build(case)
    assert_close(
        [float(np.asarray(loss.detach())) for loss in layer.losses] or [],
        case["penalties"],
    )


@each(CONFIGS)
def test_config_is_that_of_keras_and_makes_the_layer_again(case):
    cls = getattr(keras.layers, case["class"])
    assert_same_config(cls(**case["arguments"]).get_config(), case["config"])
    again = cls.from_config(case["config"])
    assert_same_config(again.get_config(), case["config"])


def number_of(name):
    """The number at the end of a name: 0 for 'dense', 2 for 'dense_2'."""
    found = COUNTER.search(name)
    return int(found.group()[1:]) if found else 0


def test_automatic_names_count_as_in_keras():
    arguments = {
        "Dense": (2,),
        "Dropout": (0.5,),
        "Flatten": (),
        "Reshape": ((2,),),
        "Activation": ("relu",),
    }
    start = {}
    for cls, stored in REFERENCES["automatic_names"]:
        if cls == "Sequential":
            made = keras.Sequential()
        else:
            made = getattr(keras.layers, cls)(*arguments[cls])
        start.setdefault(cls, number_of(made.name))
        assert COUNTER.sub("", made.name) == COUNTER.sub("", stored)
        assert number_of(made.name) - start[cls] == number_of(stored)


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.8])
def test_dropout_keeps_the_mean_and_drops_the_share_that_keras_drops(rate):
    x = np.ones((400, 500), dtype=np.float32)
    outputs = np.asarray(keras.layers.Dropout(rate, seed=3)(x, training=True))
    assert outputs.dtype == np.float32
    assert np.mean(outputs == 0) == pytest.approx(rate, abs=0.01)
    np.testing.assert_allclose(outputs[outputs != 0], 1 / (1 - rate), rtol=1e-6)


def test_dropout_noise_shape_drops_whole_rows_as_in_keras():
    x = np.ones((300, 7), dtype=np.float32)
    layer = keras.layers.Dropout(0.5, noise_shape=(None, 1), seed=3)
    outputs = np.asarray(layer(x, training=True))
    assert np.all(outputs == outputs[:, :1])
    assert 0.3 < np.mean(outputs == 0) < 0.7
