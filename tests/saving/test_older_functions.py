"""'hard_sigmoid' in files of Keras 1 and 2 has the slope that it had there."""

import json
import zipfile

import numpy as np
import pytest

import keratorch as keras
from keratorch import layers, saving
from keratorch.saving.legacy_config import modern_layer

X = np.linspace(-4, 4, 12).reshape(4, 3).astype("float32")
TODAY, THEN = X / 6, X / 5
DENSE = {
    "class_name": "Dense",
    "config": {
        "name": "dense",
        "trainable": True,
        "batch_input_shape": [None, 3],
        "dtype": "float32",
        "units": 3,
        "activation": "hard_sigmoid",
        "use_bias": False,
        "kernel_initializer": {"class_name": "Identity", "config": {"gain": 1.0}},
    },
}
SEQUENTIAL = {"class_name": "Sequential", "config": {"name": "s", "layers": [DENSE]}}


def assert_slope(model, scaled):
    expected = np.clip(scaled + 0.5, 0, 1)
    np.testing.assert_allclose(model.predict(X, verbose=0), expected, atol=1e-6)


@pytest.mark.parametrize(
    ("version", "scaled"),
    [(None, THEN), (b"1.2.2", THEN), ("2.2.4", THEN), ("2.15.0", THEN), ("3.8", TODAY)],
)
def test_of_whole_models_in_hdf5(tmp_path, version, scaled):
    h5py = pytest.importorskip("h5py")
    with h5py.File(tmp_path / "m.h5", "w") as file:
        if version:
            file.attrs["keras_version"] = version
        file.attrs["model_config"] = json.dumps(SEQUENTIAL).encode()
        weights = file.create_group("model_weights")
        weights.attrs["layer_names"] = [b"dense"]
        if version:
            weights.attrs["keras_version"] = version
        group = weights.create_group("dense")
        group.attrs["weight_names"] = [b"kernel"]
        group["kernel"] = np.eye(3, dtype="float32")
    model = saving.load_model(tmp_path / "m.h5")
    assert_slope(model, scaled)
    model.save(tmp_path / "again.h5")
    assert_slope(saving.load_model(tmp_path / "again.h5"), scaled)


@pytest.mark.parametrize(
    ("noted", "scaled"),
    [({"keras_version": "2.1.6", "backend": "theano"}, THEN), ({}, THEN)],
)
def test_of_json(noted, scaled):
    model = keras.models.model_from_json(json.dumps({**SEQUENTIAL, **noted}))
    model.set_weights([np.eye(3)])
    assert_slope(model, scaled)
    assert_slope(with_weights_of(model, model.to_json()), scaled)


def test_of_the_json_of_today():
    model = keras.Sequential([keras.Input((3,)), layers.Dense(3, "hard_sigmoid")])
    model.set_weights([np.eye(3), np.zeros(3)])
    assert_slope(with_weights_of(model, model.to_json()), TODAY)


def with_weights_of(model, text):
    again = keras.models.model_from_json(text)
    again.set_weights(model.get_weights())
    return again


@pytest.mark.filterwarnings("ignore:h5py is not installed")
@pytest.mark.parametrize(
    ("metadata", "scaled"),
    [
        ('{"keras_version": "2.14.0"}', THEN),
        ('{"keras_version": "3.0.0"}', TODAY),
        ("{}", TODAY),
    ],
)
def test_of_archives(tmp_path, metadata, scaled):
    model = keras.Sequential([keras.Input((3,)), layers.Dense(3, "hard_sigmoid")])
    model.set_weights([np.eye(3), np.zeros(3)])
    model.save(tmp_path / "m.keras")
    with zipfile.ZipFile(tmp_path / "m.keras") as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["metadata.json"] = metadata.encode()
    with zipfile.ZipFile(tmp_path / "n.keras", "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    assert_slope(saving.load_model(tmp_path / "n.keras"), scaled)


def test_gates_are_read_as_well():
    lstm = {"class_name": "LSTM", "config": {"inner_activation": "hard_sigmoid"}}
    lstm["config"] |= {"output_dim": 2, "input_dim": 3, "name": "lstm"}
    wrapped = {"class_name": "Bidirectional", "config": {"layer": lstm, "name": "b"}}
    whole = {"class_name": "Sequential", "config": [wrapped], "keras_version": "1.2.2"}
    model = keras.models.model_from_json(json.dumps(whole))
    gate = model.layers[0].forward_layer.recurrent_activation
    np.testing.assert_allclose(gate(X), np.clip(THEN + 0.5, 0, 1), atol=1e-6)


@pytest.mark.parametrize(
    ("kind", "gates"),
    [
        ("CuDNNLSTM", {"recurrent_activation": "sigmoid"}),
        ("CuDNNGRU", {"recurrent_activation": "sigmoid", "reset_after": True}),
    ],
)
def test_layers_of_cudnn_say_what_they_were(kind, gates):
    found = modern_layer({"class_name": kind, "config": {"units": 3}})
    assert found == {"class_name": kind[5:], "config": {"units": 3, **gates}}


def test_metadata_that_is_none_says_so(tmp_path):
    with zipfile.ZipFile(tmp_path / "m.keras", "w") as archive:
        archive.writestr("config.json", '{"class_name": "Sequential", "config": {}}')
        archive.writestr("metadata.json", "[1]")
    with pytest.raises(ValueError, match=r"its metadata\.json is no JSON object"):
        saving.load_model(tmp_path / "m.keras")
