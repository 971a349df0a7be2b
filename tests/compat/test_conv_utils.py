import itertools

import numpy as np
import pytest

import keratorch as keras
from keratorch.compat.functions import conv_utils

pytestmark = pytest.mark.usefixtures("quiet")


@pytest.mark.parametrize("padding", ["valid", "same"])
def test_lengths_are_those_of_the_layers(padding):
    for size, stride in itertools.product((2, 3, 5), (1, 2, 3)):
        x = keras.Input((11, 1))
        after = keras.layers.Conv1D(1, size, strides=stride, padding=padding)(x)
        assert after.shape[1] == conv_utils.conv_output_length(
            11, size, padding, stride
        )
        back = keras.layers.Conv1DTranspose(1, size, strides=stride, padding=padding)(x)
        assert back.shape[1] == conv_utils.deconv_length(11, stride, size, padding)


def test_unknown_lengths_stay_unknown():
    assert conv_utils.conv_output_length(None, 3, "valid", 1) is None
    assert conv_utils.conv_input_length(None, 3, "valid", 1) is None
    assert conv_utils.deconv_length(None, 2, 3, "same") is None
    assert conv_utils.conv_input_length(26, 3, "valid", 1) == 28


def test_what_layers_of_ones_own_ask_for():
    assert keras.backend.normalize_data_format(None) == "channels_last"
    assert conv_utils.normalize_data_format("Channels_First") == "channels_first"
    assert conv_utils.normalize_tuple(np.array([2, 3]), 2, "size") == (2, 3)
    assert conv_utils.normalize_padding("SAME") == "same"


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        ("normalize_data_format", ("th",), "'channels_last'.*received 'th'"),
        ("normalize_tuple", ((1, 2), 3, "strides"), "strides must be 3 integers"),
        ("normalize_tuple", (None, 2, "strides"), "strides must be 2 integers"),
        ("normalize_padding", ("half",), "padding must be.*received 'half'"),
        ("conv_output_length", (9, 3, "half", 1), "one of 'same'.*received 'half'"),
        ("conv_input_length", (9, 3, "half", 1), "one of 'same'.*received 'half'"),
    ],
)
def test_mistakes_are_named(function, arguments, message):
    with pytest.raises(ValueError, match=message):
        getattr(conv_utils, function)(*arguments)
