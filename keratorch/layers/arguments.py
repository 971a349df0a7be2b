"""Checks of layer arguments, with errors that name layer, argument and value."""

from __future__ import annotations

import numbers
import reprlib
from typing import Any

from keratorch.errors import describe
from keratorch.layers.calls import is_shape

_short = reprlib.Repr()
_short.maxother = _short.maxstring = 60
_short.maxlevel = 2


def brief(value: Any) -> str:
    """Return a value in a few words for an error message, arrays without their data.

    Examples
    --------
    >>> import numpy as np
    >>> brief(-1), brief(np.ones((2, 3)))
    ('-1', 'an array of dtype float64 and shape (2, 3)')
    """
    is_array = getattr(value, "ndim", 0) or hasattr(value, "_grad_op")
    return describe(value) if is_array else _short.repr(value)


def may_take_batch(axis: Any) -> bool:
    """Return whether an axis, or one of several, may be that of the samples.

    Of those counted from the end, only the last is known to be another one.
    """
    axes = axis if isinstance(axis, (list, tuple)) else [axis]
    return any(a == 0 or a < -1 for a in axes)


def check_positive_integer(layer: str, argument: str, value: Any) -> int:
    """Return a positive int, or raise."""
    integer = isinstance(value, numbers.Integral) and not isinstance(value, bool)
    if not integer or value <= 0:
        raise ValueError(
            f"{layer}: {argument} must be a positive integer; received {brief(value)}."
        )
    return int(value)


def check_rate(layer: str, value: Any, argument: str = "rate") -> float:
    """Return a share of units between 0 and 1, or raise."""
    number = isinstance(value, numbers.Real) and not isinstance(value, bool)
    if not number or not 0 <= value <= 1:
        raise ValueError(
            f"{layer}: {argument} must be the share of inputs to drop, from 0 to 1; "
            f"received {brief(value)}."
        )
    return value


def check_one_array(layer: Any, shape: Any) -> None:
    """Raise unless what a layer was called on has one shape: is one array.

    Parameters
    ----------
    layer : Layer, for its name.
    shape : the shape, or shapes in the list or dict in which arrays came, or None.
    """
    if is_shape(shape):
        return
    received, fix = "None", "Does the layer before it return nothing?"
    if shape is not None:
        received = f"a {type(shape).__name__} of {len(shape)}"
        fix = "Join several by Concatenate()([a, b]), or pick one."
    raise ValueError(
        f"{type(layer).__name__} '{layer.name}' expects one array; received "
        f"{received}. {fix}"
    )
