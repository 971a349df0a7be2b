"""Outputs without names, columns of logs and progress in scripts of Keras 2."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import layers
from keratorch.compat import dialect

X, Y = np.ones((8, 3), "float32"), np.ones((8, 1), "float32")


@pytest.fixture(autouse=True)
def nothing_read():
    yield
    dialect.forget()


class Two(keras.Model):
    def __init__(self):
        super().__init__()
        self.first, self.second = layers.Dense(1), layers.Dense(1)

    def call(self, x):
        return self.first(x), self.second(x)


def trained(y, loss="mse"):
    model = Two()
    model.compile("sgd", loss, metrics=["mae"])
    return model.fit(X, y, verbose=0).history


def one():
    model = keras.Sequential([keras.Input((3,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    return model


def test_outputs_of_subclassed_models_are_numbered(installed):
    names = ["loss"]
    names += [f"output_{i}_{what}" for i in (1, 2) for what in ("loss", "mae")]
    assert sorted(trained([Y, Y])) == names
    by_name = {"output_1": Y, "output_2": Y}
    assert sorted(trained(by_name, {"output_1": "mse", "output_2": "mse"})) == names


def test_outputs_of_todays_programs_have_no_names(quiet):
    assert "output_1_loss" not in trained([Y, Y])


def test_a_log_file_has_the_columns_of_keras_2(installed, tmp_path):
    rate = keras.callbacks.LearningRateScheduler(lambda epoch: 0.5)
    log = keras.callbacks.CSVLogger(tmp_path / "log.csv")
    one().fit(X, Y, epochs=2, verbose=0, callbacks=[rate, log])
    header, first, _ = (tmp_path / "log.csv").read_text().splitlines()
    assert header == "epoch,loss,lr"
    assert first.endswith(",0.5")


@pytest.mark.parametrize(
    ("script", "shows"),
    [
        ("m.compile(SGD(lr=0.1)); m.predict(x)", False),
        ("m.fit_generator(g)", False),
        ("from keras.utils import np_utils", False),
        ("m.compile(SGD(0.1)); m.predict(x)", True),
    ],
)
def test_predict_shows_its_progress_where_keras_did(script, shows, installed, capsys):
    dialect.read(script)
    one().predict(X)
    assert bool(capsys.readouterr().out) is shows
    one().predict(X, verbose=1)
    assert capsys.readouterr().out


def test_a_metric_of_a_symbol_is_added_to_the_model(quiet):
    x = keras.Input((3,))
    hidden = layers.Dense(2, kernel_initializer="ones")(x)
    model = keras.Model(x, layers.Dense(1)(hidden))
    model.add_metric(keras.metrics.Mean(name="size")(hidden))
    model.compile("sgd", "mse")
    assert model.fit(X, Y, verbose=0).history["size"] == [3.0]
