"""Data with other axes than the model's input, which TensorFlow's Keras let pass.

From TensorFlow 2.4 to 2.15 the axes of both were compared one by one, as far as both
have them, and an axis of None fits all: samples of shape (5,) pass for an input of
shape (None, 5). Layers that count axes, such as LSTM, refuse them still.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from keratorch.compat import dialect
from keratorch.compat.spoken import warn_once


def as_far_as_both_go(input_shape: Callable[..., None]) -> Callable[..., None]:
    """Return the check of the shape of data that lets such data pass with a warning."""

    @functools.wraps(input_shape)
    def checked(expected: Any, x: Any, *args: Any, **kwargs: Any) -> None:
        try:
            input_shape(expected, x, *args, **kwargs)
        except ValueError as error:
            fits = all(
                wanted is None or wanted == axis
                for wanted, axis in zip(expected[1:], x.shape[1:], strict=False)
            )
            if not (fits and x.ndim > 1 and dialect.is_older()):
                raise
            warn_once(f"{error} TensorFlow's Keras went on, and so does this script.")

    return checked
