"""Constraints, regularizers and initializers give Keras's values and configurations."""

import numpy as np
import pytest

import keratorch as keras

from .references import assert_close, assert_same_config, each, float32, load

REFERENCES = load("weight_rules")
NAMES = [
    (module, name, cls)
    for module, names in REFERENCES["names"].items()
    for name, cls in names.items()
]


@each(REFERENCES["constraints"])
def test_constraints_make_the_weights_of_keras(case):
    constraint = getattr(keras.constraints, case["class"])(**case["arguments"])
    weight = float32(REFERENCES["weight"])
    found = constraint(weight)
    assert found.dtype == np.float32
    assert_close(found, case["value"])
    assert_close(constraint(keras.Variable(weight)), case["value"])
    np.testing.assert_array_equal(weight, float32(REFERENCES["weight"]))


@each(REFERENCES["regularizers"])
def test_regularizers_have_the_penalty_and_the_gradient_of_keras(case):
    weight = keras.GradArray(
        float32(REFERENCES["regularized_weight"]), requires_grad=True
    )
    penalty = getattr(keras.regularizers, case["class"])(**case["arguments"])(weight)
    assert_close(penalty.detach(), case["value"])
    penalty.backward()
    assert_close(weight.grad, case["gradient"])


@pytest.mark.parametrize("module", ["constraints", "regularizers"])
def test_configs_are_those_of_keras_and_make_the_same_again(module):
    room = getattr(keras, module)
    for case in REFERENCES[module]:
        made = getattr(room, case["class"])(**case["arguments"])
        assert_same_config(room.serialize(made), case["serialized"])
        again = room.deserialize(case["serialized"])
        assert_same_config(room.serialize(again), case["serialized"])
        assert_same_config(
            room.serialize(room.get(case["serialized"])), case["serialized"]
        )


@each(REFERENCES["waves"])
def test_waves_are_those_of_keras(case):
    initializer = keras.initializers.STFT(**case["arguments"])
    values = initializer(tuple(case["shape"]))
    assert values.dtype == np.float32
    assert_close(values, case["value"], atol=2e-6)
    assert_same_config(initializer.get_config(), case["config"])
    again = keras.initializers.STFT.from_config(case["config"])
    np.testing.assert_array_equal(again(case["shape"]), values)


@each(REFERENCES["shaped"])
def test_matrices_are_those_of_keras_up_to_a_rotation(case):
    cls = getattr(keras.initializers, case["class"])
    initializer = cls(**case["arguments"])
    matrix = np.asarray(initializer(tuple(case["shape"])))
    assert matrix.shape == tuple(case["shape"])
    matrix = matrix.reshape(-1, case["shape"][-1])
    matrix = matrix if len(matrix) <= case["shape"][-1] else matrix.T
    assert_close(matrix @ matrix.T, case["product"], atol=1e-5)
    if case["arguments"] != {"gain": 2.0}:  # Keras's Identity forgets its gain
        assert_same_config(initializer.get_config(), case["config"])


@pytest.mark.parametrize(("module", "name", "cls"), NAMES)
def test_names_stand_for_the_classes_of_keras(module, name, cls):
    assert type(getattr(keras, module).get(name)).__name__ == cls
