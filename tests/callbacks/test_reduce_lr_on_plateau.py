import numpy as np
import pytest

import keratorch as keras
from keratorch.callbacks import ReduceLROnPlateau


@pytest.fixture
def model():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.5), loss="mse")
    return model


def rates(model, values, **arguments):
    """The rate after each epoch with these values of the loss."""
    callback = ReduceLROnPlateau("loss", **arguments)
    callback.set_model(model)
    callback.on_train_begin()
    found = []
    for epoch, value in enumerate(values):
        callback.on_epoch_end(epoch, {"loss": value})
        found.append(float(model.optimizer.learning_rate))
    return found


def test_the_rate_falls_after_patience_is_exhausted(model):
    found = rates(model, [1.0, 0.9, 0.9, 0.9, 0.8, 0.8], factor=0.5, patience=2)
    assert found == [0.5, 0.5, 0.5, 0.25, 0.25, 0.25]


def test_the_rate_stays_above_the_lowest(model):
    found = rates(model, [1.0] * 4, factor=0.1, patience=0, min_lr=0.1)
    assert found == [0.5, 0.1, 0.1, 0.1]


def test_a_larger_number_may_be_better(model):
    found = rates(model, [1, 2, 3, 3], mode="max", patience=1, factor=0.5)
    assert found == [0.5, 0.5, 0.5, 0.25]


def test_an_unknown_number_is_an_error_that_lists_those_there_are(model):
    callback = ReduceLROnPlateau("los")
    with pytest.raises(ValueError, match="monitors 'los'.*Did you mean 'loss'"):
        model.fit(np.ones((4, 2)), np.ones(4), callbacks=[callback], verbose=0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"factor": 1.0}, r"factor must be in \(0, 1\), such as 0.1; received 1.0"),
        ({"factor": -0.5}, "received -0.5"),
        ({"patience": -1}, "patience must be >= 0; received -1"),
        ({"cooldown": -1}, "cooldown must be >= 0"),
        ({"min_lr": -0.1}, "min_lr must be >= 0"),
    ],
)
def test_numbers_outside_their_range_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        ReduceLROnPlateau(**arguments)
