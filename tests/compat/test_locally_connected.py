import numpy as np
import pytest

import keratorch as keras
from keratorch.layers import Input
from keratorch.models import Sequential

K = keras.backend
pytestmark = pytest.mark.usefixtures("quiet")
RANDOM = np.random.default_rng(0)


def test_each_place_has_a_kernel_of_its_own():
    layer = keras.layers.LocallyConnected1D(3, 2, strides=2)
    model = Sequential([Input((5, 4)), layer])
    x = RANDOM.normal(size=(6, 5, 4)).astype("float32")
    kernel, bias = layer.get_weights()
    assert kernel.shape == (2, 8, 3) and bias.shape == (2, 3)
    expected = [x[:, 2 * p : 2 * p + 2].reshape(6, 8) @ kernel[p] for p in (0, 1)]
    np.testing.assert_allclose(
        model.predict(x, verbose=0), np.stack(expected, 1), rtol=1e-5, atol=1e-6
    )


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_equal_kernels_are_a_convolution(data_format):
    options = {"strides": (2, 1), "data_format": data_format}
    local = keras.layers.LocallyConnected2D(3, (2, 3), **options)
    same = keras.layers.Conv2D(3, (2, 3), **options)
    shape = (6, 7, 2) if data_format == "channels_last" else (2, 6, 7)
    first, second = Sequential([Input(shape), local]), Sequential([Input(shape), same])
    kernel, bias = same.get_weights()
    places = local.get_weights()[0].shape[0]
    local.set_weights(
        [np.stack([kernel.reshape(-1, 3)] * places), 0 * local.get_weights()[1]]
    )
    x = RANDOM.normal(size=(4, *shape)).astype("float32")
    np.testing.assert_allclose(
        first.predict(x, verbose=0), second.predict(x, verbose=0), atol=1e-5
    )
    assert first.output_shape == second.output_shape
    assert bias.sum() == 0


def test_it_trains_and_comes_back_from_its_configuration(tmp_path):
    model = Sequential(
        [Input((6, 6, 2)), keras.layers.LocallyConnected2D(2, 3, activation="relu")]
    )
    model.compile("sgd", "mse")
    x, y = RANDOM.random((8, 6, 6, 2)), RANDOM.random((8, 4, 4, 2))
    loss = model.fit(x, y, epochs=5, verbose=0).history["loss"]
    assert loss[-1] < loss[0]
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(
        again.predict(x, verbose=0), model.predict(x, verbose=0)
    )


def test_local_convolutions_of_the_backend():
    x = RANDOM.random((2, 5, 3)).astype("float32")
    kernel = RANDOM.random((5, 3, 4)).astype("float32")
    found = K.local_conv1d(x, kernel, [1], [1]).numpy()
    np.testing.assert_allclose(found, np.einsum("bpk,pkf->bpf", x, kernel), rtol=1e-5)
    image = RANDOM.random((2, 3, 4, 4)).astype("float32")
    kernels = RANDOM.random((9, 12, 5)).astype("float32")
    found = K.local_conv2d(image, kernels, (2, 2), (1, 1), data_format="channels_first")
    assert found.shape == (2, 5, 3, 3)


def test_mistakes_say_what_to_do():
    with pytest.raises(ValueError, match="padding must be 'valid'.*received 'same'"):
        keras.layers.LocallyConnected1D(3, 2, padding="same")
    with pytest.raises(ValueError, match="known lengths.*Give them to Input"):
        Sequential([Input((None, 4)), keras.layers.LocallyConnected1D(3, 2)])
