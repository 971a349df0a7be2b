"""Convolution, pooling, padding, cropping and enlarging layers equal Keras's."""

import inspect

import numpy as np
import pytest

import keratorch as keras

from ..references import COUNTER, assert_close, assert_same_config, each, float32, load

REFERENCES = load("convolution_layers")
CASES = REFERENCES["cases"]


def build(case):
    """The layer with the stored weights, and its stored inputs."""
    inputs = float32(case["inputs"])
    layer = getattr(keras.layers, case["class"])(**case["arguments"])
    layer.build(inputs.shape)
    layer.set_weights([float32(weight) for weight in case["weights"]])
    return layer, inputs


@each(CASES)
def test_outputs_and_gradients_are_those_of_keras(case):
    layer, inputs = build(case)
    x = keras.GradArray(inputs, requires_grad=True)
    outputs = layer(x)
    assert outputs.dtype == np.float32
    assert_close(outputs.detach(), case["outputs"])
    (outputs * 1).backward(float32(case["upstream"]))
    assert_close(x.grad, case["input_gradient"], rtol=2e-5, atol=2e-6)
    for weight, stored in zip(layer.weights, case["weight_gradients"], strict=True):
        assert_close(weight.grad, stored, rtol=2e-5, atol=2e-6)


@each(CASES)
def test_shapes_counts_and_weight_names_are_those_of_keras(case):
    layer, inputs = build(case)
    shape = layer.compute_output_shape((None, *inputs.shape[1:]))
    assert list(shape) == case["output_shape"]
    assert layer.compute_output_shape(inputs.shape) == layer(inputs).shape
    assert layer.count_params() == case["count_params"]
    assert [weight.name for weight in layer.weights] == case["weight_names"]
    for weight, stored in zip(layer.weights, case["weight_paths"], strict=True):
        assert weight.path.split("/") == [layer.name, *stored]
    assert_close([float(loss) for loss in layer.losses], case["penalties"])


@each([case for case in CASES if "free_shape" in case])
def test_lengths_that_are_not_known_stay_so_as_in_keras(case):
    layer = getattr(keras.layers, case["class"])(**case["arguments"])
    free = layer.compute_output_shape(tuple(case["free_shape"]))
    assert list(free) == case["free_output_shape"]


@each(REFERENCES["configs"])
def test_config_is_that_of_keras_and_makes_the_layer_again(case):
    cls = getattr(keras.layers, case["class"])
    config = cls(**case["arguments"]).get_config()
    assert_same_config(config, case["config"])
    assert_same_config(cls.from_config(case["config"]).get_config(), case["config"])
    made = keras.layers.deserialize({"class_name": case["class"], "config": config})
    assert type(made) is cls


def number_of(name):
    """The number at the end of a name: 0 for 'conv2d', 2 for 'conv2d_2'."""
    found = COUNTER.search(name)
    return int(found.group()[1:]) if found else 0


@pytest.mark.parametrize("stored", REFERENCES["automatic_names"], ids=lambda s: s[0])
def test_automatic_names_count_as_in_keras(stored):
    cls, arguments, *names = stored
    made = [getattr(keras.layers, cls)(**arguments).name for _ in names]
    assert [COUNTER.sub("", name) for name in made] == [names[0]] * 2
    assert number_of(made[1]) == number_of(made[0]) + number_of(names[1])


@pytest.mark.parametrize(("alias", "name"), REFERENCES["aliases"].items())
def test_other_names_are_those_of_keras(alias, name):
    # Convolution2D(32, 3, 3) of Keras 1 needs a class of its own
    assert issubclass(getattr(keras.layers, alias), getattr(keras.layers, name))
    assert isinstance(getattr(keras.layers, alias), type)
    assert alias in keras.layers.__all__


@pytest.mark.parametrize(("cls", "names"), REFERENCES["signatures"].items())
def test_arguments_come_in_the_order_of_keras(cls, names):
    ours = inspect.signature(getattr(keras.layers, cls)).parameters
    assert list(ours) == names


def sequential(case):
    """The model of a case with its initial weights."""
    layers = [getattr(keras.layers, cls)(**options) for cls, options in case["layers"]]
    model = keras.Sequential([keras.Input(tuple(case["shape"])), *layers])
    model.set_weights([float32(weight) for weight in case["initial_weights"]])
    return model


@each(REFERENCES["models"])
def test_histories_of_models_are_those_of_keras(case):
    model = sequential(case)
    y = np.array(case["y"])
    y = y if case["labels"] == "classes" else y.astype(np.float32)
    model.compile(case["optimizer"], case["loss"], metrics=list(case["metrics"]))
    x = float32(case["x"])
    history = model.fit(x, y, batch_size=5, epochs=3, shuffle=False, verbose=0)
    assert history.history.keys() == case["history"].keys()
    for key, stored in case["history"].items():
        np.testing.assert_allclose(history.history[key], stored, rtol=0, atol=1e-5)
    assert_close(model.predict(x[:3], verbose=0), case["predict"], rtol=1e-4, atol=1e-5)


@each(REFERENCES["models"])
def test_rows_of_the_summary_are_those_of_keras(case):
    model = sequential(case)
    shape, shapes = model.input_shape, []
    for layer in model.layers:
        shape = layer.compute_output_shape(shape)
        shapes.append(list(shape))
    assert shapes == case["output_shapes"]
    assert [layer.count_params() for layer in model.layers] == case["counts"]
    stored = [[path.split("/")[-1], tuple(s)] for path, s in case["weight_names"]]
    assert [[w.name, w.shape] for w in model.weights] == stored
