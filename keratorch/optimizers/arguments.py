"""Checks of the numbers that optimizers and schedules are made with."""

from __future__ import annotations

import math
import numbers
import reprlib
from typing import Any

import numpy as np

_show = reprlib.repr  # never a dump of data


def check_rate(value: Any) -> float:
    """Return a learning rate as a float.

    Parameters
    ----------
    value : number, or an array of one number.

    Raises
    ------
    ValueError : text and other things, a negative number, NaN, or infinity.
    """
    if getattr(value, "shape", None) == ():
        value = value.item()
    number = type(value) is float or _is_number(value)
    if not number or not 0 <= value < math.inf:
        raise ValueError(
            "learning_rate must be a finite number >= 0, a LearningRateSchedule, or a "
            "function without arguments that returns the rate; received "
            f"{_show(value)}."
        )
    return float(value)


def check_number(argument: str, value: Any, high: float = math.inf) -> float:
    """Return a finite number in [0, high] as a float.

    Raises
    ------
    ValueError : anything else.
    """
    if not _is_number(value) or not 0 <= value <= high or value == math.inf:
        limits = ">= 0" if high == math.inf else f"in [0, {high:g}]"
        raise ValueError(
            f"{argument} must be a finite number {limits}; received {_show(value)}."
        )
    return float(value)


def check_optional(argument: str, value: Any) -> float | None:
    """Return None, or a finite number >= 0 as a float."""
    return None if value is None else check_number(argument, value)


def check_decay(argument: str, value: Any) -> float:
    """Return the decay of a running average, a number in [0, 1), as a float.

    Raises
    ------
    ValueError : anything else. With 1, the average would never move.
    """
    if not _is_number(value) or not 0 <= value < 1:
        raise ValueError(
            f"{argument} must be a number in [0, 1), such as 0.9; "
            f"received {_show(value)}."
        )
    return float(value)


def check_positive(argument: str, value: Any) -> Any:
    """Return a finite number > 0 as it came.

    Raises
    ------
    ValueError : anything else.
    """
    if not _is_number(value) or not 0 < value < math.inf:
        raise ValueError(
            f"{argument} must be a finite number > 0; received {_show(value)}."
        )
    return value


def check_count(argument: str, value: Any, least: int) -> int | None:
    """Return None, or an int of at least `least`.

    Raises
    ------
    ValueError : anything else.
    """
    if value is None:
        return None
    whole = isinstance(value, numbers.Integral) and not isinstance(value, bool)
    if not whole or value < least:
        raise ValueError(
            f"{argument} must be None or an integer >= {least}; "
            f"received {_show(value)}."
        )
    return int(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, numbers.Real) and not isinstance(value, (bool, np.bool_))
