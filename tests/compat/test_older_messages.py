"""What callbacks print in scripts for older versions."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import callbacks
from keratorch.compat import dialect

pytestmark = pytest.mark.usefixtures("installed")
X, Y = np.zeros((4, 2)), np.ones((4, 1))
OF_KERAS_1 = "import keras\nm.fit(x, nb_epoch=2)"
BEFORE_2_9 = "import keras\nm.fit_generator(x)"
BEFORE_3 = "from keras.layers.core import Dense"
TODAY = "import keras"


@pytest.fixture(autouse=True)
def nothing_read():
    yield
    dialect.forget()


def told(script, callback, losses, capsys):
    dialect.read(script)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.5), "mse")
    callback.set_model(model)
    model.save = lambda path, overwrite: None
    callback.on_train_begin()
    for epoch, loss in enumerate(losses):
        callback.on_epoch_end(epoch, {"loss": loss})
    callback.on_train_end()
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("script", "lines"),
    [
        (
            OF_KERAS_1,
            "Epoch 00000: loss improved from {} to 0.50000, saving model to m.h5\n"
            "Epoch 00001: loss did not improve\n",
        ),
        (
            BEFORE_2_9,
            "\nEpoch 00001: loss improved from {} to 0.50000, saving model to m.h5\n"
            "\nEpoch 00002: loss did not improve from 0.50000\n",
        ),
        (
            BEFORE_3,
            "\nEpoch 1: loss improved from {} to 0.50000, saving model to m.h5\n"
            "\nEpoch 2: loss did not improve from 0.50000\n",
        ),
    ],
)
@pytest.mark.parametrize(("mode", "first"), [("min", "inf"), ("max", "-inf")])
def test_a_checkpoint_began_at_infinity(script, lines, mode, first, capsys):
    checkpoint = callbacks.ModelCheckpoint("m.h5", "loss", 1, True, mode=mode)
    found = told(script, checkpoint, [0.5, 0.5], capsys)
    assert found == lines.format(first)


@pytest.mark.parametrize(
    ("script", "text"),
    [
        (OF_KERAS_1, "Epoch 00000: saving model to m.h5\n"),
        (BEFORE_2_9, "\nEpoch 00001: saving model to m.h5\n"),
        (BEFORE_3, "\nEpoch 1: saving model to m.h5\n"),
        (TODAY, "\nEpoch 1: saving model to m.h5\n\nEpoch 1: finished saving model to"),
    ],
)
def test_a_checkpoint_said_only_that_it_saves(script, text, capsys):
    found = told(script, callbacks.ModelCheckpoint("m.h5", verbose=1), [0.5], capsys)
    assert found.startswith(text)
    assert found == text or script == TODAY


@pytest.mark.parametrize(
    ("script", "text"),
    [
        (OF_KERAS_1, "Epoch 00002: early stopping\n"),
        (BEFORE_2_9, "Epoch 00002: early stopping\n"),
        (BEFORE_3, "Epoch 2: early stopping\n"),
    ],
)
def test_stopping_early_is_told(script, text, capsys):
    losses = [0.5, 0.5, 0.5][: 2 + (script == OF_KERAS_1)]
    stopping = callbacks.EarlyStopping("loss", patience=1, verbose=1)
    assert told(script, stopping, losses, capsys) == text


@pytest.mark.parametrize(
    ("script", "text"),
    [
        (OF_KERAS_1, "\nEpoch 00002: reducing learning rate to 0.05"),
        (BEFORE_2_9, "\nEpoch 00002: ReduceLROnPlateau reducing learning rate to 0.05"),
        (BEFORE_3, "\nEpoch 2: ReduceLROnPlateau reducing learning rate to 0.05"),
    ],
)
def test_reducing_the_rate_is_told(script, text, capsys):
    losses = [0.5, 0.5, 0.5][: 2 + (script == OF_KERAS_1)]
    plateau = callbacks.ReduceLROnPlateau("loss", patience=1, verbose=1)
    assert told(script, plateau, losses, capsys).startswith(text)
