import numpy as np
import pytest

import keratorch as keras
from keratorch.callbacks import BackupAndRestore, Callback

X = np.random.default_rng(0).normal(size=(12, 3)).astype("float32")
Y = X.sum(axis=1, keepdims=True)


class Crash(Callback):
    """Breaks the training off at the beginning of an epoch, or at a batch."""

    def __init__(self, epoch, batch=None):
        self.epoch, self.batch = epoch, batch

    def on_epoch_begin(self, epoch, logs=None):
        self.current = epoch
        if self.batch is None and epoch == self.epoch:
            raise RuntimeError("crash")

    def on_train_batch_end(self, batch, logs=None):
        if (self.current, batch) == (self.epoch, self.batch):
            raise RuntimeError("crash")


def new_model():
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile("adam", "mse")
    return model


def fit(model, *callbacks, epochs=5):
    return model.fit(
        X, Y, 4, epochs, verbose=0, shuffle=False, callbacks=list(callbacks)
    ).history["loss"]


def test_a_run_broken_off_goes_on_as_if_nothing_had_happened(tmp_path):
    whole = fit(new_model())
    backup = tmp_path / "backup"
    with pytest.raises(RuntimeError, match="crash"):
        fit(new_model(), BackupAndRestore(backup), Crash(3))
    assert backup.exists()
    rest = fit(new_model(), BackupAndRestore(backup))
    assert rest == whole[3:]
    assert not backup.exists()


def test_the_backup_stays_where_it_is_asked_to(tmp_path):
    backup = tmp_path / "backup"
    fit(new_model(), BackupAndRestore(backup, delete_checkpoint=False))
    assert sorted(path.name for path in backup.iterdir()) == [
        "latest.weights",
        "training_metadata.json",
    ]
    again = new_model().fit(X, Y, 4, 5, verbose=0, callbacks=[BackupAndRestore(backup)])
    assert again.epoch == []  # all epochs had been done


def test_backups_may_be_counted_in_batches(tmp_path):
    backup = tmp_path / "backup"
    with pytest.raises(RuntimeError, match="crash"):
        fit(new_model(), BackupAndRestore(backup, save_freq=2), Crash(1, batch=1))
    assert '"epoch": 1' in (backup / "training_metadata.json").read_text()


def test_a_backup_that_cannot_be_read_gives_way_to_the_one_before(tmp_path):
    backup = tmp_path / "backup"
    with pytest.raises(RuntimeError, match="crash"):
        fit(new_model(), BackupAndRestore(backup, double_checkpoint=True), Crash(3))
    (backup / "latest.weights").write_bytes(b"")
    rest = fit(new_model(), BackupAndRestore(backup, double_checkpoint=True))
    assert rest == fit(new_model())[2:]


def test_an_unreadable_backup_alone_is_an_error(tmp_path):
    (tmp_path / "latest.weights").write_bytes(b"")
    with pytest.raises(ValueError, match="is empty"):
        fit(new_model(), BackupAndRestore(tmp_path))


def test_a_model_without_weights_is_refused(tmp_path):
    callback = BackupAndRestore(tmp_path)
    callback.set_model(keras.Sequential([keras.layers.Dense(1)]))
    with pytest.raises(ValueError, match="has no weights yet"):
        callback.on_train_begin()


def test_wrong_arguments_are_shown():
    with pytest.raises(ValueError, match="save_freq must be 'epoch'"):
        BackupAndRestore("backup", save_freq="batch")
    for nothing in ("", None):
        with pytest.raises(ValueError, match="backup_dir must be the name"):
            BackupAndRestore(nothing)
