"""Numbers written as texts, which data of `fit` could hold in older Keras."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from keratorch.compat import dialect
from keratorch.compat.spoken import warn_once


def numbers_in_texts(as_array: Callable[..., Any]) -> Callable[..., Any]:
    """Return what reads the data of `fit`, and in older scripts '0' and '1' as numbers.

    Keras up to 2.3 read them so, by TensorFlow's sessions, and refused other texts.
    """

    @functools.wraps(as_array)
    def read(values: Any, name: str, texts: bool = False) -> np.ndarray:
        try:
            return as_array(values, name, texts)
        except ValueError:
            numbers = _numbers(values) if dialect.is_older() else None
            if numbers is None:
                raise
        warn_once(
            f"{name} holds numbers as texts. Keras after 2.3 refuses them: write "
            f"{name}.astype('float32')."
        )
        return numbers

    return read


def _numbers(values: Any) -> np.ndarray | None:
    """Return texts as the numbers that they say; None for anything else."""
    try:
        array = np.asarray(values)
        all_texts = array.size and all(isinstance(x, (str, bytes)) for x in array.flat)
        return array.astype(np.float32) if all_texts and array.ndim else None
    except ValueError:  # ragged, or other texts
        return None
