import pytest

import keratorch as keras
from keratorch.identifiers import from_config, resolve, serialize


class Box:
    def __init__(self, size=1):
        self.size = size

    def get_config(self):
        return {"size": self.size}

    @classmethod
    def from_config(cls, config):
        return cls(**config)


KNOWN = {"Box": Box, "box": Box}


def test_none_stays_none():
    assert resolve(None, KNOWN, "box") is None


@pytest.mark.parametrize(
    "identifier", ["Box", "box", Box, {"class_name": "Box"}, {"class_name": "box"}]
)
def test_names_classes_and_configurations_make_an_instance(identifier):
    assert resolve(identifier, KNOWN, "box").size == 1


def test_callables_come_back_as_they_came():
    assert resolve(len, KNOWN, "box") is len


def test_unknown_name_gets_a_suggestion_that_lists_each_class_once():
    with pytest.raises(ValueError, match="unknown box 'bx'.*'box'") as caught:
        resolve("bx", KNOWN, "box")
    assert "Known: box." in str(caught.value)


def test_what_stands_for_nothing_is_shown_in_short():
    with pytest.raises(ValueError, match="of type list") as caught:
        resolve(list(range(1000)), KNOWN, "box")
    assert len(str(caught.value)) < 200


def test_configuration_without_a_class_name_is_refused():
    with pytest.raises(ValueError, match=r"received one with the keys \['size'\]"):
        from_config({"size": 3}, KNOWN, "box")


def test_a_class_of_ones_own_is_named_by_its_own_module():
    description = serialize(Box(3), "keras.boxes")
    assert description["module"] == Box.__module__
    assert description["registered_name"] == "Box"
    assert from_config(description, KNOWN, "box").size == 3


def test_a_registered_function_is_found_by_its_name_alone():
    @keras.saving.register_keras_serializable("older")
    def thrice(x):
        return 3 * x

    described = {"class_name": "function", "config": "thrice"}
    assert keras.saving.deserialize_keras_object(described) is thrice
    with pytest.raises(TypeError, match="is its name"):
        keras.saving.deserialize_keras_object({**described, "config": ["thrice"]})


@pytest.mark.parametrize(
    ("room", "name", "kind"),
    [
        (keras.regularizers, "l2", "L2"),
        (keras.initializers, "Zeros", "Zeros"),
        (keras.constraints, "non_neg", "NonNeg"),
        (keras.optimizers, "adam", "Adam"),
    ],
)
def test_a_name_alone_is_deserialized(room, name, kind):
    assert type(room.deserialize(name)).__name__ == kind
    with pytest.raises(ValueError, match="unknown .* 'nothing'"):
        room.deserialize("nothing")
    with pytest.raises(ValueError, match="received 3 of type int"):
        room.deserialize(3)
