"""Layers that normalize, look up, disturb or bend give Keras's numbers."""

import re

import numpy as np
import pytest

import keratorch as keras

from ..references import (
    COUNTER,
    assert_close,
    assert_same_config,
    each,
    float32,
    load,
    plain,
)

REFERENCES = load("normalization_layers")
CASES = REFERENCES["cases"]


def build(case):
    """The layer with the stored weights, and its stored inputs."""
    options = case["options"]
    layer = getattr(keras.layers, case["class"])(**case["arguments"])
    layer.trainable = options.get("trainable", True)
    kind = np.int32 if "indices" in options else np.float32
    inputs = np.array(case["inputs"], kind)
    layer.build(inputs.shape)
    layer.set_weights([float32(weight) for weight in case["weights"]])
    return layer, inputs


def called(case):
    """The layer, its inputs as it takes them, and its outputs as stored options say."""
    layer, inputs = build(case)
    x = inputs if inputs.dtype.kind == "i" else keras.GradArray(inputs)
    return layer, x, layer(x, training=case["options"].get("training", False))


@each(CASES)
def test_outputs_and_gradients_are_those_of_keras(case):
    layer, x, outputs = called(case)
    assert outputs.dtype == np.float32
    assert_close(outputs.detach(), case["outputs"], rtol=2e-5, atol=2e-6)
    if outputs.requires_grad:
        (outputs * 1).backward(float32(case["upstream"]))
    if case["input_gradient"] is not None:
        assert_close(x.grad, case["input_gradient"], rtol=2e-5, atol=4e-6)
    for weight in layer.weights:
        if weight.name in case["weight_gradients"]:
            stored = case["weight_gradients"][weight.name]
            assert_close(weight.grad, stored, rtol=2e-5, atol=4e-6)
        else:
            assert weight.grad is None


@each(CASES)
def test_averages_move_as_in_keras_and_other_weights_stay(case):
    layer, _, _ = called(case)
    for weight, stored in zip(layer.weights, case["weights_after"], strict=True):
        assert_close(weight.numpy(), stored, rtol=1e-6, atol=1e-6)


@each(CASES)
def test_names_shapes_counts_and_penalties_are_those_of_keras(case):
    layer, x, _ = called(case)
    shape = layer.compute_output_shape((None, *x.shape[1:]))
    assert list(shape) == case["output_shape"]
    assert layer.count_params() == case["count_params"]
    assert [weight.name for weight in layer.weights] == case["weight_names"]
    assert [weight.name for weight in layer.trainable_weights] == case["trainable"]
    penalties = [float(np.asarray(loss.detach())) for loss in layer.losses]
    assert_close(penalties, case["penalties"])


@each(CASES)
def test_building_changes_the_config_as_in_keras(case):
    fresh = getattr(keras.layers, case["class"])(**case["arguments"])
    fresh.trainable = case["options"].get("trainable", True)
    expected = {**plain(fresh.get_config()), **case["config_changes"]}
    layer, _ = build(case)
    assert_same_config(layer.get_config(), expected)


@each(REFERENCES["configs"])
def test_config_is_that_of_keras_and_makes_the_layer_again(case):
    cls = getattr(keras.layers, case["class"])
    layer = cls(**case["arguments"])
    assert_same_config(layer.get_config(), case["config"])
    assert_same_config(cls.from_config(case["config"]).get_config(), case["config"])
    twin = keras.layers.deserialize(keras.layers.serialize(layer))
    assert_same_config(twin.get_config(), case["config"])


@pytest.mark.parametrize(
    ("name", "stored"), sorted(REFERENCES["automatic_names"].items())
)
def test_automatic_names_are_those_of_keras(name, stored):
    case = next(c for c in REFERENCES["configs"] if c["class"] == name)
    arguments = {k: v for k, v in case["arguments"].items() if k != "name"}
    made = getattr(keras.layers, name)(**arguments)
    assert COUNTER.sub("", made.name) == stored


def test_softmax_with_a_mask_is_that_of_keras():
    case = REFERENCES["masked_softmax"]
    mask = np.array(case["mask"])
    layer = keras.layers.Softmax()
    assert_close(layer(float32(case["inputs"]), mask=mask).detach(), case["outputs"])


@each(REFERENCES["adapted"])
def test_normalization_adapts_to_data_as_in_keras(case):
    layer = keras.layers.Normalization(**case["arguments"])
    data = float32(case["data"])
    if "mean" not in case["arguments"]:
        layer.adapt(data)
    assert_close(layer(data).detach(), case["outputs"])
    assert_close(layer.mean.numpy(), case["mean"])
    assert_close(layer.variance.numpy(), case["variance"])
    assert layer.count_params() == case["count_params"]
    assert [weight.name for weight in layer.weights] == case["weight_names"]
    for weight, stored in zip(layer.weights, case["weights"], strict=True):
        assert_close(weight.numpy(), stored)
    assert layer.trainable_weights == []
    assert_same_config(layer.get_config(), case["config"])


def train(case):
    """A model of stored weights, trained as the stored one, and its history."""
    model = keras.Sequential([keras.Input(tuple(case["model"]["input"]))])
    for name, arguments in case["model"]["layers"]:
        model.add(getattr(keras.layers, name)(**arguments))
    model.set_weights([float32(weight) for weight in case["weights"]])
    optimizer = getattr(keras.optimizers, case["optimizer"])(**case["arguments"])
    model.compile(optimizer, loss="mse", metrics=["mae"])
    kind = np.int32 if "indices" in case["model"] else np.float32
    x, y = np.array(case["train"][0], kind), float32(case["train"][1])
    held = np.array(case["validation"][0], kind), float32(case["validation"][1])
    history = model.fit(
        x,
        y,
        batch_size=4,
        epochs=3,
        shuffle=False,
        validation_data=held,
        verbose=0,
    )
    return model, history.history, held[0]


@each(REFERENCES["models"])
def test_history_weights_and_averages_after_three_epochs_are_those_of_keras(case):
    model, history, held = train(case)
    assert history.keys() == case["history"].keys()
    for key, values in case["history"].items():
        assert_close(history[key], values, rtol=1e-5, atol=1e-5)
    for weight, stored in zip(model.weights, case["weights_after"], strict=True):
        assert_close(weight.numpy(), stored, rtol=1e-5, atol=1e-5)
    outputs = model.predict(held, verbose=0)
    assert_close(outputs, case["predictions"], rtol=1e-5, atol=1e-5)


@each(REFERENCES["models"])
def test_trainable_and_other_weights_are_counted_as_in_keras(case):
    model, _, _ = train(case)
    assert [w.name for w in model.trainable_weights] == case["trainable"]
    assert [w.name for w in model.non_trainable_weights] == case["non_trainable"]
    lines = []
    model.summary(line_length=88, print_fn=lines.append)
    counts = [
        line.strip()
        for line in "".join(lines).splitlines()
        if re.search(r"(Total|[Tt]rainable) params:", line)
    ]
    stored = [line for line in case["counts"] if "Optimizer" not in line]
    assert counts[1:] == stored[1:]  # the total also counts the optimizer's
