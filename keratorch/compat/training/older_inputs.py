"""Data with other axes than the model's input, which TensorFlow's Keras let pass.

From TensorFlow 2.4 to 2.15 the axes of both were compared one by one, as far as both
have them, and an axis of None fits all: samples of shape (5,) pass for an input of
shape (None, 5). A last axis of 1 was left out of both, then as in Keras 3: samples of
shape (5,) pass for an input of shape (1,), as where an Embedding was told another
length. Layers that count axes or features, such as LSTM, refuse them still.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from keratorch import compat
from keratorch.compat import dialect
from keratorch.compat.spoken import warn_once


def as_far_as_both_go(input_shape: Callable[..., None]) -> Callable[..., None]:
    """Return the check of the shape of data that lets such data pass with a warning."""

    @functools.wraps(input_shape)
    def checked(expected: Any, x: Any, *args: Any, **kwargs: Any) -> None:
        try:
            input_shape(expected, x, *args, **kwargs)
        except ValueError as error:
            if _is_column(expected, x):
                return
            as_deep = compat._finder.serves_keras and x.ndim == len(expected)
            older = dialect.is_older() and x.ndim > 1
            if not ((as_deep or older) and _fit(expected[1:], x.shape[1:])):
                raise
            warn_once(f"{error} TensorFlow's Keras went on, and so does this script.")

    return checked


def in_columns(with_axes: Callable[..., Any]) -> Callable[..., Any]:
    """Return what gives data the axes of an input, to numbers alone one of length 1.

    So Keras 1 and 2 read ``predict([3, 1, 4])``: three samples of one step each.
    """

    @functools.wraps(with_axes)
    def given(value: Any, tensor: Any) -> Any:
        column = _is_column(tensor.shape, value)
        return value[:, None] if column else with_axes(value, tensor)

    return given


def _is_column(expected: Any, x: Any) -> bool:
    """Return whether an older script gives numbers where samples have one axis."""
    return dialect.is_older() and x.ndim == 1 and tuple(expected[1:]) == (None,)


def _fit(wanted: tuple[int | None, ...], sample: tuple[int, ...]) -> bool:
    """Return whether the axes that both have are equal, but for a last axis of 1."""
    wanted = wanted[:-1] if wanted[-1:] == (1,) else wanted
    sample = sample[:-1] if sample[-1:] == (1,) else sample
    return all(n is None or n == m for n, m in zip(wanted, sample, strict=False))
