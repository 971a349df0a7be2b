import os

import numpy as np
import pytest

import keratorch as keras

pytestmark = pytest.mark.usefixtures("installed")


def small_model():
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    model.compile("sgd", "mse")
    return model


@pytest.mark.parametrize("by", ["method", "function"])
def test_a_model_is_saved_into_a_folder_that_is_there(tmp_path, by):
    model = small_model()
    for _ in range(2):  # the second overwrites the first
        if by == "method":
            model.save(tmp_path)
        else:
            keras.models.save_model(model, str(tmp_path))
    again = keras.models.load_model(tmp_path)
    np.testing.assert_array_equal(again.get_weights()[0], model.get_weights()[0])
    assert [path.name for path in tmp_path.iterdir()] == ["saved_model.keras"]


@pytest.mark.parametrize("name", ["model", "model/"])
def test_a_slash_at_the_end_of_a_name_makes_a_folder_of_it(tmp_path, name):
    model = small_model()
    model.save(f"{tmp_path}/model/")
    assert os.listdir(tmp_path / "model") == ["saved_model.keras"]
    again = keras.models.load_model(filepath=f"{tmp_path}/{name}")
    np.testing.assert_array_equal(again.get_weights()[0], model.get_weights()[0])


def test_a_slash_after_the_name_of_a_file_means_the_file(tmp_path):
    model = small_model()
    model.save(tmp_path / "model")
    model.save(f"{tmp_path}/model/")
    assert os.path.isfile(tmp_path / "model")
    assert keras.models.load_model(f"{tmp_path}/model/").built


@pytest.mark.parametrize("made", [True, False])
def test_weights_are_saved_into_a_folder(tmp_path, made):
    folder = f"{tmp_path}/weights/"
    if made:
        os.makedirs(folder)
    model, other = small_model(), small_model()
    model.save_weights(folder)
    assert os.listdir(folder) == ["checkpoint"]
    other.load_weights(folder)
    np.testing.assert_array_equal(other.get_weights()[0], model.get_weights()[0])


def test_weights_are_read_from_the_folder_of_a_model(tmp_path):
    model, other = small_model(), small_model()
    model.save(tmp_path)
    other.load_weights(filepath=str(tmp_path))
    np.testing.assert_array_equal(other.get_weights()[0], model.get_weights()[0])


def test_a_checkpoint_of_weights_may_name_a_folder(tmp_path):
    folder = tmp_path / "weights"
    folder.mkdir()
    callback = keras.callbacks.ModelCheckpoint(
        f"{folder}/", monitor="loss", save_best_only=True, save_weights_only=True
    )
    model = small_model()
    model.fit(np.ones((4, 3)), np.ones((4, 2)), verbose=0, callbacks=[callback])
    assert os.listdir(folder) == ["checkpoint"]


def test_a_folder_without_a_model_is_said_to_be_a_folder(tmp_path):
    with pytest.raises(ValueError, match="is a folder"):
        keras.models.load_model(tmp_path)


def test_no_name_at_all_means_the_working_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    model = small_model()
    model.fit(
        np.ones((4, 3)),
        np.ones((4, 2)),
        verbose=0,
        callbacks=[keras.callbacks.ModelCheckpoint("")],
    )
    assert os.listdir() == ["saved_model.keras"]
    again = keras.models.load_model("")
    np.testing.assert_array_equal(again.get_weights()[0], model.get_weights()[0])


class Network(keras.Model):
    def __init__(self):
        super().__init__()
        self.inside = keras.layers.Dense(4)
        self.last = keras.layers.Dense(2)

    def call(self, x):
        return self.last(self.inside(x))


def without_a_shape():
    return keras.Sequential([keras.layers.Dense(4), keras.layers.Dense(2)])


@pytest.mark.parametrize("make", [Network, without_a_shape])
@pytest.mark.parametrize("first", ["predict", "evaluate", "fit", "build"])
def test_a_checkpoint_waits_for_the_weights(tmp_path, make, first):
    x, y = np.random.default_rng(0).random((6, 3)), np.ones((6, 2))
    model, other = make(), make()
    for each in (model, other):
        each.compile("sgd", "mse")
    model.fit(x, y, epochs=2, verbose=0)
    model.save_weights(f"{tmp_path}/net", save_format="tf")
    assert (tmp_path / "net.index").exists()
    assert other.load_weights(f"{tmp_path}/net").expect_partial() is not None
    if first == "build":
        other.build((None, 3))
    found = [
        getattr(each, "predict" if first == "build" else first)(
            *(x,) if first in ("predict", "build") else (x, y), verbose=0
        )
        for each in (model, other)
    ]
    found = [each.history["loss"] if first == "fit" else each for each in found]
    np.testing.assert_allclose(*found, rtol=1e-6)
    for one, same in zip(model.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_allclose(one, same, rtol=1e-6)
