"""Initializers draw from Keras's distributions."""

import numpy as np
import pytest

import keratorch as keras

from ..references import assert_same_config, each, load

CASES = load("layers")["initializers"]
CONFIGS = [c for c in load("configs")["cases"] if c["module"] == "initializers"]


@each(CASES)
def test_values_are_spread_as_those_of_keras(case):
    keras.utils.set_random_seed(1)
    values = getattr(keras.initializers, case["class"])(**case["arguments"])(
        tuple(case["shape"])
    )
    values = np.asarray(values)
    assert values.shape == tuple(case["shape"])
    assert values.dtype == np.float32
    spread = case["max"] - case["min"]
    assert values.mean() == pytest.approx(case["mean"], abs=0.01 * spread)
    assert values.std() == pytest.approx(case["std"], rel=0.02)
    # The extremes of a normal distribution without bounds scatter: a looser hold.
    unbounded = case["class"] == "RandomNormal" or "untruncated" in case["name"]
    tolerance = (0.2 if unbounded else 0.01) * spread
    assert values.min() == pytest.approx(case["min"], abs=tolerance)
    assert values.max() == pytest.approx(case["max"], abs=tolerance)


@each(CONFIGS)
def test_config_is_that_of_keras_and_makes_the_initializer_again(case):
    cls = getattr(keras.initializers, case["class"])
    assert_same_config(cls(**case["arguments"]).get_config(), case["config"])
    again = cls.from_config(case["config"])
    assert_same_config(again.get_config(), case["config"])
