"""Where Keras is installed: graphs, configurations and files agree."""

import json
import warnings

import numpy as np
import pytest

import keratorch
from keratorch import applications

from ..applications.networks import certain_weights, features, images, key, small

keras = pytest.importorskip("keras")

NETWORKS = [
    ("VGG16", features(32, pooling="max")),
    ("ResNet50", small(32)),
    ("MobileNet", small(32, alpha=0.25)),
    ("MobileNetV2", small(32, alpha=0.35)),
    ("MobileNetV3Small", features(32)),
    ("DenseNet121", features(32)),
    ("EfficientNetB0", small(32)),
    ("Xception", features(71, pooling="avg")),
]
EACH = pytest.mark.parametrize(
    ("name", "arguments"), NETWORKS, ids=[key(*n) for n in NETWORKS]
)


@pytest.fixture(autouse=True)
def quiet():
    """Warnings of another library are not this suite's errors."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        keras.utils.clear_session()
        keratorch.utils.clear_session()
        yield


def both(name, arguments, weights=None):
    theirs = getattr(keras.applications, name)(weights=None, **arguments)
    theirs.set_weights(certain_weights(theirs))
    return theirs, getattr(applications, name)(weights=weights, **arguments)


def graph(model):
    """Each layer with its arguments and the layers before it, as JSON has them."""
    layers = json.loads(json.dumps(model.get_config(), default=str))["layers"]
    return [
        (layer["class_name"], layer["config"], sources(layer["inbound_nodes"]))
        for layer in layers
    ]


def sources(structure):
    if isinstance(structure, dict):
        if "keras_history" in structure:
            return structure["keras_history"]
        structure = list(structure.values())
    if not isinstance(structure, list):
        return []
    return [name for part in structure for name in sources(part)]


def assert_same_outputs(theirs, ours, arguments):
    x = images(arguments)
    expected = np.asarray(theirs.predict(x, verbose=0))
    scale = max(1.0, np.abs(expected).max())
    found = ours.predict(x, verbose=0)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-5 * scale)


@EACH
def test_graphs_and_outputs_are_the_same(name, arguments):
    theirs, ours = both(name, arguments)
    assert graph(ours) == graph(theirs)
    ours.set_weights(theirs.get_weights())
    assert_same_outputs(theirs, ours, arguments)


@pytest.mark.parametrize("name", ["MobileNetV2", "EfficientNetB0", "ResNet50V2"])
def test_weights_that_keras_saved_are_read(name, tmp_path):
    pytest.importorskip("h5py")
    theirs, _ = both(name, small(32))
    path = tmp_path / "network.weights.h5"
    theirs.save_weights(path)
    ours = getattr(applications, name)(weights=path, **small(32))
    assert_same_outputs(theirs, ours, small(32))


def test_a_network_that_keras_saved_is_read(tmp_path):
    pytest.importorskip("h5py")
    theirs, _ = both("EfficientNetB0", small(32))
    theirs.save(tmp_path / "network.keras")
    ours = keratorch.models.load_model(tmp_path / "network.keras")
    assert_same_outputs(theirs, ours, small(32))


def test_keras_reads_a_network_of_ours(tmp_path):
    pytest.importorskip("h5py")
    theirs, ours = both("MobileNetV3Small", small(32))
    ours.set_weights(theirs.get_weights())
    ours.save(tmp_path / "network.keras")
    again = keras.models.load_model(tmp_path / "network.keras")
    assert_same_outputs(again, ours, small(32))
