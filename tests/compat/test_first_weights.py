"""Kernels as Keras 1 wrote them are put in the order of today."""

import numpy as np
import pytest

from keratorch import layers

pytestmark = pytest.mark.usefixtures("quiet")
RANDOM = np.random.default_rng(0)
IMAGES = RANDOM.random((2, 3, 6, 5)).astype("float32")
KERNEL = RANDOM.random((4, 3, 3, 2)).astype("float32")  # filters, channels, rows, ...
BIAS = RANDOM.random(4).astype("float32")


def built(order):
    layer = layers.Convolution2D(4, 3, 2, dim_ordering=order)
    layer.build(IMAGES.shape if order == "th" else (2, 6, 5, 3))
    return layer


def test_filters_may_come_first_where_channels_do():
    layer, last = built("th"), built("tf")
    layer.set_weights([KERNEL, BIAS])
    last.set_weights([KERNEL.transpose(2, 3, 1, 0), BIAS])
    np.testing.assert_array_equal(layer.get_weights()[0], last.get_weights()[0])
    expected = last(IMAGES.transpose(0, 2, 3, 1)).numpy().transpose(0, 3, 1, 2)
    np.testing.assert_allclose(layer(IMAGES).numpy(), expected, rtol=1e-5)


def test_kernels_of_today_stay_as_they_are():
    layer = built("th")
    layer.set_weights([KERNEL.transpose(2, 3, 1, 0), BIAS])
    np.testing.assert_array_equal(layer.get_weights()[0], KERNEL.transpose(2, 3, 1, 0))


def test_another_shape_is_the_error_that_it_was():
    with pytest.raises(ValueError, match="set_weights"):
        built("th").set_weights([KERNEL[:, :2], BIAS])
    with pytest.raises(ValueError, match="set_weights"):
        built("tf").set_weights([KERNEL, BIAS])
    with pytest.raises(ValueError, match="set_weights"):
        built("th").set_weights([])
