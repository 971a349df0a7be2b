"""Numbers written as texts, which data of `fit` could hold in older Keras."""

from __future__ import annotations

import functools
import numbers
from collections.abc import Callable
from typing import Any

import numpy as np

from keratorch.compat import dialect
from keratorch.compat.spoken import warn_once
from keratorch.nested import map_structure
from keratorch.training.array_batches import ArrayBatches
from keratorch.training.conversion import holds_texts

_READ = (str, bytes, numbers.Real, np.bool_)


def numbers_in_texts(as_array: Callable[..., Any]) -> Callable[..., Any]:
    """Return what reads the data of `fit`, and in older scripts '0' and '1' as numbers.

    Keras up to 2.3 read them so, by TensorFlow's sessions, and refused other texts.
    """

    @functools.wraps(as_array)
    def read(values: Any, name: str, texts: bool = False) -> np.ndarray:
        try:
            return as_array(values, name, texts)
        except ValueError:
            found = _numbers(values, name) if dialect.is_older() else None
            if found is None:
                raise
            return found

    return read


def where_none_are_read(batches: Callable[..., Any]) -> Callable[..., Any]:
    """Return what makes batches, and in older scripts numbers of the texts in x.

    Texts stay what they are for a model that looks texts up.
    """

    @functools.wraps(batches)
    def of_numbers(model: Any, x: Any, *args: Any, **kwargs: Any) -> Any:
        made = batches(model, x, *args, **kwargs)
        older = dialect.is_older() and not model._takes_texts
        if older and isinstance(made, ArrayBatches):
            x, *others = made.arrays
            name = f"{kwargs.get('role', '')}x"
            made.arrays = (map_structure(lambda a: _read(a, name), x), *others)
        return made

    return of_numbers


def _read(array: np.ndarray | None, name: str) -> np.ndarray | None:
    """Return texts as the numbers that they say, and any other array as it is."""
    if array is None or not holds_texts(array):
        return array
    found = _numbers(array, name)
    return array if found is None else found


def _numbers(values: Any, name: str) -> np.ndarray | None:
    """Return texts, numbers among them too, as the numbers that they say; else None."""
    try:
        array = np.asarray(values)
        of_texts = array.size and all(isinstance(item, _READ) for item in array.flat)
        found = array.astype(np.float32) if of_texts and array.ndim else None
    except ValueError:  # ragged, or other texts
        return None
    if found is not None:
        warn_once(
            f"{name} holds numbers as texts. Keras after 2.3 refuses them: write "
            f"{name}.astype('float32')."
        )
    return found
