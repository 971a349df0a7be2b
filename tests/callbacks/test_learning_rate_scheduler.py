import numpy as np
import pytest

import keratorch as keras
from keratorch.callbacks import LearningRateScheduler


@pytest.fixture
def model():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.5), loss="mse")
    return model


def rates(model, schedule, epochs=3):
    """The learning rates of the epochs."""
    callbacks = [LearningRateScheduler(schedule)]
    x, y = np.ones((4, 2)), np.ones(4)
    history = model.fit(x, y, epochs=epochs, callbacks=callbacks, verbose=0)
    return history.history["learning_rate"]


@pytest.mark.parametrize(
    "schedule",
    [
        lambda epoch: 0.5**epoch,
        lambda epoch, rate: 0.5**epoch,
        lambda epoch, lr=None: np.float32(0.5**epoch),
        lambda epoch: np.array(0.5**epoch),
        lambda epoch, rate: keras.GradArray(np.array(0.5**epoch)),
        keras.optimizers.schedules.ExponentialDecay(1.0, 1, 0.5),
        lambda *arguments: 0.5 ** arguments[0],
    ],
)
def test_schedules_of_one_and_of_two_arguments_are_called_with_the_epoch(
    model, schedule
):
    assert rates(model, schedule) == [1.0, 0.5, 0.25]


def test_an_error_of_the_schedule_itself_is_not_hidden(model):
    def schedule(epoch, rate):
        return rate + "x"

    with pytest.raises(TypeError, match="unsupported operand"):
        rates(model, schedule)


@pytest.mark.parametrize("wrong", [None, 1, "0.1", [0.1]])
def test_what_is_no_float_is_refused(model, wrong):
    with pytest.raises(ValueError, match="must return the learning rate as a float"):
        rates(model, lambda epoch: wrong)


def test_a_schedule_that_cannot_be_called_is_refused():
    with pytest.raises(TypeError, match="schedule must be a function"):
        LearningRateScheduler(0.1)


def test_an_optimizer_with_a_schedule_of_its_own_is_not_overruled(model):
    own = keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.5)
    model.compile(keras.optimizers.SGD(own), loss="mse")
    with pytest.raises(TypeError, match="computed by ExponentialDecay"):
        rates(model, lambda epoch: 0.1)
