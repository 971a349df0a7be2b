"""Files that Keras 3.15 made, in `data/saved`; see `parity/make_saved_files.py`."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import keratorch
from keratorch import layers, models, saving

pytest.importorskip("h5py")
ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tests" / "data" / "saved"
MODELS = [
    "mlp.keras",
    "mlp.h5",
    "two_inputs.keras",
    "functions.keras",
    "recurrent.keras",
    "attention.keras",
    "nested.keras",
]


def record(name):
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def check(model, known):
    x = [np.array(a, "float32") for a in known["x"]]
    found = model.predict(x if len(x) > 1 else x[0], verbose=0)
    found = found if isinstance(found, list) else [found]
    for a, b in zip(found, known["y"], strict=True):
        np.testing.assert_allclose(a, np.array(b), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", MODELS)
def test_a_model_predicts_as_it_did_in_keras(name):
    known = record(name)
    model = saving.load_model(FOLDER / name)
    check(model, known)
    assert model.compiled
    if name.endswith(".keras"):
        sums = [float(np.sum(v.numpy())) for v in model.optimizer.variables]
        np.testing.assert_allclose(sums, known["optimizer"], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", ["sequences.keras", "frequencies.keras"])
def test_a_vocabulary_is_that_of_keras(name):
    known = record(name)
    model = saving.load_model(FOLDER / name)
    found = model(np.array(known["x"], object)).numpy()
    np.testing.assert_allclose(found, known["y"], rtol=1e-6, atol=1e-6)


def test_weights_alone_go_into_a_model_of_the_same_layers():
    model = saving.load_model(FOLDER / "mlp.keras", compile=False)
    model.set_weights([np.zeros_like(w) for w in model.get_weights()])
    model.load_weights(FOLDER / "mlp.weights.h5")
    check(model, record("mlp.weights.h5"))


def test_a_file_is_read_by_a_program_that_has_used_no_layer_yet():
    code = "import sys; from keratorch import saving; saving.load_model(sys.argv[1])"
    path = str(FOLDER / "recurrent.keras")
    subprocess.run([sys.executable, "-c", code, path], check=True, cwd=ROOT)


def as_keras_writes(model, training):
    """Return a model read from JSON with what Keras says of its last layer's call."""
    config = json.loads(model.to_json())
    config["config"]["layers"][-1]["inbound_nodes"][0]["kwargs"] = {
        "training": training
    }
    return models.model_from_json(json.dumps(config))


def called(layer):
    inputs = keratorch.Input((8, 8, 3))
    return models.Model(inputs, layer(inputs))


def test_a_default_that_keras_writes_of_a_call_does_not_turn_dropout_off():
    x = np.ones((4, 8, 8, 3), "float32")
    model = as_keras_writes(called(layers.Dropout(0.5)), training=False)
    assert np.any(model(x, training=True).numpy() == 0)
    assert np.all(model.predict(x, verbose=0) == 1)


def test_a_default_that_keras_writes_of_a_call_changes_no_images_in_predict():
    x = np.random.default_rng(0).normal(size=(4, 8, 8, 3)).astype("float32")
    model = as_keras_writes(called(layers.RandomTranslation(0.5, 0.5)), training=True)
    np.testing.assert_array_equal(model.predict(x, verbose=0), x)


def test_what_keras_writes_of_a_call_beside_its_default_counts():
    x = np.full((4, 8, 8, 3), 3, "float32")
    model = as_keras_writes(called(layers.BatchNormalization()), training=False)
    np.testing.assert_allclose(model(x, training=True).numpy(), 3, rtol=1e-3)
    assert np.all(model.get_weights()[2] == 0)


def test_inputs_of_texts_are_named_as_keras_reads_them():
    inputs = [keratorch.Input((1,), dtype=name) for name in ("str", "string")]
    model = models.Model(inputs, [layers.Identity()(x) for x in inputs])
    first, second = model.get_config()["layers"][:2]
    assert first["config"]["dtype"] == second["config"]["dtype"] == "string"
