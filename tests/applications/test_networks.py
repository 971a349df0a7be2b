import inspect
import json
from pathlib import Path

import numpy as np
import pytest

import keratorch as keras
from keratorch import applications
from keratorch.initializers.random_initializers import VarianceScaling

from .networks import EVERY, RUN, certain_weights, facts, features, images, key, some

REFERENCES = json.loads((Path(__file__).parent / "references.json").read_text("utf-8"))


@pytest.fixture(autouse=True)
def numbered_anew():
    keras.utils.clear_session()


@pytest.fixture
def unwritten(monkeypatch):
    """Weights of zeros, for which the system takes no memory."""
    monkeypatch.setattr(
        VarianceScaling,
        "__call__",
        lambda self, shape, dtype=None: np.zeros(shape, "f"),
    )


@pytest.mark.usefixtures("unwritten")
@pytest.mark.parametrize("name", EVERY)
def test_layers_weights_and_counts_are_those_of_keras(name):
    model = getattr(applications, name)(weights=None)
    assert facts(model) == REFERENCES[name]


@pytest.mark.parametrize(("name", "arguments"), RUN, ids=[key(*run) for run in RUN])
def test_outputs_are_those_of_keras(name, arguments):
    model = getattr(applications, name)(weights=None, **arguments)
    expected = dict(REFERENCES[key(name, arguments)])
    outputs = expected.pop("outputs")
    assert facts(model) == expected
    model.set_weights(certain_weights(model))
    found = some(model.predict(images(arguments), verbose=0))
    scale = max(1.0, float(np.abs(outputs).max()))
    np.testing.assert_allclose(found, outputs, rtol=0, atol=1e-5 * scale)


def test_every_network_is_listed_and_compared():
    functions = [n for n in applications.__all__ if callable(getattr(applications, n))]
    assert sorted(functions) == sorted(EVERY)


def test_the_arguments_are_those_of_keras():
    names = "include_top weights input_tensor input_shape pooling classes "
    usual = (names + "classifier_activation name").split()
    for name in EVERY:
        parameters = inspect.signature(getattr(applications, name)).parameters
        assert set(usual) <= set(parameters)
        assert parameters["weights"].default == "imagenet"
    for name in ("VGG16", "ResNet50", "InceptionV3", "EfficientNetB7"):
        assert list(inspect.signature(getattr(applications, name)).parameters) == usual


def test_a_network_says_its_arguments():
    for name in EVERY:
        network = getattr(applications, name)
        text = inspect.getdoc(network)
        assert network.__name__ == name and text.startswith(f"{name}: ")
        for argument in inspect.signature(network).parameters:
            assert argument in text, f"{name}: {argument}"


# Arguments


def test_pretrained_weights_are_refused_with_what_to_do():
    with pytest.raises(ValueError, match="VGG16") as error:
        applications.VGG16()
    for hint in ("weights=None", "path.weights.h5", "load_model", ".save("):
        assert hint in str(error.value)
    assert len(str(error.value)) < 600


@pytest.mark.parametrize("name", EVERY)
def test_every_network_refuses_them(name):
    with pytest.raises(ValueError, match=rf"{name}\(weights=None\)"):
        getattr(applications, name)(include_top=False)


@pytest.mark.parametrize("weights", ["nowhere.h5", True, 3])
def test_weights_that_are_no_file_are_refused(weights):
    with pytest.raises(ValueError, match=f"MobileNet: weights .* no file {weights!r}"):
        applications.MobileNet(weights=weights)


@pytest.mark.parametrize("suffix", [".weights.h5", ".h5", ".npz"])
def test_weights_come_from_a_file(tmp_path, suffix):
    if suffix != ".npz":
        pytest.importorskip("h5py")
    saved = applications.MobileNetV2(weights=None, alpha=0.35, classes=2)
    path = tmp_path / f"network{suffix}"
    saved.save_weights(path)
    again = applications.MobileNetV2(weights=path, alpha=0.35, classes=2)
    for a, b in zip(saved.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_weights_of_another_network_are_refused(tmp_path):
    path = tmp_path / "network.npz"
    applications.MobileNet(weights=None, alpha=0.25, classes=2).save_weights(path)
    with pytest.raises(ValueError, match="conv_preds"):
        applications.MobileNet(weights=str(path), alpha=0.25, classes=3)


def test_weights_of_a_file_want_the_usual_activation(tmp_path):
    path = tmp_path / "network.npz"
    arguments = {"alpha": 0.25, "classes": 2, "input_shape": (32, 32, 3)}
    applications.MobileNet(weights=None, **arguments).save_weights(path)
    with pytest.raises(ValueError, match="classifier_activation must be 'softmax'"):
        applications.MobileNet(
            weights=path, classifier_activation="sigmoid", **arguments
        )
    logits = applications.MobileNet(
        weights=path, classifier_activation=None, **arguments
    )
    assert logits.layers[-1].activation(3.0) == 3.0


def test_an_unknown_pooling_is_refused():
    with pytest.raises(
        ValueError, match="pooling must be None, 'avg' or 'max'.*'mean'"
    ):
        applications.VGG16(weights=None, include_top=False, pooling="mean")


@pytest.mark.parametrize(
    ("name", "shape", "told"),
    [
        ("VGG16", (31, 32, 3), r"at least 32 .*\(31, 32, 3\)"),
        ("InceptionV3", (74, 80, 3), "at least 75"),
        ("Xception", (71, 70, 3), "at least 71"),
        ("MobileNetV3Small", (31, 31, 3), "at least 32"),
        ("ResNet50", (32, 32), "height, width and channels"),
        ("ResNet50", (None, None, 3), "include_top=True"),
    ],
)
def test_images_that_do_not_fit_are_refused(name, shape, told):
    with pytest.raises(ValueError, match=told):
        getattr(applications, name)(weights=None, input_shape=shape)


def test_an_unusual_number_of_channels_warns_and_works():
    with pytest.warns(
        UserWarning, match=r"1 or 3 channels; input_shape is \(32, 32, 5"
    ):
        model = applications.MobileNet(
            weights=None, alpha=0.25, input_shape=(32, 32, 5), include_top=False
        )
    assert model.layers[1].kernel.shape == (3, 3, 5, 8)


def test_without_a_classifier_images_may_have_any_size():
    model = applications.MobileNetV2(weights=None, alpha=0.35, include_top=False)
    assert model.input_shape == (None, None, None, 3)
    for size in (64, 96):
        x = np.zeros((1, size, size, 3), "float32")
        shape = (1, size // 32, size // 32, 1280)
        assert model.predict(x, verbose=0).shape == shape


def test_a_network_begins_with_the_array_given():
    image = keras.Input((40, 40, 1))
    coloured = keras.layers.Concatenate()([image, image, image])
    model = applications.MobileNet(
        weights=None, alpha=0.25, input_tensor=coloured, include_top=False
    )
    assert model.inputs == [image]
    assert model.layers[1].name.startswith("concatenate")
    assert model.predict(np.ones((1, 40, 40, 1), "float32"), verbose=0).shape[-1] == 256


def test_an_array_with_values_is_no_beginning():
    with pytest.raises(ValueError, match=r"keratorch.Input.*an array of dtype float64"):
        applications.VGG16(weights=None, input_tensor=np.zeros((1, 224, 224, 3)))


@pytest.mark.parametrize("name", ["MobileNetV2", "MobileNetV3Small"])
def test_contradicting_shapes_are_told(name):
    with pytest.raises(ValueError, match=r"input_shape=\(64, 64, 3\)"):
        getattr(applications, name)(
            weights=None, input_tensor=keras.Input((32, 32, 3)), input_shape=(64, 64, 3)
        )


def test_mobile_networks_are_named_after_their_width_and_images():
    def name(network, **arguments):
        arguments = {"weights": None, "include_top": False, **arguments}
        return network(**arguments).name

    v1, v2 = applications.MobileNet, applications.MobileNetV2
    assert name(v1, alpha=0.5, input_shape=(64, 32, 3)) == "mobilenet_0.50_64"
    assert name(v1, alpha=0.5) == "mobilenet_0.50_None"
    assert name(v2, alpha=0.35, input_shape=(96, 96, 3)) == "mobilenetv2_0.35_96"
    image = keras.Input((96, 96, 3))
    known = name(v2, alpha=0.35, input_tensor=image, include_top=True)
    assert known == "mobilenetv2_0.35_96"
    assert name(v2, alpha=0.35, name="mine") == "mine"


@pytest.fixture
def channels_first():
    keras.config.set_image_data_format("channels_first")
    yield
    keras.config.set_image_data_format("channels_last")


@pytest.mark.usefixtures("channels_first")
@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("MobileNetV3Small", features(40, pooling="avg")),
        ("EfficientNetB0", features(32, pooling="avg")),
        ("ResNet50V2", features(32, pooling="avg")),
        ("InceptionV3", features(75, pooling="avg")),
    ],
)
def test_channels_may_come_first(name, arguments):
    network = getattr(applications, name)
    x = images(arguments)
    arguments["input_shape"] = (3, *arguments["input_shape"][:2])
    model = network(weights=None, **arguments)
    model.set_weights(certain_weights(model))
    first = model.predict(np.moveaxis(x, -1, 1), verbose=0)
    keras.config.set_image_data_format("channels_last")
    arguments["input_shape"] = x.shape[1:]
    model = network(weights=None, **arguments)
    model.set_weights(certain_weights(model))
    last = model.predict(x, verbose=0)
    np.testing.assert_allclose(first, last, rtol=1e-5, atol=1e-5 * np.abs(last).max())


@pytest.mark.usefixtures("channels_first")
@pytest.mark.parametrize("name", ["DenseNet121", "NASNetMobile", "ConvNeXtTiny"])
def test_some_networks_have_channels_last_only(name):
    with pytest.raises(ValueError, match="set_image_data_format\\('channels_last'\\)"):
        getattr(applications, name)(weights=None)


# Use


def test_a_frozen_network_gives_features_to_a_classifier_that_learns():
    rng = np.random.default_rng(0)
    base = applications.MobileNet(
        weights=None, alpha=0.25, include_top=False, input_shape=(32, 32, 3)
    )
    base.trainable = False
    x = keras.layers.GlobalAveragePooling2D()(base.output)
    model = keras.Model(base.input, keras.layers.Dense(2, activation="softmax")(x))
    model.compile("adam", "sparse_categorical_crossentropy")
    before = [w.copy() for w in base.get_weights()]
    model.fit(rng.random((4, 32, 32, 3)), np.array([0, 1, 0, 1]), verbose=0)
    assert len(model.trainable_weights) == 2
    for a, b in zip(before, base.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_network_learns():
    model = applications.EfficientNetV2B0(
        weights=None, input_shape=(32, 32, 3), classes=2
    )
    model.compile("sgd", "sparse_categorical_crossentropy")
    x = np.random.default_rng(0).random((2, 32, 32, 3)) * 255
    history = model.fit(x, np.array([0, 1]), epochs=1, verbose=0).history
    assert np.isfinite(history["loss"][0])


@pytest.mark.parametrize(
    ("name", "arguments"), [("InceptionResNetV2", features(75)), ("ConvNeXtTiny", {})]
)
@pytest.mark.usefixtures("unwritten")
def test_a_configuration_makes_the_network_again(name, arguments):
    own = {
        "CustomScaleLayer": applications.inception_resnet_v2.CustomScaleLayer,
        "LayerScale": applications.convnext.LayerScale,
    }
    model = getattr(applications, name)(weights=None, **arguments)
    expected = facts(model)
    keras.utils.clear_session()
    again = type(model).from_config(model.get_config(), custom_objects=own)
    assert facts(again) == expected
