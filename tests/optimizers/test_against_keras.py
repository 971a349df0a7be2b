"""Optimizers take Keras's path over stored gradients."""

import numpy as np

import keratorch as keras

from ..references import assert_close, assert_same_config, each, float32, load

REFERENCES = load("optimizers")
CONFIGS = [c for c in load("configs")["cases"] if c["module"] == "optimizers"]
GRADIENTS = [[float32(part) for part in step] for step in REFERENCES["gradients"]]


def build(case):
    """A built optimizer and the two weights at their start."""
    variables = [keras.Variable(float32(weight)) for weight in REFERENCES["weights"]]
    optimizer = getattr(keras.optimizers, case["class"])(**case["arguments"])
    optimizer.build(variables)
    return optimizer, variables


@each(REFERENCES["cases"])
def test_weights_after_1_2_5_20_and_200_updates_are_those_of_keras(case):
    optimizer, variables = build(case)
    for step, gradients in enumerate(GRADIENTS, start=1):
        optimizer.apply(gradients, variables)
        for variable, stored in zip(
            variables, case["weights"].get(str(step), variables), strict=True
        ):
            if stored is not variable:
                assert variable.numpy().dtype == np.float32
                assert_close(variable.numpy(), stored, rtol=2e-5, atol=2e-6)
    assert int(optimizer.iterations) == case["iterations"]
    optimizer.finalize_variable_values(variables)
    for variable, stored in zip(variables, case["finalized"], strict=True):
        assert_close(variable.numpy(), stored, rtol=2e-5, atol=2e-6)


@each(REFERENCES["cases"])
def test_apply_leaves_the_gradients_as_they_were(case):
    optimizer, variables = build(case)
    gradients = [gradient.copy() for gradient in GRADIENTS[0]]
    optimizer.apply(gradients, variables)
    for gradient, stored in zip(gradients, GRADIENTS[0], strict=True):
        np.testing.assert_array_equal(gradient, stored)


@each(CONFIGS)
def test_config_is_that_of_keras_and_makes_the_optimizer_again(case):
    cls = getattr(keras.optimizers, case["class"])
    optimizer = cls(**case["arguments"])
    assert_same_config(optimizer.get_config(), case["config"])
    again = cls.from_config(case["config"])
    assert_same_config(again.get_config(), case["config"])
