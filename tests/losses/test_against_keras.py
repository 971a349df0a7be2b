"""Losses have Keras's values, and gradients with respect to the predictions."""

import warnings

import numpy as np

import keratorch as keras

from ..references import assert_close, assert_same_config, each, float32, load

REFERENCES = load("losses")
CONFIGS = [c for c in load("configs")["cases"] if c["module"] == "losses"]
CONFIGS += REFERENCES["configs"]
DATA = {
    name: np.array(values) if name.startswith("labels") else float32(values)
    for name, values in REFERENCES["data"].items()
}


def assert_agrees(case, loss, *weights):
    y_pred = keras.GradArray(DATA[case["y_pred"]], requires_grad=True)
    value = loss(DATA[case["y_true"]], y_pred, *weights)
    assert value.dtype == np.float32
    assert_close(value.detach(), case["value"])
    value.backward(float32(case["upstream"]))
    assert_close(y_pred.grad, case["gradient"], rtol=2e-5)


@each(REFERENCES["cases"])
def test_loss_object_has_the_value_and_gradient_of_keras(case):
    loss = getattr(keras.losses, case["class"])(**case["arguments"])
    weight = DATA[case["sample_weight"]] if case["sample_weight"] else None
    assert_agrees(case, loss, weight)


@each(REFERENCES["functions"])
def test_loss_function_has_the_values_and_gradient_of_keras(case):
    function = getattr(keras.losses, case["function"])

    def loss(y_true, y_pred):
        return function(y_true, y_pred, **case["arguments"])

    assert_agrees(case, loss)


@each(REFERENCES["cases"])
def test_loss_of_extreme_values_warns_of_nothing(case):
    loss = getattr(keras.losses, case["class"])(**case["arguments"])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        value = loss(DATA[case["y_true"]], DATA[case["y_pred"]])
    assert np.all(np.isfinite(np.asarray(value)))


@each(CONFIGS)
def test_config_is_that_of_keras_and_makes_the_loss_again(case):
    cls = getattr(keras.losses, case["class"])
    assert_same_config(cls(**case["arguments"]).get_config(), case["config"])
    again = cls.from_config(case["config"])
    assert_same_config(again.get_config(), case["config"])
