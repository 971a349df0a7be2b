import itertools

import numpy as np
import pytest

import keratorch as keras

pytestmark = pytest.mark.usefixtures("installed")


class Numbers(keras.utils.PyDataset):
    rounds = 0

    def __len__(self):
        return 3

    def __getitem__(self, index):
        return index

    def on_epoch_end(self):
        self.rounds += 1


def test_a_sequence_is_given_in_order_again_and_again():
    from keras.utils import OrderedEnqueuer

    queue = OrderedEnqueuer(numbers := Numbers(), use_multiprocessing=True)
    queue.start(workers=2, max_queue_size=4)
    assert list(itertools.islice(queue.get(), 7)) == [0, 1, 2, 0, 1, 2, 0]
    assert queue.is_running()
    assert numbers.rounds == 2
    queue.stop()
    assert list(queue.get()) == []


def test_each_round_has_another_order_on_demand():
    from keras.utils.data_utils import OrderedEnqueuer

    queue = OrderedEnqueuer(Numbers(), shuffle=True)
    queue.start()
    rounds = np.array(list(itertools.islice(queue.get(), 90))).reshape(30, 3)
    assert (np.sort(rounds) == [0, 1, 2]).all()
    assert len({tuple(order) for order in rounds}) > 1


def test_a_generator_is_given_until_it_ends_or_is_stopped():
    from keras.utils import GeneratorEnqueuer

    queue = GeneratorEnqueuer(iter("abc"))
    queue.start()
    assert list(queue.get()) == ["a", "b", "c"]
    assert not queue.is_running()

    endless = GeneratorEnqueuer(itertools.count(), wait_time=0.1)
    endless.start()
    found = []
    for number in endless.get():
        found.append(number)
        if number == 2:
            endless.stop()
    assert found == [0, 1, 2]
