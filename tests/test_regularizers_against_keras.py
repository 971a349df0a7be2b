"""Regularizers have Keras's penalties and gradients."""

import keratorch as keras

from .references import assert_close, assert_same_config, each, float32, load

REFERENCES = load("layers")
CONFIGS = [c for c in load("configs")["cases"] if c["module"] == "regularizers"]


@each(REFERENCES["regularizers"])
def test_penalty_and_its_gradient_are_those_of_keras(case):
    weight = keras.GradArray(
        float32(REFERENCES["regularized_weight"]), requires_grad=True
    )
    penalty = getattr(keras.regularizers, case["class"])(**case["arguments"])(weight)
    # A penalty of two zeros may leave the weight out: the sum keeps it in the graph.
    total = penalty + 0 * weight.sum()
    assert_close(total.detach(), case["value"])
    total.backward()
    assert_close(weight.grad, case["gradient"])


@each(CONFIGS)
def test_config_is_that_of_keras_and_makes_the_regularizer_again(case):
    cls = getattr(keras.regularizers, case["class"])
    assert_same_config(cls(**case["arguments"]).get_config(), case["config"])
    again = cls.from_config(case["config"])
    assert_same_config(again.get_config(), case["config"])
