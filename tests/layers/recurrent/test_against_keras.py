"""Recurrent layers have Keras's numbers, shapes, masks, names and configurations."""

import numpy as np
import pytest

import keratorch as keras
from keratorch.layers import recurrent
from keratorch.masks import get_mask
from keratorch.nested import flatten

from ...references import COUNTER, assert_close, assert_same_config, each, float32, load

REFERENCES = load("recurrent_layers")
CASES = REFERENCES["cases"]


def class_of(name):
    return getattr(recurrent, name, None) or getattr(keras.layers, name)


def build(spec):
    """The layer of a case, those inside it made first."""
    if isinstance(spec, list):
        return [build(one) for one in spec]
    if not (isinstance(spec, dict) and "class" in spec):
        return spec
    arguments = {key: build(value) for key, value in spec["arguments"].items()}
    return class_of(spec["class"])(**arguments)


def with_weights(case):
    layer = build(case["layer"])
    layer.build(np.shape(case["inputs"][0]))
    layer.set_weights([float32(weight) for weight in case["weights"]])
    return layer


def without_counters(path):
    return "/".join(COUNTER.sub("", part) for part in path.split("/"))


@each(CASES)
def test_outputs_masks_and_gradients_are_those_of_keras(case):
    layer = with_weights(case)
    arguments = {}
    if case["mask"] is not None:
        arguments["mask"] = np.array(case["mask"], bool)
    states = [keras.GradArray(float32(state)) for state in case["states"]]
    if states:
        arguments["initial_state"] = states
    for inputs, stored in zip(case["inputs"], case["outputs"], strict=True):
        x = keras.GradArray(float32(inputs))
        outputs = flatten(layer(x, **arguments))
        for one, other in zip(outputs, stored, strict=True):
            assert one.dtype == np.float32
            assert_close(one.numpy(), other)
    masks = [get_mask(output) for output in outputs]
    assert [None if m is None else m.tolist() for m in masks] == case["output_masks"]
    if case["gradients"]:
        upstreams = [float32(g) for g in case["upstream"]]
        wanted = [x, *states, *layer.trainable_weights]
        found = keras.gradients(outputs, wanted, upstreams)
        for one, other in zip(found, case["gradients"], strict=True):
            assert_close(
                one, np.zeros(one.shape) if other is None else other, atol=5e-6
            )


@each(CASES)
def test_shapes_weight_names_and_losses_are_those_of_keras(case):
    layer = with_weights(case)
    shape = (2, *np.shape(case["inputs"][0])[1:])
    found = layer.compute_output_shape(shape)
    assert_same_config(found, case["output_shape"])
    assert [weight.name for weight in layer.weights] == case["weight_names"]
    paths = [without_counters(weight.path) for weight in layer.weights]
    assert paths == list(map(without_counters, case["weight_paths"]))
    layer(float32(case["inputs"][-1]))
    total = sum(float(np.asarray(loss.detach())) for loss in layer.losses)
    if case["mask"] is None and not case["states"]:
        assert total == pytest.approx(sum(case["losses"]), rel=1e-5)


@each([case for case in CASES if case["config"]])
def test_config_is_that_of_keras_and_makes_the_layer_again(case):
    layer = build(case["layer"])
    assert_same_config(layer.get_config(), case["config"])
    again = type(layer).from_config(case["config"])
    assert_same_config(again.get_config(), case["config"])


@each(REFERENCES["models"])
def test_histories_of_models_are_those_of_keras(case):
    x = np.array(case["inputs"])
    ids = x.dtype.kind == "i"
    start = keras.Input((5,), dtype="int32") if ids else keras.Input((5, 3))
    model = keras.Sequential([start, *build(case["stack"])])
    model.set_weights([float32(weight) for weight in case["weights"]])
    paths = [without_counters(weight.path) for weight in model.weights]
    assert paths == list(map(without_counters, case["paths"]))
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.optimizer.learning_rate = 0.02
    y, x = np.array(case["labels"]), x if ids else x.astype(np.float32)
    history = model.fit(x, y, epochs=3, batch_size=4, shuffle=False, verbose=0)
    for key, stored in case["history"].items():
        np.testing.assert_allclose(history.history[key], stored, atol=1e-5)
    assert_close(model.predict(x, verbose=0), case["predict"], rtol=1e-4)
