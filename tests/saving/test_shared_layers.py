"""Layers that a model and a part of it both hold."""

import json
import zipfile

import numpy as np
import pytest

import keratorch as keras
from keratorch import layers

pytestmark = pytest.mark.filterwarnings("ignore:h5py is not installed")


def beside_a_wrapper(shared):
    rows, tables = keras.Input((3,)), keras.Input((5, 3))
    outputs = [shared(rows), layers.TimeDistributed(shared)(tables)]
    return keras.Model([rows, tables], outputs)


def inside_another_model(shared):
    inner_input = keras.Input((3,))
    inner = keras.Model(inner_input, shared(shared(inner_input)))
    rows, others = keras.Input((3,)), keras.Input((3,))
    return keras.Model([rows, others], [inner(rows), shared(shared(others) + 1)])


@pytest.mark.parametrize("made", [beside_a_wrapper, inside_another_model])
def test_a_layer_at_two_places_comes_back_as_one(tmp_path, made):
    model = made(layers.Dense(3, name="shared"))
    assert len(model.weights) == 2
    model.save(tmp_path / "m.keras")
    loaded = keras.models.load_model(tmp_path / "m.keras")
    assert len(loaded.weights) == 2
    rng = np.random.default_rng(0)
    x = [rng.normal(size=(2, *part.shape[1:])) for part in model.inputs]
    for one, other in zip(
        model.predict(x, verbose=0), loaded.predict(x, verbose=0), strict=True
    ):
        np.testing.assert_array_equal(one, other)


def test_only_layers_at_several_places_have_numbers(tmp_path):
    for name, made in [("two", beside_a_wrapper), ("one", lambda x: None)]:
        shared = layers.Dense(3, name="shared")
        model = made(shared) or keras.Sequential([keras.Input((3,)), shared])
        model.save(tmp_path / name)
        with zipfile.ZipFile(tmp_path / name) as members:
            text = members.read("config.json").decode()
        assert json.loads(text)["class_name"]
        assert text.count("shared_object_id") == (2 if name == "two" else 0)


def test_numbers_of_one_file_mean_nothing_in_another(tmp_path):
    beside_a_wrapper(layers.Dense(3)).save(tmp_path / "m.keras")
    one, other = (keras.models.load_model(tmp_path / "m.keras") for _ in range(2))
    assert one.weights[0] is not other.weights[0]
