import hashlib
import json

import numpy as np
import pytest

import keratorch as keras
from keratorch import applications
from keratorch.applications import imagenet_utils
from keratorch.applications.imagenet_utils import (
    correct_pad,
    decode_predictions,
    obtain_input_shape,
    preprocess_input,
)

MODES = ("caffe", "tf", "torch")
FORMATS = ("channels_last", "channels_first")
# A pixel of 10, 20, 30 as Keras 3.15 gives it back.
PIXELS = {
    "caffe": [-73.939, -96.779, -113.68],
    "tf": [-0.92156863, -0.84313726, -0.7647059],
    "torch": [-1.9466566, -1.6855742, -1.2815515],
}
MODE_OF = {
    "caffe": ["resnet", "resnet50", "vgg16", "vgg19"],
    "torch": ["densenet"],
    "tf": [
        "inception_resnet_v2",
        "inception_v3",
        "mobilenet",
        "mobilenet_v2",
        "nasnet",
        "resnet_v2",
        "xception",
    ],
}
UNCHANGED = ["convnext", "efficientnet", "efficientnet_v2", "mobilenet_v3"]


def pixels(data_format, ndim, dtype="float32"):
    x = np.empty((4, 5, 3), dtype)
    x[:] = [10, 20, 30]
    x = x if data_format == "channels_last" else np.moveaxis(x, -1, 0).copy()
    return x if ndim == 3 else np.stack([x, x])


def as_channels_last(x, data_format):
    return x if data_format == "channels_last" else np.moveaxis(x, -3, -1)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("data_format", FORMATS)
@pytest.mark.parametrize("ndim", [3, 4])
def test_images_become_those_of_keras(mode, data_format, ndim):
    x = pixels(data_format, ndim)
    whole = pixels(data_format, ndim, "uint8")
    recorded = keras.GradArray(x, requires_grad=True)
    shown = keras.Input(batch_shape=x.shape)
    model = keras.Model(shown, preprocess_input(shown, data_format, mode))
    found = [
        model.predict(x, batch_size=len(x), verbose=0),
        preprocess_input(recorded, data_format, mode).numpy(),
        preprocess_input(whole, data_format, mode),
        preprocess_input(x, data_format, mode),
    ]
    for y in found:
        assert y.dtype == np.float32
        y = as_channels_last(y, data_format)
        np.testing.assert_allclose(y, np.broadcast_to(PIXELS[mode], y.shape), rtol=2e-5)


@pytest.mark.parametrize("mode", MODES)
def test_an_array_of_floats_is_overwritten_and_others_are_not(mode):
    x = pixels("channels_last", 4, "float64")
    y = preprocess_input(x, mode=mode)
    assert y.dtype == np.float64 and np.shares_memory(x, y)
    fixed = pixels("channels_last", 4)
    fixed.flags.writeable = False
    np.testing.assert_allclose(preprocess_input(fixed, mode=mode), y, rtol=2e-5)
    recorded = keras.GradArray(pixels("channels_last", 4))
    preprocess_input(recorded, mode=mode)
    np.testing.assert_array_equal(recorded.numpy(), pixels("channels_last", 4))


def test_gradients_pass():
    x = keras.GradArray(pixels("channels_last", 4), requires_grad=True)
    preprocess_input(x, mode="torch").sum().backward()
    expected = 1 / 255 / np.array([0.229, 0.224, 0.225])
    np.testing.assert_allclose(x.grad[0, 0, 0], expected, rtol=1e-5)


@pytest.mark.parametrize("mode", MODE_OF)
def test_each_network_has_its_mode(mode):
    for name in MODE_OF[mode]:
        module = getattr(applications, name)
        y = module.preprocess_input(pixels("channels_last", 4))
        np.testing.assert_allclose(y[0, 0, 0], PIXELS[mode], rtol=2e-5)
        assert module.decode_predictions is decode_predictions


@pytest.mark.parametrize("name", UNCHANGED)
def test_some_networks_scale_images_themselves(name):
    x = pixels("channels_last", 4)
    module = getattr(applications, name)
    assert module.preprocess_input(x) is x
    assert module.decode_predictions is decode_predictions


def test_the_settings_say_where_the_channels_are():
    keras.config.set_image_data_format("channels_first")
    try:
        y = preprocess_input(pixels("channels_first", 4))
    finally:
        keras.config.set_image_data_format("channels_last")
    np.testing.assert_allclose(y[0, :, 0, 0], PIXELS["caffe"], rtol=2e-5)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"mode": "keras"}, "mode must be 'caffe', 'tf' or 'torch'; received 'keras'"),
        ({"data_format": "last"}, "data_format must be .* received 'last'"),
        ({"data_format": "channels_first"}, r"3 channels; received shape \(2, 4, 5, 3"),
    ],
)
def test_what_cannot_be_preprocessed_is_told(arguments, told):
    with pytest.raises(ValueError, match=told):
        preprocess_input(pixels("channels_last", 4), **arguments)


# Classes


@pytest.fixture
def class_index(tmp_path, monkeypatch):
    """A file of classes in the cache, as Keras's has them."""
    names = {str(i): [f"n{i:08d}", f"class_{i}"] for i in range(1000)}
    text = json.dumps(names)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    digest = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
    monkeypatch.setitem(imagenet_utils._CLASS_INDEX, "digest", digest)
    imagenet_utils._class_index.cache_clear()
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "imagenet_class_index.json").write_text(text)
    yield
    imagenet_utils._class_index.cache_clear()


@pytest.mark.usefixtures("class_index")
def test_predictions_become_names_best_first():
    scores = np.zeros((2, 1000), "float32")
    scores[0, [7, 3, 999]] = [0.2, 0.5, 0.3]
    scores[1, 0] = 1
    for given in (scores, keras.GradArray(scores), scores.tolist()):
        first, second = decode_predictions(given, top=3)
        assert [name for _, name, _ in first] == ["class_3", "class_999", "class_7"]
        assert first[0][0] == "n00000003"
        assert first[0][2] == pytest.approx(0.5)
        assert second[0][1] == "class_0"
    assert len(decode_predictions(scores)[0]) == 5


def test_without_the_file_and_a_network_it_says_where_it_belongs(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    nowhere = "http://127.0.0.1:9/imagenet_class_index.json"
    monkeypatch.setitem(imagenet_utils._CLASS_INDEX, "address", nowhere)
    imagenet_utils._class_index.cache_clear()
    with pytest.raises(ConnectionError, match="imagenet_class_index.json") as error:
        decode_predictions(np.zeros((1, 1000)))
    assert str(tmp_path / "models") in str(error.value)


@pytest.mark.parametrize("shape", [(1000,), (2, 10), (1, 1, 1000)])
def test_other_scores_are_refused(shape):
    with pytest.raises(ValueError, match=r"\(batch, 1000\); received shape"):
        decode_predictions(np.zeros(shape))


def test_at_least_one_class_is_wanted():
    with pytest.raises(ValueError, match="top must be at least 1; received 0"):
        decode_predictions(np.zeros((1, 1000)), top=0)


# Shapes


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((None, 224, 32, "channels_last", True), (224, 224, 3)),
        ((None, 224, 32, "channels_first", True), (3, 224, 224)),
        ((None, 224, 32, "channels_last", False), (None, None, 3)),
        ((None, 224, 32, None, False), (None, None, 3)),
        (([64, 48, 1], 224, 32, "channels_last", True), (64, 48, 1)),
        (((None, 48, 3), 224, 32, "channels_last", False), (None, 48, 3)),
        (((3, 48, 33), 224, 32, "channels_first", False), (3, 48, 33)),
        (((224, 224, 3), 224, 32, "channels_last", True, "imagenet"), (224, 224, 3)),
        (((64, 64, 3), 224, 32, "channels_last", False, "imagenet"), (64, 64, 3)),
    ],
)
def test_shapes_of_images(arguments, expected):
    assert obtain_input_shape(*arguments) == expected


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (((31, 64, 3), 224, 32, "channels_last", True), "at least 32"),
        (((3, 64, 31), 224, 32, "channels_first", True), "at least 32"),
        (((64, 64), 224, 32, "channels_last", True), "height, width and channels"),
        (((64, None, 3), 224, 32, "channels_last", True), "must be numbers"),
        (((64, 64, 3), 224, 32, "channels_last", True, "imagenet"), r"\(224, 224, 3\)"),
        (((64, 64, 1), 224, 32, "channels_last", False, "imagenet"), r"\(64, 64, 1\)"),
    ],
)
def test_shapes_that_a_network_cannot_take(arguments, told):
    with pytest.raises(ValueError, match=told):
        obtain_input_shape(*arguments)


@pytest.mark.parametrize("size", [8, 9])
@pytest.mark.parametrize("window", [3, 5])
def test_correct_pad_pads_as_same_padding_does(size, window):
    image = keras.Input((size, size, 1))
    same = keras.layers.Conv2D(1, window, strides=2, padding="same")
    padded = keras.layers.ZeroPadding2D(correct_pad(image, window))(image)
    valid = keras.layers.Conv2D(1, window, strides=2)
    model = keras.Model(image, [same(image), valid(padded)])
    valid.set_weights(same.get_weights())
    x = np.random.default_rng(0).random((1, size, size, 1))
    a, b = model.predict(x, verbose=0)
    np.testing.assert_allclose(a, b, rtol=1e-5)
