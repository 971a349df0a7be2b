"""When callbacks that watch a number acted in older versions."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import callbacks
from keratorch.compat import dialect

pytestmark = pytest.mark.usefixtures("installed")
OF_KERAS_1 = "import keras\nm.fit(x, nb_epoch=2)"
OF_KERAS_2 = "from keras.layers.core import Dense"
OF_TODAY = "import keras"


@pytest.fixture(autouse=True)
def nothing_read():
    yield
    dialect.forget()


class Watched:
    """A model whose losses are given, and whose weight is the number of the epoch."""

    def __init__(self, callback, losses):
        self.stop_training, self.seen, self.weights = False, [], None
        self.optimizer = keras.optimizers.SGD(1.0)
        self.rates = []
        callback.set_model(self)
        callback.on_train_begin()
        for epoch, loss in enumerate(losses):
            self.weights = [epoch]
            callback.on_epoch_end(epoch, {"loss": loss})
            self.rates.append(float(self.optimizer.learning_rate))
            self.seen.append(epoch)
            self.after_last = self.weights
            if self.stop_training:
                break
        callback.on_train_end()

    metrics = ()

    def get_weights(self):
        return self.weights

    def set_weights(self, weights):
        self.weights = weights


@pytest.mark.parametrize("script", [OF_KERAS_1, OF_KERAS_2])
def test_weights_are_restored_only_where_it_stopped(script):
    dialect.read(script)
    stopping = callbacks.EarlyStopping("loss", patience=9, restore_best_weights=True)
    assert Watched(stopping, [3, 1, 2, 2]).weights == [3]
    stopping = callbacks.EarlyStopping("loss", patience=1, restore_best_weights=True)
    model = Watched(stopping, [3, 1, 2, 2, 2])
    assert model.weights == model.after_last == [1]


def test_weights_are_always_restored_today():
    dialect.read(OF_TODAY)
    stopping = callbacks.EarlyStopping("loss", patience=9, restore_best_weights=True)
    assert Watched(stopping, [3, 1, 2, 2]).weights == [1]


@pytest.mark.parametrize(
    ("script", "text"), [(OF_KERAS_2, "epoch: 2."), (OF_KERAS_1, "epoch.")]
)
def test_restoring_is_told_before_stopping(script, text, capsys):
    dialect.read(script)
    stopping = callbacks.EarlyStopping("loss", 0, 1, 1, restore_best_weights=True)
    Watched(stopping, [3, 1, 2, 2, 2])
    restoring, stopped = capsys.readouterr().out.splitlines()
    assert restoring == f"Restoring model weights from the end of the best {text}"
    assert stopped.endswith("early stopping")


def stopped_by_hand(losses, patience):
    """Return the last epoch, counted as Keras 1 did."""
    best, wait = np.inf, 0
    for epoch, loss in enumerate(losses):
        if loss < best:
            best, wait = loss, 0
        else:
            if wait >= patience:
                return epoch
            wait += 1
    return len(losses) - 1


@pytest.mark.parametrize("patience", [0, 1, 2, 3])
def test_patience_was_an_epoch_longer_in_keras_1(patience):
    dialect.read(OF_KERAS_1)
    losses = [5, 4, 4, 3, 3, 3, 3, 3, 3, 3]
    stopping = callbacks.EarlyStopping("loss", patience=patience)
    last = Watched(stopping, losses).seen[-1]
    assert last == stopped_by_hand(losses, patience)
    assert stopping.patience == patience


def test_patience_is_that_of_today_in_keras_2():
    dialect.read(OF_KERAS_2)
    stopping = callbacks.EarlyStopping("loss", patience=2)
    assert Watched(stopping, [5, 4, 4, 4, 4, 4]).seen[-1] == 3


def rates_by_hand(losses, patience, cooldown):
    """Return the rate after each epoch, reduced as Keras 1 did."""
    best, wait, cooling, rate, rates = np.inf, 0, 0, 1.0, []
    for loss in losses:
        if cooling > 0:
            cooling, wait = cooling - 1, 0
        if loss < best - 1e-4:
            best, wait = loss, 0
        elif cooling <= 0:
            if wait >= patience:
                rate, cooling, wait = rate / 2, cooldown, 0
            wait += 1
        rates.append(rate)
    return rates


@pytest.mark.parametrize("patience", [0, 1, 2, 3])
@pytest.mark.parametrize("cooldown", [0, 1, 2, 4])
def test_rates_were_reduced_an_epoch_later_in_keras_1(patience, cooldown):
    dialect.read(OF_KERAS_1)
    rng = np.random.default_rng(patience)
    losses = np.minimum.accumulate(rng.integers(0, 40, 30)).tolist()
    plateau = callbacks.ReduceLROnPlateau("loss", 0.5, patience, cooldown=cooldown)
    found = Watched(plateau, [50, *losses]).rates
    assert found == rates_by_hand([50, *losses], patience, cooldown)
