"""Models in files that are open already."""

import io

import numpy as np
import pytest

import keratorch as keras
from keratorch import layers, saving

X = np.random.default_rng(0).random((4, 3), dtype=np.float32)


def network():
    model = keras.Sequential([keras.Input((3,)), layers.Dense(2)])
    model.compile("adam", "mse")
    return model


def assert_same(model, other):
    np.testing.assert_array_equal(
        model.predict(X, verbose=0), other.predict(X, verbose=0)
    )


def test_a_model_goes_into_memory_and_back():
    model, buffer = network(), io.BytesIO()
    model.save(buffer)
    buffer.seek(0)
    assert_same(model, saving.load_model(buffer))


def test_a_file_that_is_open_is_read(tmp_path):
    model, other = network(), network()
    model.save(tmp_path / "model.keras")
    with open(tmp_path / "model.keras", "rb") as file:
        assert_same(model, saving.load_model(file))
        file.seek(0)
        other.load_weights(file)
    assert_same(model, other)
    with (
        open(tmp_path / "model.keras", encoding="latin-1") as file,
        pytest.raises(TypeError, match=r"binary mode.*'rb'"),
    ):
        saving.load_model(file)


def test_an_open_hdf5_file_gets_the_model_and_gives_it_back(tmp_path):
    h5py = pytest.importorskip("h5py")
    model, other = network(), network()
    with h5py.File(tmp_path / "model.h5", "w") as file:
        model.save(file)
        assert sorted(file) == ["model_weights", "optimizer_weights"]
    assert_same(model, saving.load_model(tmp_path / "model.h5"))
    with h5py.File(tmp_path / "model.h5", "r") as file:
        assert_same(model, saving.load_model(file))
        other.load_weights(file)
    assert_same(model, other)


@pytest.mark.parametrize("use", [saving.load_model, network().save])
def test_what_is_no_file_is_named(use):
    with pytest.raises(TypeError, match="filepath must be .*received 5 of type int"):
        use(5)


def test_a_damaged_file_is_named(tmp_path):
    with pytest.raises(ValueError, match="open_file.* begins with b'garbage'"):
        saving.load_model(io.BytesIO(b"garbage"))


def test_a_chain_of_lookups_is_saved_before_it_knows_its_input(tmp_path):
    texts = keras.Sequential([layers.StringLookup(vocabulary=["a", "b"])])
    texts.save(tmp_path / "texts.keras")
    again = saving.load_model(tmp_path / "texts.keras")
    assert again(np.array(["b", "?"])).tolist() == [2, 0]
    with pytest.raises(ValueError, match="has no weights yet"):
        keras.Sequential([layers.Dense(2)]).save(tmp_path / "dense.keras")
