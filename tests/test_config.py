import numpy as np
import pytest

from keratorch import config, initializers


@pytest.fixture(autouse=True)
def restored():
    kept = config.floatx(), config.epsilon(), config.image_data_format()
    yield
    config.set_floatx(kept[0])
    config.set_epsilon(kept[1])
    config.set_image_data_format(kept[2])


def test_defaults_are_those_of_keras():
    assert config.floatx() == "float32"
    assert config.epsilon() == 1e-7
    assert config.image_data_format() == "channels_last"


def test_floatx_decides_the_type_of_new_weights():
    config.set_floatx("float64")
    assert initializers.Zeros()((2,)).dtype == np.float64


@pytest.mark.parametrize("value", ["bfloat16", "int32", "flaot32", 32, None])
def test_set_floatx_refuses_what_numpy_has_not(value):
    with pytest.raises(ValueError, match="Known: float16, float32, float64"):
        config.set_floatx(value)
    assert config.floatx() == "float32"


def test_set_epsilon_keeps_a_float():
    config.set_epsilon(np.float32(0.5))
    assert type(config.epsilon()) is float
    assert config.epsilon() == 0.5


@pytest.mark.parametrize("value", [0, -1e-7, float("nan"), float("inf")])
def test_set_epsilon_refuses_values_that_protect_nothing(value):
    with pytest.raises(ValueError, match="positive and finite"):
        config.set_epsilon(value)


@pytest.mark.parametrize("value", ["1e-7", None, True])
def test_set_epsilon_refuses_what_is_no_number(value):
    with pytest.raises(TypeError, match="must be a number"):
        config.set_epsilon(value)


def test_image_data_format_is_read_in_any_case():
    config.set_image_data_format("Channels_First")
    assert config.image_data_format() == "channels_first"


def test_unknown_image_data_format_gets_a_suggestion():
    with pytest.raises(ValueError, match="Did you mean 'channels_last'"):
        config.set_image_data_format("channel_last")


@pytest.mark.parametrize("limit", ["max_epochs", "max_steps_per_epoch"])
def test_limits_are_numbers_or_none(limit):
    read, write = getattr(config, limit), getattr(config, f"set_{limit}")
    assert read() is None
    write(3)
    assert read() == 3
    with pytest.raises(ValueError, match=f"{limit} must be an int > 0"):
        write(0)
    write(None)
    assert read() is None


def test_messages_are_interactive_until_they_are_not():
    assert config.is_interactive_logging_enabled()
    config.disable_interactive_logging()
    assert not config.is_interactive_logging_enabled()
    config.enable_interactive_logging()
    assert config.is_interactive_logging_enabled()


def test_numpy_is_the_only_backend():
    config.set_backend(config.backend())
    with pytest.raises(ValueError, match="received 'jax'"):
        config.set_backend("jax")


def test_files_run_no_code_whatever_is_enabled():
    with pytest.warns(UserWarning, match="never runs code from a file"):
        config.enable_unsafe_deserialization()


@pytest.mark.parametrize(
    ("wish", "default"), [("flash_attention", False), ("traceback_filtering", True)]
)
def test_wishes_that_change_nothing_are_remembered(wish, default):
    said = getattr(config, f"is_{wish}_enabled")
    assert said() is default
    for change, value in (("disable", False), ("enable", True)):
        getattr(config, f"{change}_{wish}")()
        assert said() is value
    getattr(config, f"{'enable' if default else 'disable'}_{wish}")()
