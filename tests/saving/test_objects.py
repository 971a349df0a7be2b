"""Objects of all rooms as configurations, and back."""

import json

import pytest

import keratorch as keras
from keratorch.saving import (
    deserialize_keras_object,
    register_keras_serializable,
    serialize_keras_object,
)


@pytest.mark.parametrize(
    ("thing", "module"),
    [
        (keras.random.SeedGenerator(3, name="noise"), "keras.random"),
        (keras.dtype_policies.DTypePolicy("float64"), "keras"),
        (
            keras.optimizers.OptimizerMap(
                keras.optimizers.SGD(0.5), {"a/.*": keras.optimizers.Adam(0.25)}
            ),
            "keras.optimizers",
        ),
        (
            keras.metrics.MeanMetricWrapper(keras.losses.mean_squared_error),
            "keras.metrics",
        ),
    ],
)
def test_what_stands_in_no_table_comes_back(thing, module):
    config = serialize_keras_object(thing)
    assert config["module"] == module
    again = deserialize_keras_object(json.loads(json.dumps(config)))
    assert type(again) is type(thing)
    assert serialize_keras_object(again) == config


def test_a_class_of_the_same_name_is_the_users_own():
    @register_keras_serializable("objects_tests")
    class SeedGenerator:
        def get_config(self):
            return {}

        @classmethod
        def from_config(cls, config):
            return cls()

    again = deserialize_keras_object(serialize_keras_object(SeedGenerator()))
    assert isinstance(again, SeedGenerator)
