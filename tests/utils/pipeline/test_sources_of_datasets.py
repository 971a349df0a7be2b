import numpy as np
import pytest

from keratorch.utils import Dataset
from keratorch.utils.pipeline.spec import TensorSpec


def listed(dataset, count=9):
    return [np.asarray(element).tolist() for element in dataset.take(count)]


def dtypes(dataset):
    element = next(iter(dataset))
    return [part.dtype.name for part in element]


def pairs():
    yield 1, [1.0, 2.0]
    yield 2, [3.0]


def test_numbers_of_python_become_small_and_arrays_stay():
    numbers = ([1, 2], [1.5, 2.0], np.arange(2), np.ones(2), [True, False])
    dataset = Dataset.from_tensor_slices(numbers)
    assert dtypes(dataset) == ["int32", "float32", "int64", "float64", "bool"]
    assert dtypes(Dataset.from_tensor_slices(([2**40], [1]))) == ["int64", "int32"]
    assert listed(Dataset.from_tensor_slices([[1, 2], [3, 4]])) == [[1, 2], [3, 4]]


def test_one_element_keeps_its_first_axis():
    ((a, b),) = Dataset.from_tensors(([1, 2], 3.0))
    assert a.tolist() == [1, 2] and b.numpy() == np.float32(3)
    assert listed(Dataset.from_tensors([1, 2])) == [[1, 2]]


def test_generators_get_the_dtypes_and_shapes_that_were_told():
    dataset = Dataset.from_generator(pairs, ("int32", "float32"), ((), (None,)))
    assert dtypes(dataset) == ["int32", "float32"]
    assert dataset.element_spec == (
        TensorSpec((), "int32"),
        TensorSpec((None,), "float32"),
    )
    spec = TensorSpec((), "int64"), TensorSpec((2,), "float64")
    dataset = Dataset.from_generator(pairs, output_signature=spec)
    with pytest.raises(ValueError, match=r"shape \(2,\); received shape \(1,\)"):
        list(dataset)
    wrong = Dataset.from_generator(pairs, {"a": "int32"})
    with pytest.raises(ValueError, match="elements like"):
        list(wrong)
    named = Dataset.from_generator(lambda: iter([{"a": 1}]), {"a": "float32"})
    assert next(iter(named))["a"].dtype == np.float32


def test_generators_get_arguments_and_begin_anew():
    dataset = Dataset.from_generator(lambda n: range(n), "int64", args=[3])
    assert listed(dataset) == listed(dataset) == [0, 1, 2]
    with pytest.raises(TypeError, match="lambda: generator"):
        Dataset.from_generator(iter([1]))


def test_ranges_counters_and_random_numbers():
    assert listed(Dataset.range(2, 10, 3)) == [2, 5, 8]
    assert next(iter(Dataset.range(2, output_type="int32"))).dtype == np.int32
    assert listed(Dataset.counter(5, 2), 3) == [5, 7, 9]
    assert listed(Dataset.random(4), 3) == listed(Dataset.random(4), 3)
    assert Dataset.random().cardinality() == Dataset.counter().cardinality() == -1


def test_files_are_found_in_order_or_mixed(tmp_path):
    for name in ("b.txt", "a.txt", "c.csv"):
        (tmp_path / name).write_text("")
    found = Dataset.list_files(str(tmp_path / "*.txt"), shuffle=False)
    assert [str(path)[-5:] for path in found] == ["a.txt", "b.txt"]
    mixed = Dataset.list_files([str(tmp_path / "*.txt"), str(tmp_path / "*.csv")])
    assert sorted(map(str, mixed))[2].endswith("c.csv") and len(mixed) == 3
    with pytest.raises(ValueError, match="no files match"):
        Dataset.list_files(str(tmp_path / "*.png"))


def test_zip_nests_elements_as_the_datasets():
    numbers = Dataset.range(3)
    assert listed(Dataset.zip(numbers, numbers.skip(1))) == [[0, 1], [1, 2]]
    ((a, (b, c)),) = Dataset.zip((numbers, (numbers, numbers))).take(1)
    assert [a, b, c] == [0, 0, 0]
    named = Dataset.zip({"x": numbers, "y": numbers.repeat()})
    assert len(named) == 3 and next(iter(named))["y"] == 0
    assert Dataset.zip((numbers.filter(bool), numbers)).cardinality() == -2
    with pytest.raises(TypeError, match="zip needs datasets; received ndarray"):
        Dataset.zip((numbers, np.arange(3)))


def test_texts_are_texts_in_every_form():
    for texts in (["a", "ü"], np.array(["a", "ü"]), np.array([b"a", "ü".encode()])):
        dataset = Dataset.from_tensor_slices(texts)
        assert list(dataset.as_numpy_iterator()) == [b"a", "ü".encode()]
    element = next(iter(Dataset.from_tensors(b"\xff")))
    assert element.numpy() == b"\xff" and element.shape == ()
    with pytest.raises(ValueError, match="a float at index"):
        Dataset.from_tensor_slices(np.array(["a", 1.0], object))
    with pytest.raises(ValueError, match=r"rows of lengths \[1, 2\]"):
        Dataset.from_tensor_slices([[1], [1, 2]])
