import numpy as np
import pytest

from keratorch.utils import Dataset


def listed(dataset, count=-1):
    return [np.asarray(element).tolist() for element in dataset.take(count)]


def test_lengths_are_those_of_keras():
    numbers, some = Dataset.range(4), Dataset.range(4).filter(lambda x: x > 1)
    expected = {
        4: numbers.take(-1),
        0: numbers.skip(30),
        -1: numbers.repeat().skip(3),
        -2: some.take(1),
    }
    for count, dataset in expected.items():
        assert dataset.cardinality() == count
    assert Dataset.range(0).repeat().cardinality() == 0
    assert some.repeat(2).cardinality() == -2 and some.repeat(0).cardinality() == 0
    assert some.concatenate(numbers.repeat()).cardinality() == -1
    assert some.concatenate(numbers).cardinality() == -2
    assert listed(numbers.skip(-1)) == listed(Dataset.range(0).repeat()) == []


def test_shuffle_draws_from_the_next_elements_only():
    order = listed(Dataset.range(100).shuffle(10, seed=1))
    assert sorted(order) == list(range(100))
    assert all(value < place + 10 for place, value in enumerate(order))
    assert any(value < place - 10 for place, value in enumerate(order))


def test_shuffle_reads_no_more_than_its_buffer():
    read = []
    dataset = Dataset.range(9).map(lambda x: read.append(int(x)) or x).shuffle(4)
    next(iter(dataset))
    assert read == [0, 1, 2, 3]


def test_each_repetition_is_mixed_anew():
    twice = listed(Dataset.range(20).shuffle(20, seed=2).repeat(2))
    assert sorted(twice[:20]) == sorted(twice[20:]) == list(range(20))
    assert twice[:20] != twice[20:]
    kept = Dataset.range(20).shuffle(20, reshuffle_each_iteration=False)
    assert sorted(listed(kept.take(5)) + listed(kept.skip(5))) == list(range(20))


def test_counts_may_be_arrays_and_must_be_whole():
    numbers = Dataset.range(6)
    assert len(numbers.take(np.array(2)).repeat(np.int64(2))) == 4
    assert listed(numbers.batch(np.int32(3)))[1] == [3, 4, 5]
    assert len(numbers.shuffle(numbers.filter(bool).cardinality())) == 6
    for wrong in (2.5, "3", None):
        with pytest.raises(ValueError, match="count must be an int"):
            numbers.take(wrong)
    with pytest.raises(ValueError, match="buffer_size must be an int >= 1"):
        numbers.shuffle(0)


def test_rows_are_looked_up_once_for_a_batch():
    x = np.arange(12).reshape(6, 2)
    dataset = Dataset.from_tensor_slices((x, {"y": x[:, 0]})).shuffle(6, seed=1)
    for a, b in dataset.batch(4):
        assert (a[:, 0] == b["y"]).all() and (a[:, 1] == b["y"] + 1).all()
    assert sorted(listed(dataset.map(lambda a, b: b["y"]))) == [0, 2, 4, 6, 8, 10]


def test_options_change_nothing_and_a_dataset_shows_its_length():
    numbers = Dataset.range(3).with_options(object())
    assert listed(numbers) == [0, 1, 2]
    assert repr(numbers.batch(2)) == "<Dataset of 2 batches of 2>"
    assert repr(numbers.repeat()) == "<Dataset of infinitely many elements>"
