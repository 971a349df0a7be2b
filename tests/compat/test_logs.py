import json

import numpy as np
import pytest

import keratorch as keras
from keratorch.compat import dialect
from keratorch.compat.training.logs import Logs

DATA = np.random.default_rng(0).random((12, 3)), np.arange(12) % 2


def trained(metrics, **fit):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1, "sigmoid")])
    model.compile("sgd", "binary_crossentropy", metrics=metrics)
    return model.fit(*DATA, validation_data=DATA, verbose=0, **fit)


@pytest.mark.parametrize(
    ("held", "asked"),
    [
        ("accuracy", "acc"),
        ("acc", "accuracy"),
        ("val_accuracy", "val_acc"),
        ("binary_accuracy", "acc"),
        ("out_accuracy", "out_acc"),
        ("val_mae", "val_mean_absolute_error"),
        ("mean_squared_error", "mse"),
        ("learning_rate", "lr"),
        ("val_psnr", "val_PSNR"),
        ("my_error", "MyError"),
        ("val_Recall", "val_recall"),
    ],
)
def test_a_number_is_found_by_its_other_name(held, asked):
    logs = Logs({held: 1.0})
    assert asked in logs
    assert logs[asked] == logs.get(asked) == 1.0
    assert list(logs) == [held]


def test_what_is_nowhere_is_missing():
    logs = Logs({"loss": 1.0})
    assert "acc" not in logs
    assert logs.get("acc") is None
    with pytest.raises(KeyError):
        logs["acc"]


def test_history_answers_to_both_names_and_writes_one():
    history = trained(["accuracy"]).history
    assert history["val_acc"] == history["val_accuracy"]
    assert sorted(json.loads(json.dumps(history))) == [
        "accuracy",
        "loss",
        "val_accuracy",
        "val_loss",
    ]
    assert "mean_squared_error" in trained(["mse"]).history


def test_callbacks_find_what_they_monitor_by_any_name():
    seen = []

    class Look(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            seen.append(logs["val_acc"])

    stop = keras.callbacks.EarlyStopping(monitor="val_acc", patience=1)
    trained(["accuracy"], callbacks=[Look(), stop], epochs=2)
    assert len(seen) == 2
    assert stop.best == max(seen)


@pytest.mark.parametrize(
    ("spoken", "listed"), [("recall", "recall"), ("Recall", "Recall"), ("x", "Recall")]
)
def test_classes_by_name_are_listed_as_the_script_calls_them(
    spoken, listed, monkeypatch
):
    monkeypatch.setattr(dialect, "_spoken", {spoken})
    history = trained(["Recall"]).history
    assert {listed, f"val_{listed}"} <= set(history)


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("script", "first"), [("m.fit(x, y, nb_epoch=2)", 0), ("m.fit(x, y, epochs=2)", 1)]
)
def test_keras_1_numbered_the_files_of_checkpoints_from_zero(script, first, tmp_path):
    dialect.read(script)
    path = str(tmp_path / "{epoch:02d}.weights.h5")
    saver = keras.callbacks.ModelCheckpoint(path, save_weights_only=True)
    trained([], epochs=2, callbacks=[saver])
    names = sorted(file.name for file in tmp_path.iterdir())
    assert names == [f"{first + epoch:02d}.weights.h5" for epoch in range(2)]
