"""Files that are missing, broken or of another model: nothing is loaded or lost."""

import numpy as np
import pytest

import keratorch as keras
from tests.bad_input.mistakes import (
    LABELS,
    Mistake,
    X,
    check,
    classifier,
    layers,
    several,
)

load_model = keras.models.load_model


def deeper():
    return keras.Sequential([keras.Input((4,)), layers.Dense(7), layers.Dense(1)])


def written(path, content):
    path.write_bytes(content)
    return path


def weights_of(path, model=None):
    if path.suffix == ".h5":
        pytest.importorskip("h5py")
    (model or classifier()).save_weights(path)
    return path


def beginning(path, share=0.5):
    content = path.read_bytes()
    return written(path, content[: int(len(content) * share)])


WEIGHTS = {  # from a folder to a file that is not for a classifier
    "deeper": (lambda f: weights_of(f / "w.weights.npz", deeper()), "(4, 7)", "-"),
    "wider": (
        lambda f: weights_of(f / "w.weights.npz", classifier(5)),
        *("another architecture", "(4, 3)", "(4, 5)", "nothing was loaded"),
    ),
    "of two outputs": (lambda f: weights_of(f / "w.weights.npz", several()), "6, 3"),
    "missing": (lambda f: f / "none.weights.h5", "no file", "none.weights.h5"),
    "a folder": (lambda f: f, "is a folder", "name of a file"),
    "garbage": (
        lambda f: written(f / "g.weights.h5", b"garbage" * 50),
        *("g.weights.h5", "begins with b'garbage", ".keras, .h5, .npz"),
    ),
    "empty": (
        lambda f: written(f / "e.weights.h5", b""),
        *("e.weights.h5", "empty", "Save once more"),
    ),
    "truncated": (lambda f: beginning(weights_of(f / "t.weights.npz")), "t.weights"),
    "text": (lambda f: written(f / "t.txt", b"hello"), "t.txt", "b'hello'"),
    "a pickle": (lambda f: written(f / "p.h5", b"\x80\x04]."), "pickle", "never read"),
}


@pytest.mark.parametrize("name", WEIGHTS)
def test_load_weights_changes_nothing(name, tmp_path):
    make, *tells = WEIGHTS[name]
    path, model = make(tmp_path), classifier()
    model.fit(X, LABELS, verbose=0)
    errors = (ValueError, FileNotFoundError)
    check(Mistake(lambda one: one.load_weights(path), tells, error=errors), model)


MODELS = {
    "missing": (lambda f: f / "none.keras", "no file", "none.keras"),
    "a folder": (lambda f: f, "is a folder", "name of a file"),
    "garbage": (lambda f: written(f / "g.keras", b"garbage" * 50), "begins with"),
    "empty": (lambda f: written(f / "e.keras", b""), "empty", "Save once more"),
    "truncated": (lambda f: beginning(saved(f / "t.keras")), "t.keras", "no zip"),
    "weights alone": (
        lambda f: weights_of(f / "w.weights.h5"),
        *("weights alone", "no configuration", "model.load_weights("),
    ),
    "an unknown layer": (
        lambda f: saved(f / "m.keras", keras.Sequential([keras.Input((2,)), Own()])),
        *("'Own'", "register_keras_serializable", "custom_objects"),
    ),
}


class Own(layers.Layer):
    def call(self, inputs):
        return inputs * 2


def saved(path, model=None):
    pytest.importorskip("h5py")
    (model or classifier()).save(path)
    return path


@pytest.mark.parametrize("name", MODELS)
def test_load_model_says_what_is_wrong_with_the_file(name, tmp_path):
    make, *tells = MODELS[name]
    path = make(tmp_path)
    errors = (ValueError, FileNotFoundError)
    check(Mistake(lambda: load_model(path), tells, error=errors))


def test_saving_into_a_missing_folder_makes_it(tmp_path):
    model, again = classifier(), classifier()
    model.fit(X, LABELS, verbose=0)
    again.load_weights(weights_of(tmp_path / "new" / "folder" / "m.weights.npz", model))
    np.testing.assert_array_equal(
        again.predict(X, verbose=0), model.predict(X, verbose=0)
    )


def test_saving_where_a_folder_or_a_file_is_in_the_way(tmp_path):
    model = classifier()
    folder = ("a folder of that name", "name of a file")
    check(Mistake(lambda m: m.save(tmp_path), folder, error=OSError), model)
    written(tmp_path / "file", b"")
    inside = tmp_path / "file" / "m.keras"
    check(Mistake(lambda m: m.save(inside), ("file",), error=OSError), model)


def test_saving_before_build(tmp_path):
    unbuilt = keras.Sequential([layers.Dense(1)])
    tells = ("no weights yet", "shape of its input", "Input(shape)")
    save = lambda: unbuilt.save(tmp_path / "m.keras")  # noqa: E731
    check(Mistake(save, ("save:", *tells)))
    save = lambda: unbuilt.save_weights(tmp_path / "m.weights.h5")  # noqa: E731
    check(Mistake(save, ("save_weights:", *tells)))
    assert not list(tmp_path.iterdir())


def test_a_checkpoint_of_an_unknown_metric_warns_and_saves(tmp_path):
    path = tmp_path / "best.weights.h5"
    best = keras.callbacks.ModelCheckpoint(
        path, "val_los", save_best_only=True, save_weights_only=True
    )
    with pytest.warns(UserWarning, match="'val_los' is not in the logs.*loss"):
        classifier().fit(X, LABELS, callbacks=[best], verbose=0)
    assert path.exists()


def test_a_checkpoint_whose_name_asks_for_an_unknown_metric(tmp_path):
    path = str(tmp_path / "{epoch}-{val_acc:.2f}.weights.h5")
    each = keras.callbacks.ModelCheckpoint(path, save_weights_only=True)
    tells = ("ModelCheckpoint", "'val_acc'", "epoch, loss")
    model = classifier()
    fit = lambda: model.fit(X, LABELS, callbacks=[each], verbose=0)  # noqa: E731
    check(Mistake(fit, tells))
    assert model.fit(X, LABELS, verbose=0).epoch == [0]
