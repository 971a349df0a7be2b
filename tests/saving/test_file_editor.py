"""KerasFileEditor: files of weights are looked into, changed and written again."""

import re

import numpy as np
import pytest

import keratorch as keras
from keratorch import layers
from keratorch.saving import KerasFileEditor

pytest.importorskip("h5py")


def made(units=2):
    x = inputs = keras.Input((4, 3))
    x = layers.MultiHeadAttention(2, 2)(x, x)
    x = layers.Dense(5)(layers.Flatten()(x))
    return keras.Model(inputs, layers.Dense(units)(layers.BatchNormalization()(x)))


@pytest.fixture
def editor(tmp_path):
    made().save(tmp_path / "model.keras")
    return KerasFileEditor(tmp_path / "model.keras")


def test_file_is_compared_with_models(editor, capsys):
    assert editor.compare(made()) == {
        "status": "success",
        "error_count": 0,
        "match_count": 16,
    }
    found = editor.compare(made(7))
    assert (found["status"], found["error_count"]) == ("error", 2)
    assert "dense_1/0 has shape (5, 2) in the file, (5, 7)" in capsys.readouterr().out
    small = keras.Sequential([keras.Input((3,)), layers.Dense(5)])
    assert editor.compare(small)["error_count"] == 4  # three layers, and a shape


def test_objects_inside_others_are_shown(editor, capsys):
    assert editor.metadata["keras_version"]
    assert editor.config["class_name"] == "Functional"
    capsys.readouterr()
    editor.summary()
    shown = capsys.readouterr().out
    assert re.search("multi_head_attention\n.*key_dense\n.*├─ 0: shape=", shown)
    assert "└─ 1: shape=(2,), dtype=float32" in shown


def test_edited_weights_are_read_by_a_changed_model(editor, tmp_path):
    kernel = np.arange(35.0).reshape(5, 7)
    editor.delete_object("layers/dense_1")
    editor.add_object("layers/head", {"0": kernel})
    editor.add_weights("head", {"1": np.ones(7), "2": np.ones(1)})
    editor.delete_weight("head", "2")
    editor.rename_object("head", "dense_1")
    model = made(7)
    assert editor.compare(model)["status"] == "success"
    editor.save(tmp_path / "edited.weights.h5")
    model.load_weights(tmp_path / "edited.weights.h5")
    np.testing.assert_array_equal(model.layers[-1].kernel.numpy(), kernel)
    again = KerasFileEditor(str(tmp_path / "edited.weights.h5"))
    assert again.config is again.metadata is None
    assert again.compare(model)["status"] == "success"


def test_state_of_the_optimizer_is_there_too(tmp_path):
    model = keras.Sequential([keras.Input((1,)), layers.Dense(1)])
    model.compile("adam", "mse")
    model.fit(np.ones((2, 1)), np.ones((2, 1)), verbose=0)
    model.save(tmp_path / "model.keras")
    editor = KerasFileEditor(tmp_path / "model.keras")
    assert len(editor.weights_dict["optimizer"]) == 6
    assert editor.compare(model)["match_count"] == 8


@pytest.mark.parametrize(
    ("edit", "parts"),
    [
        (lambda e: e.rename_object("dense", "layers/x"), "without '/'"),
        (lambda e: e.rename_object("dense", "dense_1"), "beside 'dense'"),
        (lambda e: e.rename_object("nothing", "x"), "no object 'nothing'"),
        (lambda e: e.delete_object("layers/dens"), "no object 'layers/dens'.*dense"),
        (lambda e: e.add_object("layer/x", {}), "'layer' is not in.*'layers'"),
        (lambda e: e.add_object("layers/x", [1]), "weights.*dict.*list"),
        (lambda e: e.delete_weight("dense", "7"), "'7'.*'0', '1'"),
        (lambda e: e.save("model.keras"), "'.weights.h5'"),
        (lambda e: KerasFileEditor("model.h5"), "'.keras'.*model.h5"),
    ],
)
def test_what_cannot_be_done_is_said(editor, edit, parts):
    before = str(editor.weights_dict)
    with pytest.raises(ValueError, match=parts):
        edit(editor)
    assert str(editor.weights_dict) == before


def test_name_of_several_objects_needs_a_path(editor):
    editor.add_object("layers/multi_head_attention/dense", {"0": np.ones(1)})
    with pytest.raises(ValueError, match="'layers/dense', 'layers/multi"):
        editor.delete_object("dense")
    editor.delete_object("layers/multi_head_attention/dense")
    editor.delete_object("dense")


def test_missing_file_is_said_to_be_missing(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"none\.keras"):
        KerasFileEditor(tmp_path / "none.keras")
