import numpy as np
import pytest

import keratorch as keras
from keratorch import Input, layers

K = keras.backend
pytestmark = pytest.mark.usefixtures("quiet")
RANDOM = np.random.default_rng(0)
X = RANDOM.random((2, 5, 6, 3)).astype("float32")
KERNEL = RANDOM.random((3, 3, 3, 4)).astype("float32")


def test_convolutions_take_keras_1s_arguments():
    today = K.conv2d(X, KERNEL, padding="same").numpy()
    older = K.conv2d(X, KERNEL, border_mode="same", dim_ordering="tf", image_shape=None)
    np.testing.assert_array_equal(older, today)
    first, filters = X.transpose(0, 3, 1, 2), KERNEL.transpose(3, 2, 0, 1)
    older = K.conv2d(first, K.variable(filters), border_mode="same", dim_ordering="th")
    np.testing.assert_allclose(older.numpy().transpose(0, 2, 3, 1), today, rtol=1e-5)
    holes = K.conv2d(X, KERNEL, dilation_rate=(2, 2)).numpy()
    np.testing.assert_array_equal(K.atrous_conv2d(X, KERNEL, 2), holes)
    made = K.deconv2d(X, RANDOM.random((2, 2, 4, 3)), (2, 10, 12, 4), (2, 2))
    assert made.shape == (2, 10, 12, 4)


def test_pooling_takes_them_too():
    older = K.pool2d(X, (2, 2), (2, 2), border_mode="same", dim_ordering="default")
    np.testing.assert_array_equal(older, K.pool2d(X, (2, 2), (2, 2), "same"))
    assert K.pool2d(X, pool_size=(2, 2)).shape == (2, 4, 5, 3)


def test_padding_is_a_number_for_both_ends():
    assert K.temporal_padding(X[0], 2).shape == (5, 10, 3)
    assert K.temporal_padding(X[0], (1, 0)).shape == (5, 7, 3)
    assert K.spatial_2d_padding(X, (1, 2)).shape == (2, 7, 10, 3)
    assert K.spatial_2d_padding(X, padding=1, dim_ordering="tf").shape == (2, 7, 8, 3)
    assert K.asymmetric_spatial_2d_padding(X, 1, 0, 2, 0).shape == (2, 6, 8, 3)


def test_they_compute_on_symbols():
    def padded(x):
        return K.spatial_2d_padding(K.conv2d(x, KERNEL, border_mode="same"), (1, 1))

    assert layers.Lambda(padded)(Input((5, 6, 3))).shape == (None, 7, 8, 4)


def test_locally_connected_layers_take_keras_1s_arguments():
    layer = layers.LocallyConnected2D(4, 3, 2, border_mode="valid", subsample=(1, 2))
    assert layer.kernel_size == (3, 2) and layer.strides == (1, 2)
    layer = layers.LocallyConnected1D(4, filter_length=3, subsample_length=2)
    assert layer.kernel_size == (3,) and layer.strides == (2,)
    assert (layer.nb_filter, layer.filter_length) == (4, 3)
    assert layers.LocallyConnected2D(4, 3, implementation=2).strides == (1, 1)
