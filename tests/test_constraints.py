"""Constraints: what they allow, their names, and mistakes."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import constraints


def test_a_constraint_of_ones_own_is_found_by_custom_objects():
    class Whole(constraints.Constraint):
        def __call__(self, w):
            return np.round(w)

    config = constraints.serialize(Whole())
    assert config["class_name"] == "Whole"
    found = constraints.deserialize(config, custom_objects={"Whole": Whole})
    assert found(np.array([0.6])) == 1.0


def test_the_base_leaves_weights_as_they_are():
    assert constraints.Constraint()(3.0) == 3.0
    assert constraints.Constraint().get_config() == {}


def test_lower_case_names_are_the_classes():
    assert constraints.max_norm is constraints.MaxNorm
    assert constraints.min_max_norm is constraints.MinMaxNorm
    assert constraints.non_neg is constraints.NonNeg
    assert constraints.unit_norm is constraints.UnitNorm


@pytest.mark.parametrize("constraint", ["non_neg", constraints.NonNeg])
def test_a_layer_keeps_its_constraint_after_each_update(constraint):
    layer = keras.layers.Dense(3, kernel_constraint=constraint)
    model = keras.Sequential([keras.Input((2,)), layer])
    model.compile("sgd", loss="mse")
    model.fit(np.ones((4, 2)), -np.ones((4, 3)), epochs=20, verbose=0)
    assert (layer.kernel.numpy() >= 0).all()
    assert (layer.kernel.numpy() == 0).any()


def test_lists_become_floats_and_float64_stays():
    assert constraints.NonNeg()([-1, 2]).dtype == np.float32
    assert constraints.UnitNorm()(np.ones((2, 2))).dtype == np.float64


@pytest.mark.parametrize("config", [None, "max_norm", constraints.MaxNorm(3.0)])
def test_serialize_gives_back_what_get_takes(config):
    found = constraints.get(config)
    described = constraints.serialize(found)
    assert constraints.serialize(constraints.get(described)) == described


def test_an_unknown_name_is_answered_with_the_nearest():
    with pytest.raises(ValueError, match="Did you mean 'max_norm'"):
        constraints.get("max_nrom")
