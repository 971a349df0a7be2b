"""Transposed convolutions return the shape that Keras 1's argument says."""

import pickle

import numpy as np
import pytest

import keratorch as keras
from keratorch import layers, ops

pytestmark = pytest.mark.usefixtures("quiet")
RANDOM = np.random.default_rng(0)


def built(*args, shape=(None, 4, 5, 3), **kwargs):
    layer = layers.Deconvolution2D(*args, **kwargs)
    layer.build(shape)
    return layer


@pytest.mark.parametrize(
    ("sizes", "padding", "lengths"),
    [
        ((2, 2), "valid", (8, 10)),
        ((2, 2), "valid", (9, 10)),
        ((2, 2), "valid", (9, 11)),
        ((3, 3), "same", (8, 10)),
        ((3, 3), "same", (7, 9)),
    ],
)
def test_they_are_the_gradient_of_the_convolution_of_such_images(
    sizes, padding, lengths
):
    layer = built(6, *sizes, (None, *lengths, 6), border_mode=padding, subsample=(2, 2))
    x = RANDOM.random((2, 4, 5, 3)).astype("float32")
    images = keras.GradArray(np.zeros((2, *lengths, 6), "float32"), requires_grad=True)
    back = ops.conv(images, layer.kernel.numpy(), 2, padding)
    (back * x).sum().backward()
    found = layer(x).numpy()
    assert found.shape == (2, *lengths, 6)
    np.testing.assert_allclose(found, images.grad, rtol=1e-4, atol=1e-5)
    pickle.dumps(layer.get_config())


def test_channels_may_come_first_and_the_batch_be_left_out():
    kwargs = {"subsample": (2, 2), "dim_ordering": "th", "shape": (None, 3, 4, 5)}
    layer = built(6, 2, 2, output_shape=(6, 9, 11), **kwargs)
    assert layer.compute_output_shape((None, 3, 4, 5)) == (None, 6, 9, 11)
    again = layers.Conv2DTranspose.from_config(layer.get_config())
    assert again.compute_output_shape((None, 3, 4, 5)) == (None, 6, 9, 11)


def test_unknown_lengths_follow_from_the_inputs():
    layer = built(6, 2, 2, (None, None, None, 6), subsample=(2, 2))
    assert layer.output_padding is None
    layer = built(6, 2, 2, (None, 9, 11, 6), shape=(None, None, None, 3))
    assert layer.output_padding is None


def test_first_weights_are_set_beside_it():
    weights = [np.ones((2, 2, 6, 3)), np.zeros(6)]
    kwargs = {"subsample": (2, 2), "weights": weights}
    layer = built(6, 2, 2, output_shape=(9, 11, 6), **kwargs)
    assert layer.output_padding == (1, 1) and (layer.get_weights()[0] == 1).all()
    assert "build" not in vars(layer)


def test_a_shape_that_no_image_has_is_refused():
    with pytest.raises(ValueError, match=r"\(12, 11\).*they have \(8, 10\)"):
        built(6, 2, 2, (None, 12, 11, 6), subsample=(2, 2))
