import io
import pickle
import tracemalloc
import zipfile

import numpy as np
import pytest

from keratorch.datasets._archive import read_archive

WANTED = {"x": ((3, 4), np.uint8), "y": ((3,), np.float32)}
X = np.arange(12, dtype=np.uint8).reshape(3, 4)
Y = np.array([0.5, -1, 2], np.float32)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "file.npz"


def npy_bytes(array):
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def npy_header(text, version=b"\x01\x00"):
    size = len(text).to_bytes(2 if version == b"\x01\x00" else 4, "little")
    return b"\x93NUMPY" + version + size + text.encode()


def write_zip(path, members, compression=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)


def refusal(path, wanted=WANTED):
    """The message of the refusal, checked for what each must tell."""
    with pytest.raises(ValueError) as error:
        read_archive(path, wanted)
    message = str(error.value)
    assert message.startswith(f"The file {path} cannot be used: ")
    assert "Delete it and call again" in message
    assert "not found" not in message.lower()
    assert len(message) < 600
    return message


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_arrays_come_back_as_saved(path, save):
    save(path, x=X, y=Y)
    arrays = read_archive(path, WANTED)
    assert list(arrays) == ["x", "y"]
    np.testing.assert_array_equal(arrays["x"], X)
    np.testing.assert_array_equal(arrays["y"], Y)
    assert arrays["x"].dtype == np.uint8


def test_column_order_is_read_too(path):
    np.savez(path, x=np.asfortranarray(X), y=Y)
    np.testing.assert_array_equal(read_archive(path, WANTED)["x"], X)


@pytest.mark.parametrize(
    ("arrays", "told"),
    [
        ({"x": X}, "should hold x.npy, y.npy, but holds x.npy"),
        ({"x": X, "y": Y, "z": Y}, "but holds x.npy, y.npy, z.npy"),
        ({"x": X[:2], "y": Y}, "x should have shape (3, 4) and type uint8, but has"),
        ({"x": X.astype(int), "y": Y}, "but has shape (3, 4) and type int64"),
        ({"x": X, "y": Y.astype(">f4")}, "but has shape (3,) and type >f4"),
    ],
)
def test_other_names_shapes_and_types_are_told(path, arrays, told):
    np.savez(path, **arrays)
    assert told in refusal(path)


class Bomb:
    exploded = False

    def __reduce__(self):
        return (setattr, (Bomb, "exploded", True))


def test_pickled_objects_are_never_loaded(path):
    objects = npy_header("{'descr': '|O', 'fortran_order': False, 'shape': (3, 4)}\n")
    write_zip(
        path, {"x.npy": objects + pickle.dumps([Bomb()] * 12), "y.npy": npy_bytes(Y)}
    )
    assert "type object" in refusal(path)
    assert not Bomb.exploded


def test_pickle_in_place_of_an_array_is_never_loaded(path):
    write_zip(path, {"x.npy": pickle.dumps(Bomb()), "y.npy": npy_bytes(Y)})
    refusal(path)
    path.write_bytes(pickle.dumps(Bomb()))
    assert "not a zip file" in refusal(path)
    assert not Bomb.exploded


def in_little_memory(path, wanted=WANTED):
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        message = refusal(path, wanted)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak - before < 8 * 2**20
    return message


def test_huge_declared_shape_takes_no_memory(path):
    text = "{'descr': '|u1', 'fortran_order': False, 'shape': (1000000000, 99)}\n"
    write_zip(path, {"x.npy": npy_header(text), "y.npy": npy_bytes(Y)})
    assert "(1000000000, 99)" in in_little_memory(path)


def test_huge_member_takes_no_memory(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("x.npy", "w") as file:
            file.write(npy_bytes(X))
            for _ in range(64):
                file.write(bytes(2**20))
        archive.writestr("y.npy", npy_bytes(Y))
    assert "array x has 67109" in in_little_memory(path)


def test_huge_header_takes_no_memory(path):
    header = npy_header(" " * 2**25, version=b"\x02\x00")
    write_zip(path, {"x.npy": header, "y.npy": npy_bytes(Y)})
    assert "format (2, 0)" in in_little_memory(path)


def test_huge_table_of_contents_takes_no_memory(path):
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(20_000):
            archive.writestr(f"a_name_that_takes_some_room_{number}.npy", b"")
    assert "table of contents" in in_little_memory(path)


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_compression_without_a_bound_is_refused(path, compression):
    write_zip(path, {"x.npy": npy_bytes(X), "y.npy": npy_bytes(Y)}, compression)
    assert "compressed in a way that NumPy never uses" in refusal(path)


def test_array_followed_by_other_data_is_refused(path):
    write_zip(path, {"x.npy": npy_bytes(X) + b"more", "y.npy": npy_bytes(Y)})
    assert "followed by other data" in refusal(path)


def test_member_that_ends_early_is_refused(path):
    write_zip(path, {"x.npy": npy_bytes(X)[:-1], "y.npy": npy_bytes(Y)})
    refusal(path)


def test_two_members_of_one_name_are_refused(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("y.npy", npy_bytes(Y))
        archive.writestr("x.npy", npy_bytes(X))
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("x.npy", npy_bytes(X))
    assert "holds x.npy, x.npy, y.npy" in refusal(path)


def test_empty_file_is_told_as_damaged(path):
    path.touch()
    assert "not a zip file" in refusal(path)


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_no_damaged_byte_passes_unseen(path, save):
    """Each change of one byte is refused with the same words, or changes nothing."""
    save(path, x=X, y=Y)
    whole = path.read_bytes()
    rng = np.random.default_rng(0)
    for position in range(len(whole)):
        damaged = bytearray(whole)
        damaged[position] ^= rng.integers(1, 256)
        path.write_bytes(damaged)
        try:
            arrays = read_archive(path, WANTED)
        except ValueError:
            refusal(path)
        else:
            np.testing.assert_array_equal(arrays["x"], X)
            np.testing.assert_array_equal(arrays["y"], Y)


def test_every_truncation_is_refused(path):
    np.savez_compressed(path, x=X, y=Y)
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        refusal(path)
