import copy
import json
import pickle

import pytest

from keratorch.utils.config import Config


def test_values_are_items_and_attributes():
    config = Config(b=1)
    config.a = 2
    config["c"] = 3
    assert (config.b, config["a"], config.get("d", 4)) == (1, 2, 4)
    assert list(config) == ["a", "b", "c"]
    assert config.as_dict() == json.loads(config.to_json()) == {"a": 2, "b": 1, "c": 3}
    config.update(a=5)
    assert config.pop("a") == 5
    assert "a" not in config


def test_a_frozen_config_refuses_changes_until_it_is_open_again():
    config = Config(a=1)
    config.freeze()
    for change in (
        lambda: setattr(config, "a", 2),
        lambda: config.update(b=2),
        lambda: config.pop("a"),
        lambda: config.__delitem__("a"),
    ):
        with pytest.raises(ValueError, match="while the config is frozen"):
            change()
    config.unfreeze()
    config.a = 2
    assert config.a == 2


def test_an_unknown_value_gets_a_suggestion_and_a_method_is_kept():
    config = Config(learning_rate=0.1)
    with pytest.raises(AttributeError, match="Did you mean 'learning_rate'"):
        config.learning_rat  # noqa: B018
    with pytest.raises(AttributeError, match=r"config\['keys'\] ="):
        config.keys = 1


def test_copies_hold_the_same_values():
    config = Config(a=[1])
    assert copy.deepcopy(config) == pickle.loads(pickle.dumps(config)) == config
