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


class Sizes(keras.callbacks.Callback):
    def __init__(self):
        self.seen, self.begun = [], []

    def on_batch_begin(self, batch, logs={}):  # noqa: B006 - as scripts write it
        self.begun.append((logs["batch"], logs.get("size", 0)))

    def on_batch_end(self, batch, logs={}):  # noqa: B006
        assert "size" in logs
        assert "size" not in list(logs)
        self.seen.append((batch, logs["size"], logs["loss"] > 0))

    def on_epoch_end(self, epoch, logs):
        self.samples = self.params["samples"], self.params.get("batch_size")
        assert logs.get("size") is None


@pytest.mark.parametrize("how", ["by position", "by name"])
def test_logs_of_a_batch_know_its_number_and_size(how, installed):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1, "sigmoid")])
    model.compile("sgd", "binary_crossentropy")
    sizes = Sizes()
    if how == "by position":
        model.fit(X, Y, 3, 1, 0, [sizes], 0.1)
    else:
        given = {"batch_size": 3, "validation_split": 0.1, "callbacks": [sizes]}
        model.fit(X.tolist(), Y, verbose=0, **given)
    assert sizes.begun == [(0, 3), (1, 3), (2, 1)]
    assert sizes.seen == [(0, 3, True), (1, 3, True), (2, 1, True)]
    assert sizes.samples == (7, 3)


def test_logs_of_keras_3_hold_numbers_alone():
    class Asking(keras.callbacks.Callback):
        def on_batch_end(self, batch, logs=None):
            assert "size" not in logs

    fit(Asking(), 1)


def test_a_base_logger_averages_in_a_loop_of_ones_own():
    logger = keras.callbacks.BaseLogger(stateful_metrics=["auc"])
    history = keras.callbacks.History()
    callbacks = keras.callbacks.CallbackList([logger, history])
    callbacks.on_train_begin()
    for epoch in range(2):
        callbacks.on_epoch_begin(epoch)
        for batch, (size, loss) in enumerate([(3, 1.0), (1, 5.0)]):
            logs = {"batch": batch, "size": size, "loss": loss, "auc": 0.1 * batch}
            callbacks.on_batch_end(batch, logs)
        callbacks.on_epoch_end(epoch, {"val_loss": 7.0})
    assert history.history["loss"] == [2.0, 2.0]
    assert history.history["auc"] == [0.1, 0.1]
    assert history.history["val_loss"] == [7.0, 7.0]


def test_a_history_of_keras_0_had_sums_over_the_last_epoch(installed):
    x, y = np.ones((6, 2)), np.zeros((6, 1))
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    history = model.fit(x, y, 4, 2, validation_data=(x, y), verbose=0)
    assert history.seen == 6 and list(history.totals) == ["loss"]
    assert history.totals["loss"] == 6 * history.history["loss"][-1]
    with pytest.raises(AttributeError, match="knows no number of samples"):
        _ = keras.callbacks.History().totals


def test_options_of_tensorflow_change_nothing(tmp_path):
    callback = keras.callbacks.ModelCheckpoint(str(tmp_path / "m.h5"), options=None)
    assert callback.filepath.endswith("m.h5")
    keras.callbacks.BackupAndRestore(str(tmp_path), save_before_preemption=False)
