import os
from pathlib import Path

import numpy as np
import pytest

import keratorch as keras

pytestmark = pytest.mark.usefixtures("quiet")

X, Y = np.random.default_rng(0).random((8, 3)), np.arange(8) % 2


def fit(callback, epochs):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1, "sigmoid")])
    model.compile("sgd", "binary_crossentropy", metrics=["accuracy"])
    model.save_weights = lambda path, overwrite: Path(path).touch()
    data = {"validation_data": (X, Y), "epochs": epochs, "verbose": 0}
    model.fit(X, Y, callbacks=[callback], **data)


def test_a_checkpoint_is_written_after_every_nth_epoch(tmp_path):
    path = str(tmp_path / "{epoch:02d}.weights.h5")
    fit(keras.callbacks.ModelCheckpoint(path, save_weights_only=True, period=2), 5)
    assert sorted(name[:2] for name in os.listdir(tmp_path)) == ["02", "04"]


def test_the_name_of_a_checkpoint_may_hold_an_older_metric(tmp_path):
    path = str(tmp_path / "w-{epoch}-{val_acc:.2f}.h5")
    checkpoint = keras.callbacks.ModelCheckpoint(
        path, monitor="val_acc", mode="max", save_best_only=True, save_weights_only=True
    )
    fit(checkpoint, 1)
    (name,) = os.listdir(tmp_path)
    assert name.startswith("w-1-")
    assert float(name[4:8]) in (0.5, *np.arange(0, 1.01, 0.125).round(2))


def test_reduce_lr_on_plateau_takes_epsilon():
    assert keras.callbacks.ReduceLROnPlateau(epsilon=0.5).min_delta == 0.5
