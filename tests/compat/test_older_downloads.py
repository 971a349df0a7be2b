"""Archives are found where Keras 1 and 2 unpacked them, in scripts for Keras."""

import os
import zipfile
from pathlib import Path

import pytest

import keratorch as keras

pytestmark = pytest.mark.usefixtures("quiet")


@pytest.fixture
def archive(tmp_path):
    """The address of an archive that holds a folder and a file."""
    path = tmp_path / "source" / "pets.zip"
    path.parent.mkdir()
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("pets/cats/1.txt", "cat")
        file.writestr("list.csv", "a,b")
    return path.as_uri()


def get(tmp_path, name, origin, **arguments):
    return keras.utils.get_file(name, origin, cache_dir=tmp_path, **arguments)


@pytest.mark.usefixtures("installed")
def test_members_lie_beside_the_path_and_below_it(tmp_path, archive):
    path = get(tmp_path, "pets.zip", archive, extract=True)
    assert os.path.basename(path) == "pets.zip"
    beside = Path(os.path.dirname(path))
    assert (beside / "pets" / "cats" / "1.txt").read_text() == "cat"
    assert (beside / "list.csv").read_text() == "a,b"
    assert (Path(path) / "pets" / "cats" / "1.txt").read_text() == "cat"
    assert get(tmp_path, "pets.zip", archive, extract=True) == path


@pytest.mark.usefixtures("installed")
def test_what_is_no_archive_is_a_file(tmp_path):
    source = tmp_path / "words.txt"
    source.write_text("hello")
    with pytest.warns(UserWarning, match="no archive"):
        path = get(tmp_path, "copy.txt", source.as_uri(), extract=True)
    assert Path(path).read_text() == "hello"


@pytest.mark.usefixtures("installed")
def test_a_name_may_say_the_folder(tmp_path):
    source = tmp_path / "words.txt"
    source.write_text("hello")
    wanted = tmp_path / "here" / "copy.txt"
    assert get(tmp_path, str(wanted), source.as_uri()) == str(wanted)
    assert wanted.read_text() == "hello"


def test_elsewhere_they_are_where_keras_3_unpacks_them(tmp_path, archive):
    path = get(tmp_path, "pets.zip", archive, extract=True)
    assert os.path.basename(path) == "pets_extracted"
    assert not (Path(path).parent / "pets").exists()
