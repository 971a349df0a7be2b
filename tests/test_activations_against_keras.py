"""Activations have Keras's values and gradients."""

import numpy as np
import pytest

import keratorch as keras

from .references import assert_close, each, float32, load

REFERENCES = load("activations")
GRID, TABLE = float32(REFERENCES["grid"]), float32(REFERENCES["table"])
KINKS = float32(REFERENCES["kinks"])


def assert_agrees(case, inputs):
    x = keras.GradArray(inputs, requires_grad=True)
    outputs = getattr(keras.activations, case["function"])(x, **case["arguments"])
    # `linear` may answer its argument itself: the product makes a graph.
    (outputs * 1).backward(float32(case["upstream"]))
    assert outputs.dtype == np.float32
    assert_close(outputs.detach(), case["outputs"])
    assert_close(x.grad, case["gradient"], rtol=2e-5, atol=2e-6)


@each(REFERENCES["elementwise"])
def test_elementwise_activation_has_the_values_and_gradients_of_keras(case):
    assert_agrees(case, GRID)


@each(REFERENCES["elementwise"])
def test_activation_has_the_values_of_keras_where_its_formula_changes(case):
    outputs = getattr(keras.activations, case["function"])(
        keras.GradArray(KINKS), **case["arguments"]
    )
    assert_close(outputs.detach(), case["at_kinks"])


@each(REFERENCES["along_axis"])
def test_activation_along_an_axis_has_the_values_and_gradients_of_keras(case):
    assert_agrees(case, TABLE)


@pytest.mark.parametrize("name", ["relu", "elu", "selu", "softmax", "gelu", "swish"])
def test_name_of_an_activation_stands_for_its_function(name):
    assert keras.activations.get(name) is getattr(keras.activations, name)
