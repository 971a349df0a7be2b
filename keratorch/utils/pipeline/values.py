"""From what a program holds to the arrays of a dataset's element."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from keratorch.core import GradArray
from keratorch.nested import put_together, take_apart
from keratorch.utils.element import Binary, Element, Text, as_text

_SMALL = {"int64": "int32", "float64": "float32"}


def as_values(structure: Any) -> Any:
    """Return what a function returned as an element: tuples and dicts of arrays.

    A list is a tuple where it is the whole element, and an array inside of one, as in
    Keras's datasets.

    Examples
    --------
    >>> as_values([1.5, {"a": [1, 2]}])
    (array(1.5, dtype=float32), {'a': array([1, 2], dtype=int32)})
    """
    if isinstance(structure, list):
        structure = tuple(structure)
    return arrays_in(structure)


def arrays_in(structure: Any, leaf: Callable[[Any], Any] | None = None) -> Any:
    """Return tuples and dicts of what `leaf` makes of their parts, lists among them."""
    leaf = leaf or as_value
    kind = type(structure)
    if kind is tuple:
        return tuple([arrays_in(part, leaf) for part in structure])
    if kind is dict:
        return {key: arrays_in(part, leaf) for key, part in structure.items()}
    if isinstance(structure, Mapping) and not isinstance(structure, dict):
        structure = dict(structure)
    if not isinstance(structure, (tuple, dict)):
        return leaf(structure)
    parts = [arrays_in(part, leaf) for part in take_apart(structure)]
    return put_together(structure, parts)


def as_value(value: Any) -> Any:
    """Return an array, a number or a list as an ndarray; texts as str or bytes.

    Numbers and lists of Python become float32 and int32, as in Keras's tensors.

    Raises
    ------
    ValueError : lists of different lengths, or an array of objects that are no texts.
    """
    if type(value) is np.ndarray:
        return value if value.dtype.kind in "biufc" else texts_of(value)
    if isinstance(value, Element):
        return as_value(value.view(np.ndarray))
    if isinstance(value, GradArray):
        return as_value(np.asarray(value.numpy()))
    if isinstance(value, np.generic) and value.dtype.kind in "biufc":
        return np.asarray(value)
    if isinstance(value, (str, bytes)):
        return _plain_text(value)
    if value is None:
        raise ValueError(
            "an element must be an array, or a tuple or dict of arrays; received None. "
            "Does the function forget to return it?"
        )
    if isinstance(value, (bool, int, float, complex, list, tuple, np.generic)):
        return _from_python(value)
    if hasattr(value, "__array__") or hasattr(value, "__array_interface__"):
        return _from_python(value)
    return value  # a dataset, or a ragged array


def texts_of(array: np.ndarray) -> Any:
    """Return an array of texts as one of str objects, a single one as str.

    Raises
    ------
    ValueError : objects that are no texts.
    """
    if array.dtype.kind not in "OUST":
        raise ValueError(
            f"an element must hold numbers or texts; received dtype {array.dtype}. "
            "Take what you need of it as numbers."
        )
    texts = np.empty(array.shape, object)
    for place, item in np.ndenumerate(array):
        if not isinstance(item, (str, bytes)):
            raise ValueError(
                f"an array of objects must hold texts; received a "
                f"{type(item).__name__} at index {place}. Give numbers as an array of "
                "floats, one array for each column of a frame: dict(frame)."
            )
        texts[place] = _plain_text(item)
    return texts if texts.ndim else texts[()]


def _plain_text(value: str | bytes) -> str | bytes:
    if type(value) is str or isinstance(value, Binary):
        return bytes(value) if isinstance(value, Binary) else value
    return str(value) if isinstance(value, (Text, str)) else as_text(value)


def _from_python(value: Any) -> Any:
    if isinstance(value, (list, tuple)) and value and _holds_tensors(value):
        value = [as_value(part) for part in value]
    try:  # NumPy's own arrays of bytes would lose zeros at their ends
        array = np.asarray(value, object if _begins_with_text(value) else None)
    except ValueError:
        raise ValueError(
            "a list must hold rows of one length; received rows of lengths "
            f"{sorted({len(row) for row in value})[:8]}. Pad them to one length, or "
            "use Dataset.from_generator and padded_batch."
        ) from None
    if array.dtype.name in _SMALL and _is_of_python(value):
        array = _smaller(array)
    return array if array.dtype.kind in "biufc" else texts_of(array)


def _holds_tensors(value: Any) -> bool:
    return any(isinstance(part, (GradArray, Text, Binary)) for part in value)


def _begins_with_text(value: Any) -> bool:
    while isinstance(value, (list, tuple)) and value:
        value = value[0]
    return isinstance(value, (str, bytes))


def _is_of_python(value: Any) -> bool:
    """Return whether numbers are Python's own, which have no dtype."""
    while isinstance(value, (list, tuple)) and value:
        value = value[0]
    return type(value) in (int, float) or isinstance(value, (list, tuple))


def _smaller(array: np.ndarray) -> np.ndarray:
    small = array.astype(_SMALL[array.dtype.name])
    fits = array.dtype.kind == "f" or np.array_equal(small, array)
    return small if fits else array
