"""Datasets that give batches by number, read in order, in threads, or for ever."""

import itertools
import threading
import time

import numpy as np
import pytest

import keratorch as keras
from keratorch.utils.py_dataset import (
    PyDataset,
    Sequence,
    pack_x_y_sample_weight,
    read_ahead,
    unpack_x_y_sample_weight,
)


class Numbers(PyDataset):
    """Batches of two samples that hold the number of the batch."""

    def __init__(self, count=5, **kwargs):
        super().__init__(**kwargs)
        self.count, self.hooks, self.threads = count, [], set()

    def __len__(self):
        return self.count

    def __getitem__(self, index):
        self.threads.add(threading.get_ident())
        time.sleep(0.002 * (self.count - index) * (self.workers > 1))
        return np.full((2, 1), index, np.float32), np.ones((2, 1), np.float32)

    def on_epoch_begin(self):
        self.hooks.append("begin")

    def on_epoch_end(self):
        self.hooks.append("end")


def network(seen=None):
    class Watch(keras.Sequential):
        def train_step(self, data):
            seen.append(int(data[0][0, 0]))
            return super().train_step(data)

    model = Watch([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    return model


@pytest.mark.parametrize("workers", [0, 1, 3])
def test_batches_come_in_order_whatever_the_workers(workers):
    seen = []
    network(seen).fit(Numbers(workers=workers), shuffle=False, epochs=2, verbose=0)
    assert seen == [0, 1, 2, 3, 4] * 2


def test_workers_are_threads():
    data = Numbers(workers=3)
    assert len(list(read_ahead(data, range(5)))) == 5
    assert threading.get_ident() not in data.threads


def test_shuffle_changes_the_order_of_batches_and_keeps_each():
    seen = []
    keras.utils.set_random_seed(0)
    network(seen).fit(Numbers(20), verbose=0)
    assert sorted(seen) == list(range(20)) != seen


def test_hooks_run_once_in_each_epoch():
    train, validation = Numbers(), Numbers(2)
    network([]).fit(train, validation_data=validation, epochs=2, verbose=0)
    assert train.hooks == validation.hooks == ["begin", "end"] * 2


def test_steps_per_epoch_goes_on_where_the_last_epoch_stopped():
    seen = []
    network(seen).fit(Numbers(4), steps_per_epoch=2, epochs=3, shuffle=False, verbose=0)
    assert seen == [0, 1, 2, 3, 0, 1]


def test_endless_dataset():
    class Endless(Numbers):
        num_batches = None

    seen = []
    network(seen).fit(Endless(workers=2), steps_per_epoch=3, epochs=2, verbose=0)
    assert seen == list(range(6))


def test_error_of_a_worker_is_raised():
    class Broken(Numbers):
        def __getitem__(self, index):
            if index == 2:
                raise OSError("disk gone")
            return super().__getitem__(index)

    with pytest.raises(OSError, match="disk gone"):
        network([]).fit(Broken(workers=2), shuffle=False, verbose=0)


def test_no_more_batches_are_made_ahead_than_allowed():
    data = Numbers(50, workers=2, max_queue_size=3)
    made = []
    data.__class__ = type(
        "Counted",
        (Numbers,),
        {"__getitem__": lambda self, index: made.append(index)},
    )
    list(itertools.islice(read_ahead(data, range(50)), 2))
    assert len(made) <= 5


def test_evaluate_and_predict_read_datasets():
    model = network([])
    x = np.repeat(np.arange(5.0, dtype=np.float32), 2)[:, None]
    np.testing.assert_allclose(
        model.predict(Numbers(workers=2), verbose=0), model.predict(x, verbose=0)
    )
    assert model.evaluate(Numbers(), verbose=0) == pytest.approx(
        model.evaluate(x, np.ones((10, 1)), verbose=0), rel=1e-6
    )


def test_class_weights_count_in_datasets():
    class Labels(PyDataset):
        def __len__(self):
            return 1

        def __getitem__(self, index):
            return np.ones((2, 1), np.float32), np.array([0, 1])

    def loss(**more):
        model = network([])
        model.layers[0].set_weights([np.zeros((1, 1)), np.zeros(1)])
        return model.fit(Labels(), verbose=0, **more).history["loss"][0]

    assert loss() == 0.5
    assert loss(class_weight={0: 1.0, 1: 3.0}) == 1.5


def test_missing_super_init_warns_and_reads_with_one_worker():
    class Own(PyDataset):
        def __init__(self):
            self.x = np.ones((2, 1), np.float32)

        def __len__(self):
            return 2

        def __getitem__(self, index):
            return self.x, self.x

    with pytest.warns(UserWarning, match=r"super\(\).__init__"):
        network([]).fit(Own(), verbose=0)


@pytest.mark.parametrize("arguments", [{"workers": -1}, {"max_queue_size": 0}])
def test_useless_arguments_are_refused(arguments):
    with pytest.raises(ValueError, match=next(iter(arguments))):
        Numbers(**arguments)


def test_dataset_without_a_length_says_so():
    with pytest.raises(NotImplementedError, match="__len__"):
        _ = PyDataset().num_batches
    with pytest.raises(NotImplementedError, match="__getitem__"):
        PyDataset()[0]


def test_sequence_is_the_older_name():
    assert Sequence is PyDataset


def test_batches_are_packed_and_unpacked():
    assert unpack_x_y_sample_weight(("x", "y")) == ("x", "y", None)
    assert unpack_x_y_sample_weight("x") == ("x", None, None)
    assert pack_x_y_sample_weight("x", None) == "x"
    assert pack_x_y_sample_weight(["a", "b"]) == (["a", "b"],)
    assert pack_x_y_sample_weight("x", "y", "w") == ("x", "y", "w")
    with pytest.raises(ValueError, match="tuple of 4"):
        unpack_x_y_sample_weight((1, 2, 3, 4))


def test_a_subclass_may_note_a_number_of_batches_but_its_length_counts():
    class Noting(Numbers):
        def __init__(self, noted, **kwargs):
            super().__init__(**kwargs)
            self.num_batches = noted

        def __len__(self):
            return self.num_batches - 1

    dataset = Noting(4)
    assert dataset.num_batches == 4
    model = keras.Sequential([keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(dataset, verbose=0)
    assert model.optimizer.iterations == 3


def test_a_noted_number_is_the_length_of_a_dataset_without_one():
    class Noting(PyDataset):
        def __init__(self):
            super().__init__()
            self.num_batches = 2

        def __getitem__(self, index):
            return np.ones((2, 1)), np.ones(2)

    model = keras.Sequential([keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(Noting(), verbose=0)
    assert model.optimizer.iterations == 2


class Labelled(Numbers):
    """Batches whose targets are of another model."""

    def __getitem__(self, index):
        x, y = super().__getitem__(index)
        return x, [y, ["a", "b"]]


def test_predict_looks_at_nothing_behind_the_inputs():
    assert network().predict(Labelled(), verbose=0).shape == (10, 1)


def test_a_predict_step_of_ones_own_sees_the_targets():
    class Watch(keras.Sequential):
        def predict_step(self, data):
            return data[1]

    model = Watch([keras.Input((1,)), keras.layers.Dense(1)])
    assert (model.predict(Numbers(), verbose=0) == 1).all()


def test_a_dataset_may_grow_from_epoch_to_epoch():
    class Growing(Numbers):
        def on_epoch_end(self):
            self.count += 1

    seen = []
    network(seen).fit(Growing(1), epochs=3, shuffle=False, verbose=0)
    assert seen == [0, 0, 1, 0, 1, 2]
