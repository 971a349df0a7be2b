"""Epochs of fewer batches than a Sequence has, in older scripts and today."""

import numpy as np
import pytest

from keratorch import callbacks, layers, models, utils

X, Y = np.ones((10, 3), "float32"), np.ones((10, 1), "float32")


class Rows(utils.PyDataset):
    """Three batches, of 4, 4 and 2 rows."""

    def __len__(self):
        return 3

    def __getitem__(self, i):
        return X[4 * i : 4 * i + 4], Y[4 * i : 4 * i + 4]


class Counted(callbacks.Callback):
    """How many batches each epoch has."""

    def on_epoch_begin(self, epoch, logs=None):
        self.counts = [*getattr(self, "counts", []), 0]

    def on_train_batch_end(self, batch, logs=None):
        self.counts[-1] += 1


def batches_of_epochs():
    model = models.Sequential([layers.Dense(1)])
    model.compile("sgd", "mse")
    counted = Counted()
    model.fit(
        Rows(),
        steps_per_epoch=2,
        epochs=3,
        callbacks=[counted],
        verbose=0,
        shuffle=False,
    )
    return counted.counts


def test_each_epoch_of_an_older_script_begins_with_the_first_batch(installed):
    assert batches_of_epochs() == [2, 2, 2]


def test_today_an_epoch_goes_on_where_the_last_one_ended():
    with pytest.warns(UserWarning, match="The data ended"):
        assert batches_of_epochs() == [2, 1, 2]
