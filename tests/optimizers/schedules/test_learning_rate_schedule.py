"""A schedule of one's own needs a call, and a configuration to be saved."""

import pytest

from keratorch.optimizers import SGD
from keratorch.optimizers.schedules import LearningRateSchedule, deserialize


class Harmonic(LearningRateSchedule):
    def __call__(self, step):
        return 0.5 / (step + 1)


def test_a_schedule_of_ones_own_gives_the_rate():
    assert SGD(learning_rate=Harmonic()).learning_rate == 0.5


def test_a_schedule_without_a_configuration_cannot_be_described():
    with pytest.raises(NotImplementedError, match="Harmonic must define get_config"):
        SGD(learning_rate=Harmonic()).get_config()


def test_a_schedule_without_a_call_cannot_be_made():
    with pytest.raises(TypeError, match="__call__"):
        LearningRateSchedule()


def test_an_unknown_schedule_is_answered_with_the_nearest():
    with pytest.raises(ValueError, match="Did you mean 'exponential_decay'"):
        deserialize({"class_name": "exponential_decy", "config": {}})
