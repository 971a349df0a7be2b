import os

import numpy as np
import pytest

import keratorch as keras
from keratorch.saving.atomic import atomic_file


def test_an_error_leaves_the_old_file_and_no_other(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def fail():
        with atomic_file(path) as file:
            file.write(b"new")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("moment", ["fsync", "replace"])
def test_a_full_disk_leaves_the_old_file_and_no_other(tmp_path, moment, monkeypatch):
    path = tmp_path / "w.npz"
    path.write_bytes(b"old")
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])

    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, moment, full)
    with pytest.raises(OSError, match="No space left"):
        model.save_weights(path)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_the_file_is_on_the_disk_before_its_name_is(tmp_path, monkeypatch):
    order = []
    fsync, replace = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda fd: (order.append("fsync"), fsync(fd)))
    monkeypatch.setattr(
        os, "replace", lambda a, b: (order.append("replace"), replace(a, b))
    )
    with atomic_file(tmp_path / "new" / "file") as file:
        file.write(b"1")
    assert order == ["fsync", "replace", "fsync"]
    assert (tmp_path / "new" / "file").read_bytes() == b"1"


def test_a_folder_in_the_way_is_named(tmp_path):
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    with pytest.raises(IsADirectoryError, match="a folder of that name"):
        model.save_weights(tmp_path)


def test_a_configuration_that_fails_leaves_the_old_model(tmp_path):
    class Broken(keras.layers.Layer):
        def call(self, inputs):
            return inputs

        def get_config(self):
            return {"what": object()}

    path = tmp_path / "m.keras"
    path.write_bytes(b"old")
    model = keras.Sequential([keras.Input((2,)), Broken()])
    with pytest.raises(TypeError, match="get_config"):
        model.save(path)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_rights_of_the_old_file_stay(tmp_path):
    path = tmp_path / "w.npz"
    path.write_bytes(b"")
    path.chmod(0o640)
    with atomic_file(path) as file:
        np.save(file, np.ones(1))
    assert path.stat().st_mode & 0o777 == 0o640
