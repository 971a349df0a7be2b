"""Checks of layer arguments, with errors that name layer, argument and value."""

from __future__ import annotations

import numbers
from typing import Any


def check_positive_integer(layer: str, argument: str, value: Any) -> int:
    """Return a positive int, or raise."""
    integer = isinstance(value, numbers.Integral) and not isinstance(value, bool)
    if not integer or value <= 0:
        raise ValueError(
            f"{layer}: {argument} must be a positive integer; received {value!r}."
        )
    return int(value)


def check_rate(layer: str, value: Any) -> float:
    """Return a share of units between 0 and 1, or raise."""
    number = isinstance(value, numbers.Real) and not isinstance(value, bool)
    if not number or not 0 <= value <= 1:
        raise ValueError(
            f"{layer}: rate must be the share of inputs to drop, from 0 to 1; "
            f"received {value!r}."
        )
    return value
