import numpy as np
import pytest

import keratorch as keras
from keratorch.utils import Dataset
from keratorch.utils.pipeline.spec import TensorSpec


def listed(dataset, count=99):
    return [np.asarray(element).tolist() for element in dataset.take(count)]


def turns(count, cycle, block):
    dataset = Dataset.range(1, 6).interleave(
        lambda x: Dataset.from_tensors(x).repeat(count or x), cycle, block
    )
    return "".join(str(x) for x in listed(dataset))


def test_functions_return_arrays_tuples_dicts_and_lists():
    numbers = Dataset.range(2)
    a, b = next(iter(numbers.map(lambda x: [x, [1, 2]])))
    assert a == 0 and b.tolist() == [1, 2] and b.dtype == np.int32
    named = next(iter(numbers.map(lambda x: {"a": x, "b": 1.5})))
    assert named["b"].dtype == np.float32
    with pytest.raises(ValueError, match="forget to return"):
        list(numbers.map(lambda x: None))


def test_layers_and_operations_record_nothing():
    dataset = Dataset.from_tensors(np.ones((2, 3), "float32"))
    dense = keras.layers.Dense(2)
    result = next(iter(dataset.map(lambda x: dense(x) * keras.ops.sum(x))))
    assert type(result.numpy()) is np.ndarray and result.shape == (2, 2)


def test_elements_are_not_changed_in_place():
    x = np.arange(6.0).reshape(3, 2)
    dataset = Dataset.from_tensor_slices({"x": x}).cache()

    def change(features):
        value = features.pop("x")
        value += 1
        value /= 2
        return value

    assert listed(dataset.map(change)) == listed(dataset.map(change))
    assert x.tolist() == np.arange(6.0).reshape(3, 2).tolist()


@pytest.mark.parametrize(
    ("count", "cycle", "block", "expected"),
    [
        (0, 2, 1, "122334344545555"),
        (0, 2, 3, "122333444455555"),
        (0, 3, 2, "122334434455555"),
        (4, 2, 1, "12121212343434345555"),
        (4, 2, 3, "11122212333444345555"),
        (4, 5, 2, "11223344551122334455"),
    ],
)
def test_interleaving_takes_turns_as_keras(count, cycle, block, expected):
    letters = turns(count, cycle, block)
    assert sorted(letters) == sorted(expected)
    assert letters == expected


def test_flat_map_needs_datasets():
    repeated = Dataset.range(3).flat_map(lambda x: Dataset.from_tensors(x).repeat(2))
    assert listed(repeated) == [0, 0, 1, 1, 2, 2]
    with pytest.raises(TypeError, match="map_func must return a Dataset"):
        list(Dataset.range(3).flat_map(lambda x: x))


def test_scan_reduce_and_conditions():
    numbers = Dataset.range(5)
    sums = numbers.scan(np.int64(0), lambda s, x: (s + x, s + x))
    assert listed(sums) == [0, 1, 3, 6, 10]
    assert numbers.reduce(0, lambda s, x: s + 1).numpy() == 5
    count = numbers.reduce({"n": 0, "s": 0}, lambda s, x: {"n": s["n"] + 1, "s": x})
    assert (count["n"], count["s"]) == (5, 4)
    assert listed(numbers.take_while(lambda x: x < 3)) == [0, 1, 2]
    assert listed(Dataset.from_tensor_slices([1, 2, 1, 3]).unique()) == [1, 2, 3]
    assert numbers.take(1).get_single_element() == 0
    with pytest.raises(ValueError, match="one element; received more"):
        numbers.get_single_element()


def test_an_iterator_goes_on_where_it_was():
    iterator = iter(Dataset.range(2))
    assert (next(iterator), iterator.get_next()) == (0, 1)
    with pytest.raises(StopIteration):
        next(iterator)


def test_specs_are_those_of_keras():
    numbers = Dataset.range(6)
    assert numbers.element_spec == TensorSpec((), "int64")
    batches = numbers.batch(4)
    assert batches.element_spec.shape == (None,)
    assert numbers.batch(2, drop_remainder=True).element_spec.shape == (2,)
    made = batches.map(lambda x: (x[:, None] * np.ones(3), x[:2]))
    assert [spec.shape for spec in made.element_spec] == [(None, 3), (2,)]
    zipped = Dataset.zip((numbers, batches)).shuffle(3).prefetch(1)
    assert [spec.shape for spec in zipped.element_spec] == [(), (None,)]
    assert batches.batch(2).element_spec.shape == (None, None)
    assert numbers.filter(lambda x: x > 9).element_spec.shape == ()
    assert numbers.filter(lambda x: x > 9).map(lambda x: x).element_spec is None
    texts = Dataset.from_tensor_slices(["a"]).element_spec
    assert texts == TensorSpec((), "string") and "dtype=string" in repr(texts)


def test_looking_at_the_spec_leaves_no_trace():
    dataset = Dataset.range(9).shuffle(9).map(lambda x: x)
    keras.utils.set_random_seed(3)
    expected = listed(dataset)
    keras.utils.set_random_seed(3)
    assert dataset.element_spec.shape == ()
    assert listed(dataset) == expected
