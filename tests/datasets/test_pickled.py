import io
import os
import pickle
import struct
import zipfile

import numpy as np
import pytest

from keratorch.datasets._pickled import DAMAGE, read_arrays, read_pickle

X = np.arange(24, dtype=np.uint8).reshape(2, 12)


def python_2_pickle(array, labels):
    """A CIFAR batch as Python 2 wrote it: its strings are bytes."""
    content = array.tobytes()
    return b"".join(
        [
            b"\x80\x02}(U\x06labels](",
            *(b"K" + bytes([label]) for label in labels),
            b"eU\x04datacnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\n",
            b"K\x00\x85U\x01b\x87R(K\x01K",
            bytes([array.shape[0]]),
            b"K",
            bytes([array.shape[1]]),
            b"\x86cnumpy\ndtype\nU\x02u1K\x00K\x01\x87R",
            b"(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89T",
            struct.pack("<i", len(content)),
            content,
            b"tbu.",
        ]
    )


def test_batch_of_python_2_is_read():
    batch = read_pickle(io.BytesIO(python_2_pickle(X, [3, 1])))
    assert list(batch) == ["labels", "data"] and batch["labels"] == [3, 1]
    np.testing.assert_array_equal(batch["data"], X)
    assert batch["data"].dtype == np.uint8 and batch["data"].flags.writeable


@pytest.mark.parametrize("protocol", [3, 4])
@pytest.mark.parametrize(
    "array", [X, X.T, X.astype("<i4"), X.astype(">i8"), np.array([[1], [2, 3]], object)]
)
def test_arrays_of_python_3_are_read(array, protocol):
    if protocol == 4 and array is X.T:
        array = np.asfortranarray(array)
    data = pickle.dumps({"a": array}, protocol)
    np.testing.assert_array_equal(read_pickle(io.BytesIO(data))["a"], array)


class Bomb:
    def __reduce__(self):
        return (os.system, ("touch exploded",))


HOSTILE = {
    "a system call": pickle.dumps(Bomb()),
    "a call within data": pickle.dumps({"data": [1, Bomb()]}),
    "another function of NumPy": b"cnumpy\nload\n(S'x'\ntR.",
    "an attribute of a known name": b"\x80\x04cnumpy\nndarray.__subclasses__\n)R.",
    "a builtin": b"cbuiltins\neval\n(S'1'\ntR.",
    "an instance": b"(ios\nsystem\nS'x'\no.",
    "a persistent object": b"Px\n.",
    "an extension": b"\x82\x01.",
    "a state for a type": b"cnumpy\ndtype\n(N}S'__setstate__'\nI1\nstb.",
    "a state for an array": b"cnumpy\nndarray\n)R}b.",
    "an array of no type": b"cnumpy\nndarray\n)R(K\x01)NK\x00]tb.",
    "another type": b"cnumpy\ndtype\n(S'V8'\ntR.",
    "no pickle": b"hello",
    "nothing": b"",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_nothing_that_a_pickle_asks_for_is_run(kind, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DAMAGE):
        read_pickle(io.BytesIO(HOSTILE[kind]))
    assert os.listdir(tmp_path) == []


def test_lists_in_an_npz_archive_are_read(tmp_path):
    texts = np.empty(2, object)
    texts[:] = [[1, 2, 3], [4]]
    np.savez(tmp_path / "a.npz", x=texts, y=np.array([0, 1]))
    x, y = read_arrays(tmp_path / "a.npz", ["x", "y"])
    assert x.tolist() == [[1, 2, 3], [4]] and y.tolist() == [0, 1]


@pytest.mark.parametrize("values", [[["text"], [1]], [[1.5], [1]], [{"a": 1}, [1]]])
def test_other_objects_in_an_archive_are_refused(tmp_path, values):
    objects = np.empty(2, object)
    objects[:] = values
    np.savez(tmp_path / "a.npz", x=objects)
    with pytest.raises(ValueError, match="something else than lists of ints"):
        read_arrays(tmp_path / "a.npz", ["x"])


def test_hostile_objects_in_an_archive_are_refused(tmp_path):
    header = io.BytesIO()
    description = {"descr": "|O", "fortran_order": False, "shape": (1,)}
    np.lib.format.write_array_header_1_0(header, description)
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("x.npy", header.getvalue() + pickle.dumps([Bomb()]))
    with pytest.raises(ValueError, match=r"asks for .*system, which no data needs"):
        read_arrays(tmp_path / "a.npz", ["x"])
