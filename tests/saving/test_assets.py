import zipfile

import numpy as np
import pytest

import keratorch as keras
from keratorch import saving


@pytest.mark.filterwarnings("ignore:h5py is not installed")
def test_a_vocabulary_comes_back_without_being_unpacked(tmp_path, monkeypatch):
    lookup = keras.layers.StringLookup()
    lookup.adapt(["a", "b", "a"])
    model = keras.Sequential([lookup])
    model.build((None,))
    model.save(tmp_path / "m.keras")
    with zipfile.ZipFile(tmp_path / "m.keras") as members:
        name = "assets/layers/string_lookup/vocabulary.txt"
        assert members.read(name).split() == [b"[UNK]", b"a", b"b"]
    monkeypatch.setattr("tempfile.mkdtemp", None)
    loaded = saving.load_model(tmp_path / "m.keras")
    assert loaded.layers[0].get_vocabulary() == ["[UNK]", "a", "b"]


@pytest.mark.filterwarnings("ignore:h5py is not installed")
def test_a_layer_that_opens_files_by_name_is_told_how_to_read(tmp_path):
    class Words(keras.layers.Layer):
        def call(self, inputs):
            return inputs

        def save_assets(self, folder):
            with open(f"{folder}/words", "w") as file:
                file.write("1")

        def load_assets(self, folder):
            with open(folder) as file:
                file.read()

    model = keras.Sequential([keras.Input((2,)), Words()])
    np.testing.assert_array_equal(model.predict(np.ones((1, 2)), verbose=0), 1)
    model.save(tmp_path / "m.keras")
    with pytest.raises(ValueError, match=r"Write \(folder / 'name'\)"):
        saving.load_model(tmp_path / "m.keras", {"Words": Words})
