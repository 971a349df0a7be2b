"""Numbers that optimizers are made with are checked at the door."""

import numpy as np
import pytest

from keratorch import GradArray, Variable
from keratorch.optimizers.arguments import (
    check_count,
    check_decay,
    check_number,
    check_optional,
    check_positive,
    check_rate,
)


@pytest.mark.parametrize(
    "rate", [0.5, np.float32(0.5), np.array(0.5), GradArray(0.5), Variable(0.5)]
)
def test_a_rate_of_any_numeric_kind_becomes_a_float(rate):
    found = check_rate(rate)
    assert type(found) is float
    assert found == 0.5


def test_a_whole_number_is_a_rate():
    assert check_rate(1) == 1.0
    assert check_rate(0) == 0.0


@pytest.mark.parametrize(
    "rate", [-0.1, np.nan, np.inf, "0.1", None, True, [0.1], np.array([0.1]), 1j]
)
def test_what_is_no_rate_is_refused(rate):
    with pytest.raises(ValueError, match="learning_rate must be a finite number >= 0"):
        check_rate(rate)


def test_the_message_about_a_large_array_stays_short():
    with pytest.raises(ValueError) as error:
        check_rate(np.arange(1000.0))
    assert len(str(error.value)) < 600


@pytest.mark.parametrize("value", [-1e-9, np.nan, np.inf, "1", None, False])
def test_a_number_is_finite_and_not_negative(value):
    with pytest.raises(ValueError, match="epsilon must be a finite number >= 0"):
        check_number("epsilon", value)


def test_a_number_may_have_an_upper_limit_that_it_may_reach():
    assert check_number("momentum", 1, high=1.0) == 1.0
    with pytest.raises(ValueError, match=r"momentum .* in \[0, 1\]; received 1.5"):
        check_number("momentum", 1.5, high=1.0)


def test_an_optional_number_may_be_none():
    assert check_optional("clipnorm", None) is None
    assert check_optional("clipnorm", 2) == 2.0


@pytest.mark.parametrize("value", [1.0, 1, -0.1, np.nan, "0.9", True, None])
def test_a_decay_is_less_than_one(value):
    with pytest.raises(ValueError, match=r"beta_1 must be a number in \[0, 1\)"):
        check_decay("beta_1", value)


@pytest.mark.parametrize("value", [0, -3, np.inf, np.nan, None, "7"])
def test_a_positive_number_is_more_than_zero(value):
    with pytest.raises(ValueError, match="decay_steps must be a finite number > 0"):
        check_positive("decay_steps", value)


def test_a_positive_number_keeps_its_type():
    assert type(check_positive("decay_steps", 7)) is int


@pytest.mark.parametrize("value", [1, 0, -2, 2.0, "2", True])
def test_a_count_is_a_whole_number_of_at_least_its_limit(value):
    with pytest.raises(ValueError, match="must be None or an integer >= 2"):
        check_count("gradient_accumulation_steps", value, least=2)


def test_a_count_may_be_none():
    assert check_count("gradient_accumulation_steps", None, least=2) is None
    assert check_count("gradient_accumulation_steps", np.int64(3), least=2) == 3
