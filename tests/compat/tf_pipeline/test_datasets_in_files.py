"""Datasets that are saved, loaded, and cached in files."""

import os

import numpy as np
import pytest

from keratorch.utils import Dataset

ELEMENTS = [
    ({"z": np.arange(n, dtype="int16"), "a": np.float64(n / 3)}, f"text {n}\0")
    for n in range(4)
]


def elements():
    return Dataset.from_generator(lambda: iter(ELEMENTS))


def check(found, expected):
    found = list(found)
    assert len(found) == len(expected)
    for (numbers, text), (wanted, same) in zip(found, expected, strict=True):
        assert list(numbers) == ["z", "a"]
        for key, array in wanted.items():
            assert numbers[key].dtype == array.dtype
            np.testing.assert_array_equal(numbers[key], array)
        assert text.numpy() == same.encode()


@pytest.mark.parametrize("compression", [None, "GZIP"])
def test_what_is_saved_is_loaded(tmp_path, compression):
    elements().save(str(tmp_path / "set"), compression=compression)
    loaded = Dataset.load(tmp_path / "set")
    assert len(loaded) == 4
    check(loaded, ELEMENTS)
    check(loaded.skip(1), ELEMENTS[1:])


def test_bytes_and_texts_in_arrays_are_kept(tmp_path):
    texts = np.array([["a", b"\xff\0"], ["", "ü"]], object)
    Dataset.from_tensors(texts).save(tmp_path)
    (found,) = Dataset.load(tmp_path)
    assert found.numpy().tolist() == [[b"a", b"\xff\0"], [b"", "ü".encode()]]


def test_an_empty_dataset_stays_one(tmp_path):
    Dataset.range(0).save(tmp_path)
    assert list(Dataset.load(tmp_path)) == []


def test_batches_of_a_loaded_dataset_train_a_model(tmp_path):
    x, y = np.ones((6, 3), "float32"), np.ones((6, 1), "float32")
    Dataset.from_tensor_slices((x, y)).batch(2).save(tmp_path)
    assert [len(batch) for batch, _ in Dataset.load(tmp_path)] == [2, 2, 2]


@pytest.mark.parametrize(
    ("call", "error", "match"),
    [
        (lambda path: Dataset.load(path / "none"), ValueError, "no dataset in"),
        (lambda path: elements().save(path, "ZIP"), ValueError, "None or 'GZIP'"),
        (lambda path: elements().repeat().save(path), ValueError, "an end"),
        (lambda path: of_datasets().save(path), TypeError, "numbers and texts"),
    ],
)
def test_what_cannot_be_done_is_said(tmp_path, call, error, match):
    with pytest.raises(error, match=match):
        call(tmp_path)


def of_datasets():
    return Dataset.range(4).window(2)


def test_another_structure_is_refused(tmp_path):
    elements().save(tmp_path)
    spec = elements().element_spec
    check(Dataset.load(tmp_path, spec), ELEMENTS)
    with pytest.raises(ValueError, match="consist of 3 arrays"):
        Dataset.load(tmp_path, spec[:1])


def test_a_cache_in_a_file_is_written_by_a_whole_walk_and_read_by_others(tmp_path):
    walks = []

    def numbers():
        walks.append(0)
        yield from np.arange(3)

    def cached():
        made = Dataset.from_generator(numbers, output_types="int64")
        return made.cache(str(tmp_path / "deep" / "numbers"))

    next(iter(cached()))
    assert not os.listdir(tmp_path / "deep")
    walks.clear()
    first = cached()
    for _ in range(2):
        assert [int(n) for n in first] == [0, 1, 2]
    assert [int(n) for n in cached().batch(3).unbatch()] == [0, 1, 2]
    assert len(walks) == 1
    assert [int(n) for n in Dataset.range(3).cache().repeat(2)] == [0, 1, 2] * 2


def test_an_iterator_gives_the_next_element():
    numbers = Dataset.range(2).make_one_shot_iterator()
    assert [int(numbers.get_next()) for _ in range(2)] == [0, 1]
    with pytest.raises(StopIteration):
        numbers.get_next()
