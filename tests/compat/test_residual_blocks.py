import importlib

import numpy as np
import pytest

import keratorch as keras

pytestmark = pytest.mark.usefixtures("installed")

X = np.random.default_rng(0).random((2, 6, 6, 8)).astype("float32")


def block(name, *args, **kwargs):
    room = importlib.import_module("keras.applications.resnet50")
    inputs = keras.Input(X.shape[1:])
    outputs = getattr(room, name)(inputs, 3, *args, **kwargs)
    return keras.Model(inputs, outputs)


def test_an_identity_block_adds_what_it_is_given():
    model = block("identity_block", [4, 5, 8], stage=2, block="b")
    assert [layer.name for layer in model.layers if layer.weights] == [
        *("res2b_branch2a", "bn2b_branch2a", "res2b_branch2b", "bn2b_branch2b"),
        *("res2b_branch2c", "bn2b_branch2c"),
    ]
    model.get_layer("res2b_branch2c").set_weights(
        [np.zeros((1, 1, 5, 8)), np.zeros(8)],
    )
    np.testing.assert_allclose(model.predict(X - 0.5), np.maximum(X - 0.5, 0))


@pytest.mark.parametrize(("strides", "rows"), [({}, 3), ({"strides": (1, 1)}, 6)])
def test_a_conv_block_has_a_convolution_beside(strides, rows):
    model = block("conv_block", [4, 5, 16], stage=3, block="a", **strides)
    assert model.output_shape == (None, rows, rows, 16)
    assert model.get_layer("res3a_branch1").kernel.shape == (1, 1, 8, 16)
    assert model.get_layer("res3a_branch2b").kernel.shape == (3, 3, 4, 5)
    assert model.get_layer("bn3a_branch1").epsilon == 1e-3
    assert model.predict(X).min() == 0


def test_channels_may_come_first():
    keras.config.set_image_data_format("channels_first")
    try:
        model = block("identity_block", (4, 4, 6), 2, "b")
        assert model.get_layer("bn2b_branch2a").gamma.shape == (4,)
    finally:
        keras.config.set_image_data_format("channels_last")
