"""The settings that make a long program short, and a loud one silent."""

import logging

import numpy as np
import pytest

import keratorch as keras
from keratorch import config


@pytest.fixture(autouse=True)
def restored():
    yield
    config.set_max_epochs(None)
    config.set_max_steps_per_epoch(None)
    config.enable_interactive_logging()


def compiled():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    return model


def test_limits_end_epochs_and_training():
    config.set_max_epochs(2)
    config.set_max_steps_per_epoch(3)
    model, x, y = compiled(), np.ones((8, 2)), np.ones((8, 1))
    history = model.fit(x, y, batch_size=2, epochs=10, verbose=0)
    assert len(history.history["loss"]) == 2
    assert model.optimizer.iterations == 6
    assert len(model.predict(x, batch_size=2, verbose=0)) == 6


def test_messages_go_to_a_logger_where_nobody_watches(capsys, caplog):
    config.disable_interactive_logging()
    with caplog.at_level(logging.INFO, "keratorch"):
        compiled().fit(np.ones((4, 2)), np.ones((4, 1)), verbose=2)
    assert capsys.readouterr().out == ""
    assert "loss: " in caplog.text
