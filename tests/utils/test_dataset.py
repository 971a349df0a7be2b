import numpy as np
import pytest

import keratorch as keras
from keratorch.utils import Dataset, split_dataset, timeseries_dataset_from_array


def listed(dataset):
    return [np.asarray(element).tolist() for element in dataset]


def test_a_chain_is_walked_again_and_again():
    dataset = Dataset.range(7).map(lambda x: x * x).batch(3).prefetch(1)
    for _ in range(2):
        assert listed(dataset) == [[0, 1, 4], [9, 16, 25], [36]]
    assert len(dataset) == 3
    assert len(Dataset.range(7).batch(3, drop_remainder=True)) == 2
    assert listed(dataset.unbatch()) == [0, 1, 4, 9, 16, 25, 36]


def test_nothing_is_computed_before_the_walk():
    calls = []
    dataset = Dataset.range(5).map(lambda x: calls.append(x) or x).take(2)
    assert calls == []
    assert listed(dataset) == [0, 1]
    assert len(calls) == 2


def test_structures_are_stacked_and_tuples_are_arguments():
    x = {"a": np.arange(4), "b": np.arange(8.0).reshape(4, 2)}
    dataset = Dataset.from_tensor_slices((x, np.arange(4)))
    dataset = dataset.map(lambda x, y: ({**x, "c": x["a"] + 1}, y)).batch(4)
    ((inputs, y),) = dataset
    assert inputs["b"].shape == (4, 2) and inputs["c"].tolist() == [1, 2, 3, 4]
    assert y.tolist() == [0, 1, 2, 3]


def test_shuffle_keeps_all_and_differs_between_walks():
    dataset = Dataset.range(50).shuffle(8, seed=1)
    first, second = listed(dataset), listed(dataset)
    assert sorted(first) == sorted(second) == list(range(50))
    assert first != second
    assert listed(Dataset.range(50).shuffle(8, seed=1)) == first
    assert max(np.arange(50) - first) <= 50 and first[0] < 8
    fixed = Dataset.range(50).shuffle(50, reshuffle_each_iteration=False)
    assert listed(fixed) == listed(fixed)


def test_steps_count_and_cut():
    numbers = Dataset.range(5)
    assert listed(numbers.skip(3)) == [3, 4] and len(numbers.skip(3)) == 2
    assert len(numbers.take(9)) == 5 and len(numbers.take(-1)) == 5
    assert listed(numbers.repeat(2).take(7)) == [0, 1, 2, 3, 4, 0, 1]
    assert listed(numbers.repeat().take(6)) == [0, 1, 2, 3, 4, 0]
    assert listed(numbers.filter(lambda x: x % 2)) == [1, 3]
    assert listed(numbers.concatenate(numbers.take(1))) == [0, 1, 2, 3, 4, 0]
    assert listed(Dataset.zip(numbers, numbers.skip(1))) == [
        [0, 1],
        [1, 2],
        [2, 3],
        [3, 4],
    ]
    assert next(iter(numbers.enumerate(7)))[0] == 7


def test_shards_are_each_nth_element():
    numbers = Dataset.range(5)
    shards = [numbers.shard(2, index) for index in (0, 1)]
    assert [listed(shard) for shard in shards] == [[0, 2, 4], [1, 3]]
    assert [len(shard) for shard in shards] == [3, 2]
    with pytest.raises(ValueError, match="index must be below num_shards=2"):
        numbers.shard(2, 2)


def test_elements_have_a_method_numpy_as_the_tensors_of_keras():
    images = np.arange(24.0).reshape(3, 2, 2, 2)
    dataset = Dataset.from_tensor_slices((images, np.arange(3))).batch(3)
    ((x, y),) = dataset.map(lambda x, y: (x / 2, y))
    assert type(x.numpy()) is np.ndarray and x[0].numpy().shape == (2, 2, 2)
    assert [label.numpy() for label in y] == [0, 1, 2]
    assert type(y[1].numpy()) is np.int64 and ["cat", "dog", "owl"][y[1]] == "dog"
    assert int(y[1:2]) == 1 and float(x[0, :1, 0, 0]) == 0.0
    ((plain, label),) = dataset.unbatch().take(1).as_numpy_iterator()
    assert type(plain) is np.ndarray and type(label) is np.int64
    assert type(keras.layers.Rescaling(2.0)(x).numpy()) is np.ndarray
    assert dataset.cardinality() == dataset.cardinality().numpy() == 1


def test_numpy_of_texts_gives_bytes():
    texts = Dataset.from_generator(lambda: ["good", "süß"])
    (batch,) = texts.batch(2)
    assert batch.numpy().tolist() == [b"good", "süß".encode()]
    assert batch[1].numpy().decode() == "süß" and batch[0].split() == ["good"]
    assert next(iter(texts)).numpy() == b"good"
    assert list(texts.as_numpy_iterator()) == [b"good", "süß".encode()]


def test_unknown_lengths_are_told():
    for dataset, word in (
        (Dataset.range(3).repeat(), "infinite"),
        (Dataset.from_generator(lambda: range(3)), "unknown"),
    ):
        with pytest.raises(TypeError, match=word):
            len(dataset)
        assert dataset


def test_cache_computes_each_element_once():
    calls = []
    dataset = Dataset.range(3).map(lambda x: calls.append(x) or x).cache()
    assert listed(dataset.take(1)) == [0]  # a walk that breaks off keeps nothing
    for _ in range(3):
        assert listed(dataset) == [0, 1, 2]
    assert len(calls) == 4


def test_wrong_arguments_are_told():
    for size in (0, -1, 2.5, True, "3"):
        with pytest.raises(ValueError, match="batch_size must be an int >= 1"):
            Dataset.range(3).batch(size)
    with pytest.raises(ValueError, match="one length"):
        Dataset.from_tensor_slices((np.zeros(3), np.zeros(4)))
    ragged = Dataset.from_generator(lambda: [np.zeros(2), np.zeros(3)])
    with pytest.raises(ValueError, match="elements of one shape"):
        list(ragged.batch(2))


def test_a_model_learns_from_a_dataset():
    x = np.random.default_rng(0).normal(size=(32, 3))
    dataset = Dataset.from_tensor_slices((x, x.sum(1, keepdims=True))).batch(8)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    history = model.fit(dataset, epochs=2, verbose=0)
    assert len(history.history["loss"]) == 2


def test_split_dataset_counts_as_keras():
    x, y = np.arange(20).reshape(10, 2), np.arange(10)
    left, right = split_dataset((x, y), left_size=0.75)
    assert (len(left), len(right)) == (8, 2)
    assert [int(b) for _, b in right] == [8, 9]
    left, right = split_dataset([x, y], right_size=3, left_size=2)
    assert [int(b) for _, b in left] == [0, 1] and len(right) == 3
    left, right = split_dataset(Dataset.range(10).batch(4), left_size=6)
    assert listed(left) == [[0, 1, 2, 3], [4, 5]] and listed(right) == [[6, 7, 8, 9]]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({}, ValueError),
        ({"left_size": "a"}, TypeError),
        ({"left_size": 1.5}, ValueError),
        ({"left_size": 10}, ValueError),
        ({"left_size": 0.7, "right_size": 0.7}, ValueError),
        ({"left_size": 0.01}, ValueError),
    ],
)
def test_split_sizes_out_of_range_are_told(arguments, error):
    with pytest.raises(error, match="left_size"):
        split_dataset(np.arange(10), **arguments)


def test_timeseries_windows_are_those_of_the_docs_of_keras():
    series = np.arange(99)
    dataset = timeseries_dataset_from_array(
        series, None, 10, sampling_rate=2, sequence_stride=3, batch_size=None
    )
    windows = listed(dataset)
    assert windows[1] == list(range(3, 23, 2)) and windows[-1] == list(range(78, 97, 2))
    part = timeseries_dataset_from_array(
        series, series * 2, 4, start_index=10, end_index=20, batch_size=5
    )
    (x, y), (last_x, last_y) = part
    assert x[0].tolist() == [10, 11, 12, 13] and y.tolist() == [20, 22, 24, 26, 28]
    assert last_x[-1].tolist() == [16, 17, 18, 19] and last_y[-1] == 32


def test_shuffled_timeseries_keep_windows_and_targets_together():
    series = np.arange(30.0)
    dataset = timeseries_dataset_from_array(
        series[:-3], series[3:], 3, shuffle=True, seed=2, batch_size=4
    )
    starts = []
    for x, y in dataset:
        np.testing.assert_array_equal(x[:, -1] + 1, y)
        starts += x[:, 0].tolist()
    assert sorted(starts) == list(range(25)) and starts != sorted(starts)


@pytest.mark.parametrize(
    "arguments",
    [
        {"sampling_rate": 0},
        {"sequence_stride": 20},
        {"start_index": -1},
        {"start_index": 5, "end_index": 5},
        {"end_index": 10},
        {"format": "torch"},
    ],
)
def test_timeseries_arguments_out_of_range_are_told(arguments):
    with pytest.raises(ValueError, match=next(iter(arguments)).split("_")[0]):
        timeseries_dataset_from_array(np.arange(10), None, 3, **arguments)
