"""border_mode='full' equals a convolution behind a padding layer, and is written."""

import json

import numpy as np
import pytest

import keratorch as keras
from keratorch import layers
from keratorch.saving.legacy_config import modern_model

pytestmark = pytest.mark.usefixtures("quiet")
RANDOM = np.random.default_rng(0)
IMAGES = RANDOM.random((2, 7, 6, 3)).astype("float32")


def behind_zeros(layer, zeros):
    """Return a model of the same kernel, behind a layer that pads."""
    config = {**layer.get_config(), "padding": "valid", "name": "valid"}
    plain = type(layer).from_config(config)
    padding = getattr(layers, f"ZeroPadding{layer.rank}D")
    where = {} if layer.rank == 1 else {"data_format": layer.data_format}
    return keras.Sequential([padding(zeros, **where), plain])


@pytest.mark.parametrize(
    ("name", "args", "more", "zeros", "lengths"),
    [
        ("Convolution1D", (4, 3), {}, (2, 2), (9,)),
        ("Convolution1D", (4, 3), {"subsample_length": 2}, (2, 2), (5,)),
        ("Convolution2D", (4, 3, 2), {}, (2, 1), (9, 7)),
        ("Convolution2D", (4, 3, 3), {"subsample": (2, 3)}, (2, 2), (5, 3)),
        ("AtrousConvolution2D", (4, 3, 2), {"atrous_rate": (2, 3)}, (4, 3), (11, 9)),
        ("Convolution3D", (4, 1, 3, 2), {}, (0, 2, 1), (7, 8, 5)),
    ],
)
def test_each_place_where_a_kernel_meets_the_inputs(name, args, more, zeros, lengths):
    layer = getattr(layers, name)(*args, border_mode="full", **more)
    x = RANDOM.random((2, *(7, 6, 4)[: layer.rank], 3)).astype("float32")
    model = keras.Sequential([layer])
    y = model.predict(x, verbose=0)
    assert y.shape == layer.compute_output_shape(x.shape) == (2, *lengths, 4)
    plain = behind_zeros(layer, zeros)
    plain.build(x.shape)
    plain.set_weights(layer.get_weights())
    np.testing.assert_allclose(y, plain.predict(x, verbose=0), rtol=1e-6, atol=1e-6)


def test_kernels_learn_what_they_would_behind_zeros():
    layer = layers.Convolution2D(2, 3, 3, border_mode="full")
    model = keras.Sequential([layer])
    model.build(IMAGES.shape)
    plain = behind_zeros(layer, 2)
    plain.build(IMAGES.shape)
    plain.set_weights(model.get_weights())
    y = RANDOM.random((2, 9, 8, 2))
    for each in (model, plain):
        each.compile("sgd", "mse")
        each.fit(IMAGES, y, epochs=3, verbose=0)
    for found, expected in zip(model.get_weights(), plain.get_weights(), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


def test_channels_may_come_first():
    layer = layers.Convolution2D(4, 3, 3, border_mode="full", dim_ordering="th")
    last = layers.Convolution2D(4, 3, 3, border_mode="full")
    y = layer(IMAGES.transpose(0, 3, 1, 2))
    last.build(IMAGES.shape)
    last.set_weights(layer.get_weights())
    assert y.shape == (2, 4, 9, 8)
    expected = last(IMAGES).numpy()
    np.testing.assert_allclose(y.numpy().transpose(0, 2, 3, 1), expected, rtol=1e-5)
    assert layer.compute_output_shape((None, 3, None, 6)) == (None, 4, None, 8)


def test_the_other_rules_stay_as_they_are():
    for rule, length in (("valid", 5), ("same", 7)):
        assert layers.Conv2D(4, 3, padding=rule)(IMAGES).shape[1] == length
    assert layers.Conv1D(4, 3, padding="causal")(IMAGES[0]).shape == (7, 6, 4)
    with pytest.raises(ValueError, match="padding must be"):
        layers.DepthwiseConv2D(3, border_mode="full")


def test_a_model_is_saved_and_loaded(tmp_path):
    layer = layers.Convolution2D(4, 3, 3, border_mode="full", input_shape=(7, 6, 3))
    model = keras.Sequential([layer])
    model.save(tmp_path / "full.keras")
    again = keras.models.load_model(tmp_path / "full.keras")
    assert again.layers[0].border_mode == "full"
    assert again.output_shape == (None, 9, 8, 4)
    x = IMAGES
    np.testing.assert_array_equal(
        again.predict(x, verbose=0), model.predict(x, verbose=0)
    )


def test_a_configuration_of_keras_1_is_read():
    inner = {"nb_filter": 4, "nb_row": 3, "nb_col": 3, "border_mode": "full"}
    first = {"name": "first", "batch_input_shape": [None, 7, 6, 3]}
    described = [{"class_name": "Convolution2D", "config": {**inner, **first}}]
    config = {"class_name": "Sequential", "config": described}
    model = keras.models.model_from_json(json.dumps(modern_model(config)))
    assert model.output_shape == (None, 9, 8, 4)


@pytest.mark.parametrize("order", ["tf", "th"])
def test_functions_of_the_backend_know_it_too(order):
    K = keras.backend
    kernel = RANDOM.random((3, 2, 3, 4)).astype("float32")
    padded = np.pad(IMAGES, [(0, 0), (2, 2), (1, 1), (0, 0)])
    expected = K.conv2d(padded, kernel).numpy()
    x, w = IMAGES, kernel
    if order == "th":
        x, w = x.transpose(0, 3, 1, 2), w.transpose(3, 2, 0, 1)
    y = K.conv2d(x, w, border_mode="full", dim_ordering=order).numpy()
    y = y.transpose(0, 2, 3, 1) if order == "th" else y
    np.testing.assert_allclose(y, expected, rtol=1e-5)
