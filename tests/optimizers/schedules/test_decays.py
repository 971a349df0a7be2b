"""Schedules give Keras's rates."""

import json

import numpy as np
import pytest

from keratorch import GradArray, Variable
from keratorch.optimizers import SGD, schedules
from keratorch.optimizers.schedules import CosineDecayRestarts

STEPS = (0, 1, 3, 4, 7, 8, 9, 16, 20)
# Rates of Keras 3.15 at these steps, to seven digits.
KERAS = [
    (
        "ExponentialDecay",
        {"initial_learning_rate": 0.1, "decay_steps": 7, "decay_rate": 0.9},
        [
            0.1,
            0.0985061,
            0.095585,
            0.0941571,
            0.09,
            0.0886555,
            0.0873311,
            0.078598,
            0.0740056,
        ],
    ),
    (
        "ExponentialDecay",
        {"initial_learning_rate": 0.1, "decay_steps": 7, "decay_rate": 0.9}
        | {"staircase": True},
        [0.1, 0.1, 0.1, 0.1, 0.09, 0.09, 0.09, 0.081, 0.081],
    ),
    (
        "InverseTimeDecay",
        {"initial_learning_rate": 0.1, "decay_steps": 7, "decay_rate": 0.5},
        [
            0.1,
            0.0933333,
            0.0823529,
            0.0777778,
            0.0666667,
            0.0636364,
            0.0608696,
            0.0466667,
            0.0411765,
        ],
    ),
    (
        "InverseTimeDecay",
        {"initial_learning_rate": 0.1, "decay_steps": 7, "decay_rate": 0.5}
        | {"staircase": True},
        [0.1, 0.1, 0.1, 0.1, 0.0666667, 0.0666667, 0.0666667, 0.05, 0.05],
    ),
    (
        "PiecewiseConstantDecay",
        {"boundaries": [3, 8], "values": [1.0, 0.5, 0.1]},
        [1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.1, 0.1, 0.1],
    ),
    (
        "PolynomialDecay",
        {"initial_learning_rate": 0.1, "decay_steps": 8},
        [0.1, 0.0875125, 0.0625375, 0.05005, 0.0125875, 0.0001, 0.0001, 0.0001, 0.0001],
    ),
    (
        "PolynomialDecay",
        {"initial_learning_rate": 0.1, "decay_steps": 8}
        | {"end_learning_rate": 0.02, "power": 0.5},
        [0.1, 0.0948332, 0.0832455, 0.0765685, 0.0482843, 0.02, 0.02, 0.02, 0.02],
    ),
    (
        "PolynomialDecay",
        {"initial_learning_rate": 0.1, "decay_steps": 8, "power": 2.0, "cycle": True},
        [
            0.1,
            0.0765859,
            0.0391234,
            0.025075,
            0.0016609,
            0.0001,
            0.0192215,
            0.0001,
            0.002875,
        ],
    ),
    (
        "CosineDecay",
        {"initial_learning_rate": 0.1, "decay_steps": 8},
        [0.1, 0.096194, 0.0691342, 0.05, 0.003806, 0.0, 0.0, 0.0, 0.0],
    ),
    (
        "CosineDecay",
        {"initial_learning_rate": 0.1, "decay_steps": 8, "alpha": 0.2},
        [0.1, 0.0969552, 0.0753073, 0.06, 0.0230448, 0.02, 0.02, 0.02, 0.02],
    ),
    (
        "CosineDecay",
        {"initial_learning_rate": 0.01, "decay_steps": 8}
        | {"warmup_target": 0.1, "warmup_steps": 4},
        [0.01, 0.0325, 0.0775, 0.1, 0.0691342, 0.05, 0.0308658, 0.0, 0.0],
    ),
    (
        "CosineDecay",
        {"initial_learning_rate": 0.0, "decay_steps": 8}
        | {"warmup_target": 0.1, "warmup_steps": 0},
        [0.1, 0.096194, 0.0691342, 0.05, 0.003806, 0.0, 0.0, 0.0, 0.0],
    ),
]


@pytest.mark.parametrize(("name", "arguments", "rates"), KERAS)
def test_rates_are_those_of_keras(name, arguments, rates):
    schedule = getattr(schedules, name)(**arguments)
    np.testing.assert_allclose([schedule(t) for t in STEPS], rates, atol=6e-8)


@pytest.mark.parametrize(("name", "arguments", "rates"), KERAS)
def test_a_rate_is_a_float_whatever_counts_the_steps(name, arguments, rates):
    schedule = getattr(schedules, name)(**arguments)
    for step in (3, 3.0, np.int64(3), np.array(3)):
        assert type(schedule(step)) is float
        assert schedule(step) == schedule(3)


@pytest.mark.parametrize(("name", "arguments", "rates"), KERAS)
def test_arrays_of_steps_give_arrays_of_rates(name, arguments, rates):
    schedule = getattr(schedules, name)(**arguments)
    found = schedule(np.reshape(STEPS, (3, 3)))
    assert found.shape == (3, 3)
    np.testing.assert_array_equal(found.ravel(), [schedule(t) for t in STEPS])
    np.testing.assert_array_equal(schedule(GradArray(STEPS)), found.ravel())


@pytest.mark.parametrize(("name", "arguments", "rates"), KERAS)
def test_a_configuration_survives_json(name, arguments, rates):
    schedule = getattr(schedules, name)(**arguments)
    described = schedules.serialize(schedule)
    assert described["module"] == "keras.optimizers.schedules"
    again = schedules.deserialize(json.loads(json.dumps(described)))
    assert type(again) is type(schedule)
    assert again.get_config() == schedule.get_config()
    assert again(5) == schedule(5)


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        (
            "ExponentialDecay",
            ["initial_learning_rate", "decay_steps", "decay_rate", "staircase", "name"],
        ),
        ("PiecewiseConstantDecay", ["boundaries", "values", "name"]),
        (
            "CosineDecay",
            [
                "initial_learning_rate",
                "decay_steps",
                "alpha",
                "name",
                "warmup_target",
                "warmup_steps",
            ],
        ),
    ],
)
def test_configurations_have_keras_keys(name, keys):
    arguments = next(found for other, found, _ in KERAS if other == name)
    assert list(getattr(schedules, name)(**arguments).get_config()) == keys


def test_names_are_keras_names():
    assert schedules.ExponentialDecay(0.1, 1, 0.5).name == "ExponentialDecay"
    assert schedules.InverseTimeDecay(0.1, 1, 0.5, name="mine").name == "mine"
    assert schedules.PiecewiseConstantDecay([1], [1.0, 0.5]).name == "PiecewiseConstant"


@pytest.mark.parametrize(
    "make",
    [
        lambda steps: schedules.ExponentialDecay(0.1, steps, 0.5),
        lambda steps: schedules.InverseTimeDecay(0.1, steps, 0.5),
        lambda steps: schedules.PolynomialDecay(0.1, steps),
        lambda steps: schedules.CosineDecay(0.1, steps),
    ],
)
@pytest.mark.parametrize("steps", [0, -1, None])
def test_a_decay_takes_some_steps(make, steps):
    with pytest.raises(ValueError, match="decay_steps must be"):
        make(steps)


def test_there_is_one_value_more_than_boundaries():
    with pytest.raises(ValueError, match="2 values and 2 boundaries"):
        schedules.PiecewiseConstantDecay([1, 2], [1.0, 0.5])


def test_boundaries_increase():
    with pytest.raises(ValueError, match="must increase"):
        schedules.PiecewiseConstantDecay([2, 2], [1.0, 0.5, 0.1])


@pytest.mark.parametrize("t_mul", [0.5, 1.0, 1.5, 2.0, 3.0])
def test_each_wave_begins_high_and_ends_low(t_mul):
    rate = CosineDecayRestarts(1.0, 8, t_mul=t_mul, m_mul=0.5, alpha=0.1)
    start = 0.0
    for wave in range(4):
        length = 8 * t_mul**wave
        assert rate(start) == pytest.approx(0.9 * 0.5**wave + 0.1)
        assert rate(start + length / 2) == pytest.approx(0.45 * 0.5**wave + 0.1)
        assert rate(start + length * 0.999999) == pytest.approx(0.1, abs=1e-6)
        start += length


def test_waves_that_shrink_come_to_an_end():
    rate = CosineDecayRestarts(1.0, 8, t_mul=0.5)
    assert 0 <= rate(10**6) <= 1


@pytest.mark.parametrize("name", ["first_decay_steps", "t_mul"])
def test_waves_of_no_length_are_refused(name):
    arguments = {"initial_learning_rate": 1.0, "first_decay_steps": 8, name: 0}
    with pytest.raises(ValueError, match=f"{name} must be a finite number > 0"):
        CosineDecayRestarts(**arguments)


def test_an_optimizer_follows_the_waves():
    weight = Variable([0.0])
    optimizer = SGD(CosineDecayRestarts(1.0, 2, t_mul=1.0))
    for expected in (-1.0, -1.5, -2.5, -3.0):
        optimizer.apply([np.ones(1)], [weight])
        assert weight.item() == pytest.approx(expected)
