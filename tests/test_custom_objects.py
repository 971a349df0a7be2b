import functools

import pytest

import keratorch as keras
from keratorch.custom_objects import (
    CustomObjectScope,
    get_custom_objects,
    get_registered_name,
    get_registered_object,
    register_keras_serializable,
)
from keratorch.identifiers import resolve


class Mine(keras.layers.Layer):
    def call(self, inputs):
        return inputs


@pytest.fixture
def registered():
    others = dict(get_custom_objects())  # of tests that run in this process, too
    register_keras_serializable("pack", "Own")(Mine)
    yield
    get_custom_objects().clear()
    get_custom_objects().update(others)


def test_a_registered_class_is_known_by_package_and_name(registered):
    assert get_registered_name(Mine) == "pack>Own"
    assert get_registered_object("pack>Own") is Mine
    description = keras.layers.serialize(Mine(name="m"))
    assert description["registered_name"] == "pack>Own"
    assert isinstance(keras.layers.deserialize(description), Mine)


def test_names_of_a_scope_are_known_inside_it_alone():
    with CustomObjectScope({"Mine": Mine}):
        with CustomObjectScope({"other": Mine}):
            assert get_registered_object("Mine") is Mine
        assert get_registered_object("other") is None
        assert isinstance(resolve("Mine", {}, "layer"), Mine)
    assert get_registered_object("Mine") is None
    assert get_registered_object("Mine", {"Mine": 1}, {"Mine": 2}) == 1


def test_a_class_without_a_configuration_is_refused():
    with pytest.raises(ValueError, match=r"has no get_config\(\)"):
        register_keras_serializable()(int)


def test_what_has_no_name_is_known_by_its_class():
    class Scaled:
        __hash__ = None

        def __call__(self, x):
            return x

    assert get_registered_name(Scaled()) == "Scaled"
    assert get_registered_name(functools.partial(max, 0)) == "partial"
