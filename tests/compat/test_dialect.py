import numpy as np
import pytest

import keratorch as keras
from keratorch.compat import dialect

X, Y = np.random.default_rng(0).random((12, 3)), np.arange(12) % 2


@pytest.fixture(autouse=True)
def nothing_read():
    yield
    dialect.forget()


def names(metrics):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1, "sigmoid")])
    model.compile("sgd", "binary_crossentropy", metrics=metrics)
    return model.fit(X, Y, validation_data=(X, Y), verbose=0).history


@pytest.mark.parametrize(
    ("script", "listed"),
    [
        ("", "accuracy"),
        ("plot(h['acc'])", "acc"),
        ("m.compile(metrics=['acc'])", "accuracy"),
        ("plot(h['acc'], h['accuracy'])", "accuracy"),
        ("EarlyStopping(monitor='val_acc')", "acc"),
        ("print 'acc'", "accuracy"),
        ("plot(h['acc'], label='accuracy'); plt.ylabel('accuracy')", "acc"),
        ("plot(h['acc']); plt.legend(['accuracy', 'loss'])", "acc"),
        ("print('accuracy', h['acc'])", "acc"),
        # what only Keras 1 had, and nothing is read: as the logs called it then
        ("model.fit(x, y, nb_epoch=2)", "acc"),
        ("model.fit(x, y, nb_epoch=2); logs['accuracy']", "accuracy"),
    ],
)
def test_logs_list_the_name_that_the_script_uses(script, listed):
    dialect.read(script)
    found = names(["accuracy"])
    assert list(found) == [listed, "loss", f"val_{listed}", "val_loss"]
    assert found["acc"] == found["accuracy"]


@pytest.mark.parametrize(("script", "shown"), [("h['acc']", "acc"), ("", "accuracy")])
def test_the_progress_line_shows_that_name_alone(script, shown, capsys):
    dialect.read(script)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1, "sigmoid")])
    model.compile("sgd", "binary_crossentropy", metrics=["accuracy"])
    model.fit(X, Y, batch_size=4)
    (line,) = [line for line in capsys.readouterr().out.split("\r") if "3/3" in line]
    assert line.count("acc") == line.count(f" {shown}:") == 1


def test_two_accuracies_stay_two():
    dialect.read("h['acc']")
    assert {"acc", "binary_accuracy"} < set(names(["accuracy", "binary_accuracy"]))


def test_what_is_monitored_improves_under_its_older_name():
    dialect.read("EarlyStopping(monitor='val_acc')")
    stopping = keras.callbacks.EarlyStopping("val_acc", patience=0)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1, "sigmoid")])
    model.compile("sgd", "binary_crossentropy", metrics=["accuracy"])
    history = model.fit(
        X, Y, validation_data=(X, Y), verbose=0, epochs=9, callbacks=[stopping]
    ).history["val_acc"]
    assert len(history) < 9  # larger is better: an equal accuracy stops


@pytest.mark.parametrize(
    "line",
    [
        "from keras import ops",
        "import keras.ops as ops",
        "from keras.ops import stack",
        "y = keras.ops.mean(x)",
        "os.environ['KERAS_BACKEND'] = 'jax'",
    ],
)
def test_a_script_with_what_only_keras_3_has_is_none_of_the_older(line, installed):
    dialect.read("import keras\nx = operations.ops")
    assert dialect.is_older()
    dialect.read(line)
    assert not dialect.is_older()


def test_a_program_is_no_older_script():
    assert not dialect.is_older()


def test_a_script_asks_shapes_for_tensorflows_methods():
    assert dialect.asks_shapes("n = x.get_shape()[1].value")
    assert dialect.asks_shapes("n = K.shape(x).as_list()")
    assert not dialect.asks_shapes("y = loss.value")


@pytest.mark.parametrize(
    ("script", "listed"),
    [
        ("m.fit_generator(g)", "lr"),
        ("SGD(lr=0.1)", "lr"),
        ("SGD(lr=0.1); plot(h['learning_rate'])", "learning_rate"),
        ("SGD(learning_rate=0.1)", "learning_rate"),
    ],
)
def test_the_rate_is_listed_as_the_scripts_version_called_it(script, listed, capsys):
    dialect.read(script)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    rate = keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate)
    history = model.fit(X, Y, callbacks=[rate]).history
    assert set(history) == {"loss", listed}
    assert history["lr"] == history["learning_rate"]
    assert f" {listed}: " in capsys.readouterr().out
