"""A learning rate is a number, a schedule or a function."""

import numpy as np
import pytest

from keratorch import Variable, config
from keratorch.optimizers import SGD, Adam, schedules
from keratorch.optimizers.schedules import ExponentialDecay, PiecewiseConstantDecay


def one_update(optimizer, variable):
    before = variable.numpy().copy()
    optimizer.apply([np.ones(variable.shape)], [variable])
    return before - variable.numpy()


def test_the_rate_read_is_the_rate_given():
    optimizer = Adam(learning_rate=0.1)
    assert float(optimizer.learning_rate) == 0.1
    assert optimizer.learning_rate == 0.1
    assert f"{optimizer.learning_rate:.3f}" == "0.100"


@pytest.mark.parametrize("rate", [0.25, np.float32(0.25), np.array(0.25)])
def test_an_assigned_number_is_used_from_then_on(rate):
    optimizer, w = SGD(learning_rate=1.0), Variable([0.0])
    optimizer.learning_rate = rate
    assert one_update(optimizer, w) == 0.25


def test_keras_idioms_for_changing_the_rate_work():
    optimizer = SGD(learning_rate=0.5)
    optimizer.learning_rate.assign(0.25)
    assert float(optimizer.learning_rate) == 0.25
    optimizer.learning_rate = optimizer.learning_rate * 0.5
    assert optimizer.learning_rate.numpy() == 0.125


@pytest.mark.parametrize("rate", [-1.0, np.nan, "fast", None])
def test_a_rate_that_is_none_cannot_be_assigned(rate):
    optimizer = SGD(learning_rate=0.5)
    with pytest.raises(ValueError, match="learning_rate must be"):
        optimizer.learning_rate = rate
    assert float(optimizer.learning_rate) == 0.5


def test_a_schedule_is_asked_before_each_update():
    optimizer = SGD(learning_rate=PiecewiseConstantDecay([0, 1], [1.0, 0.5, 0.25]))
    w = Variable([0.0])
    assert [float(one_update(optimizer, w)[0]) for _ in range(3)] == [1.0, 0.5, 0.25]
    assert optimizer.learning_rate == 0.25


def test_a_schedule_counts_calls_where_gradients_are_accumulated():
    optimizer = SGD(
        learning_rate=PiecewiseConstantDecay([1], [1.0, 0.5]),
        gradient_accumulation_steps=2,
    )
    w = Variable([0.0])
    assert [float(one_update(optimizer, w)[0]) for _ in range(4)] == [0, 1.0, 0, 0.5]


def test_a_function_is_called_without_arguments():
    rates = iter([1.0, 0.5])
    optimizer, w = SGD(learning_rate=lambda: next(rates)), Variable([0.0])
    assert [float(one_update(optimizer, w)[0]) for _ in range(2)] == [1.0, 0.5]


def test_a_double_from_a_schedule_does_not_promote_weights():
    optimizer, w = SGD(learning_rate=lambda: np.float64(0.1)), Variable([0.0])
    one_update(optimizer, w)
    assert w.numpy().dtype == np.float32


@pytest.mark.parametrize("rate", [-1.0, np.nan])
def test_a_function_that_returns_no_rate_changes_nothing(rate):
    optimizer, w = Adam(learning_rate=lambda: rate), Variable([1.0])
    with pytest.raises(ValueError, match="learning_rate must be"):
        one_update(optimizer, w)
    assert w.numpy() == 1.0
    assert int(optimizer.iterations) == 0


def test_a_number_does_not_replace_a_schedule():
    optimizer = SGD(learning_rate=ExponentialDecay(0.1, 10, 0.5))
    with pytest.raises(TypeError, match="computed by ExponentialDecay"):
        optimizer.learning_rate = 0.1


def test_a_schedule_replaces_a_number():
    optimizer = SGD(learning_rate=0.5)
    optimizer.learning_rate = ExponentialDecay(0.1, 10, 0.5)
    assert optimizer.learning_rate == 0.1
    assert len(optimizer.variables) == 1


def test_the_config_rounds_the_rate_to_floatx_as_keras_does():
    assert SGD(learning_rate=0.1).get_config()["learning_rate"] == float(
        np.float32(0.1)
    )
    config.set_floatx("float64")
    try:
        assert SGD(learning_rate=0.1).get_config()["learning_rate"] == 0.1
    finally:
        config.set_floatx("float32")


def test_a_schedule_survives_the_config():
    optimizer = Adam(learning_rate=ExponentialDecay(0.1, 10, 0.5, staircase=True))
    again = Adam.from_config(optimizer.get_config())
    assert again.get_config() == optimizer.get_config()
    assert isinstance(again._learning_rate, ExponentialDecay)


def test_a_function_leaves_its_name_in_the_config_and_must_be_given_again():
    def warm():
        return 0.1

    found = SGD(learning_rate=warm).get_config()
    assert found["learning_rate"]["config"] == "warm"
    with pytest.raises(ValueError, match="the function 'warm'"):
        SGD.from_config(found)
    assert SGD.from_config({**found, "learning_rate": warm}).learning_rate == 0.1


def test_a_configuration_finds_a_schedule_of_ones_own_among_custom_objects():
    class Half(schedules.LearningRateSchedule):
        def __call__(self, step):
            return 0.5

        def get_config(self):
            return {}

    config = SGD(Half()).get_config()
    with pytest.raises(ValueError, match="Half"):
        SGD.from_config(config)
    made = SGD.from_config(config, custom_objects={"Half": Half})
    assert made.learning_rate == 0.5
