import numpy as np
import pytest

from keratorch.callbacks.model_checkpoint import ModelCheckpoint


@pytest.fixture
def model(model):
    """A model that remembers what it was told to save."""
    model.saved = []
    model.save = lambda path, overwrite: model.saved.append(path)
    model.save_weights = lambda path, overwrite: model.saved.append(f"weights {path}")
    return model


def run(model, callback, losses, batches=0):
    callback.set_model(model)
    callback.on_train_begin()
    for epoch, loss in enumerate(losses):
        callback.on_epoch_begin(epoch)
        for batch in range(batches):
            callback.on_train_batch_end(batch, {"loss": loss})
        callback.on_epoch_end(epoch, {"loss": loss, "val_loss": loss / 2})
    return model.saved


def test_each_epoch_is_saved_under_a_name_made_of_its_logs(model):
    callback = ModelCheckpoint("m-{epoch:02d}-{val_loss:.2f}.keras")
    assert run(model, callback, [3.0, 1.0]) == ["m-01-1.50.keras", "m-02-0.50.keras"]


def test_only_better_models_are_saved(model):
    callback = ModelCheckpoint("{epoch}.keras", "loss", save_best_only=True)
    assert run(model, callback, [3.0, 4.0, 2.0, 2.0]) == ["1.keras", "3.keras"]


def test_the_first_file_needs_to_beat_the_threshold(model):
    callback = ModelCheckpoint(
        "{epoch}.keras", "loss", save_best_only=True, initial_value_threshold=2.5
    )
    assert run(model, callback, [3.0, 2.0]) == ["2.keras"]


def test_larger_is_better_in_mode_max(model):
    callback = ModelCheckpoint("{epoch}.h5", "loss", save_best_only=True, mode="max")
    assert run(model, callback, [3.0, 2.0, 4.0]) == ["1.h5", "3.h5"]


def test_weights_alone_are_saved_under_any_name(model):
    callback = ModelCheckpoint("weights.hdf5", save_weights_only=True)
    assert run(model, callback, [1.0]) == ["weights weights.hdf5"]


def test_batches_are_counted_over_epochs(model):
    callback = ModelCheckpoint("{epoch}-{batch}", save_freq=3)
    assert run(model, callback, [1.0, 1.0], batches=4) == ["1-3", "2-2"]


def test_verbose_says_what_is_saved_and_why(model, capsys):
    callback = ModelCheckpoint("m.keras", "loss", verbose=1, save_best_only=True)
    run(model, callback, [3.0, 2.0, 4.0])
    assert capsys.readouterr().out == (
        "\nEpoch 1: loss improved from None to 3.00000, saving model to m.keras\n"
        "\nEpoch 1: finished saving model to m.keras\n"
        "\nEpoch 2: loss improved from 3.00000 to 2.00000, saving model to m.keras\n"
        "\nEpoch 2: finished saving model to m.keras\n"
        "\nEpoch 3: loss did not improve from 2.00000\n"
    )


def test_a_number_that_is_not_there_warns_and_saves(model):
    callback = ModelCheckpoint("m.keras", "val_acc", save_best_only=True)
    with pytest.warns(
        UserWarning, match="'val_acc' is not in the logs.*loss, val_loss"
    ):
        assert run(model, callback, [1.0]) == ["m.keras"]


def test_an_array_as_number_warns_and_saves(model):
    callback = ModelCheckpoint("m.keras", "loss", save_best_only=True)
    with pytest.warns(UserWarning, match="more than one number"):
        run(model, callback, [np.array([1.0, 2.0])])


def test_a_name_that_the_logs_lack_is_named(model):
    with pytest.raises(ValueError, match="'accuracy'.*They hold: epoch, loss"):
        run(model, ModelCheckpoint("{accuracy}.keras"), [1.0])


@pytest.mark.parametrize("frequency", ["batch", 0, -1, 2.5, True])
def test_a_wrong_frequency_is_shown(frequency):
    with pytest.raises(ValueError, match="save_freq must be 'epoch' or a number"):
        ModelCheckpoint("m.keras", save_freq=frequency)
