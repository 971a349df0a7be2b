import numpy as np
import pytest

from keratorch import config, layers
from keratorch.compat import dialect

X = np.ones((2, 8, 3), "float32")
LAYERS = [
    (lambda: layers.Conv1D(4, 3), (2, 6, 4)),
    (lambda: layers.SeparableConv1D(4, 3), (2, 6, 4)),
    (lambda: layers.MaxPooling1D(2), (2, 4, 3)),
    (lambda: layers.GlobalAveragePooling1D(), (2, 3)),
    (lambda: layers.ZeroPadding1D(1), (2, 10, 3)),
]


@pytest.fixture
def channels_first():
    config.set_image_data_format("channels_first")
    yield
    config.set_image_data_format("channels_last")


@pytest.mark.usefixtures("installed", "channels_first")
@pytest.mark.parametrize(("layer", "shape"), LAYERS)
def test_sequences_have_their_channels_last_in_an_older_script(layer, shape):
    assert layer()(X).shape == shape
    assert layers.MaxPooling2D(2)(np.ones((1, 3, 4, 6))).shape == (1, 3, 2, 3)


@pytest.mark.usefixtures("installed", "channels_first")
def test_they_go_by_what_is_said_of_images_in_a_script_of_keras_3():
    dialect.read("from keras import ops")
    try:
        assert layers.Conv1D(4, 3)(X).shape == (2, 4, 1)
    finally:
        dialect.forget()


@pytest.mark.usefixtures("channels_first")
def test_they_go_by_what_is_said_of_images_in_a_program_of_keratorch():
    assert layers.Conv1D(4, 3)(X).shape == (2, 4, 1)
