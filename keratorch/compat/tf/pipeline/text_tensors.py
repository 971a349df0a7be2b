"""Functions of TensorFlow on texts, which the ones on numbers do not take."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from keratorch.compat.tf.pipeline.ragged import RaggedTensor, concat_ragged, is_ragged
from keratorch.utils.element import TextDType, as_element
from keratorch.utils.pipeline.values import as_value

string = TextDType("string")


def holds_texts(value: Any) -> bool:
    """Return whether a value is a text, or an array or a list of texts.

    Examples
    --------
    >>> holds_texts(["a"]), holds_texts(np.array(["a"])), holds_texts([1])
    (True, True, False)
    """
    if isinstance(value, (list, tuple)):
        return bool(value) and holds_texts(value[0])
    if isinstance(value, (np.ndarray, np.generic)):
        return value.dtype.kind in "OUS"
    return isinstance(value, (str, bytes))


def _texts(value: Any) -> np.ndarray:
    return np.asarray(as_value(value), object)


def _element(array: Any) -> Any:
    return as_element(array if np.ndim(array) else np.asarray(array, object)[()])


def _ints(value: Any) -> tuple[int, ...]:
    return tuple(int(n) for n in np.asarray(as_value(value)).ravel())


def constant(
    value: Any, dtype: Any = None, shape: Any = None, name: str | None = None
) -> Any:
    """Return texts as an array."""
    if dtype is not None and string != dtype:
        raise TypeError(
            f"texts have the dtype tf.string; received dtype={dtype}. Use "
            "tf.strings.to_number for numbers."
        )
    texts = _texts(value)
    return _element(texts if shape is None else np.broadcast_to(texts, _ints(shape)))


def convert_to_tensor(
    value: Any, dtype: Any = None, dtype_hint: Any = None, name: str | None = None
) -> Any:
    """Return texts as an array."""
    return constant(value, dtype)


def cast(x: Any, dtype: Any, name: str | None = None) -> Any:
    """Return texts, which no cast makes into numbers."""
    return constant(x, dtype)


def identity(input: Any, name: str | None = None) -> Any:
    """Return texts as an array."""
    return _element(_texts(input))


def expand_dims(input: Any, axis: int, name: str | None = None) -> Any:
    """Return texts with a further axis."""
    return _element(np.expand_dims(_texts(input), int(axis)))


def squeeze(input: Any, axis: Any = None, name: str | None = None) -> Any:
    """Return texts without axes of one."""
    return _element(np.squeeze(_texts(input), None if axis is None else _ints(axis)))


def reshape(tensor: Any, shape: Any, name: str | None = None) -> Any:
    """Return texts in another shape."""
    return _element(_texts(tensor).reshape(_ints(shape)))


def stack(values: Sequence[Any], axis: int = 0, name: str = "stack") -> Any:
    """Return arrays of texts along a new axis."""
    return _element(np.stack([_texts(value) for value in values], int(axis)))


def concat(values: Sequence[Any], axis: int, name: str = "concat") -> Any:
    """Return arrays of texts, one behind the other."""
    return _element(np.concatenate([_texts(value) for value in values], int(axis)))


def unstack(value: Any, num: Any = None, axis: int = 0, name: str = "") -> list[Any]:
    """Return the parts of an array of texts along an axis."""
    return [_element(part) for part in np.moveaxis(_texts(value), int(axis), 0)]


def tile(input: Any, multiples: Any, name: str | None = None) -> Any:
    """Return texts again and again."""
    return _element(np.tile(_texts(input), _ints(multiples)))


def repeat(input: Any, repeats: Any, axis: Any = None, name: str | None = None) -> Any:
    """Return each text again and again."""
    return _element(np.repeat(_texts(input), np.asarray(as_value(repeats)), axis))


def transpose(a: Any, perm: Any = None, name: str | None = None) -> Any:
    """Return texts with the axes in another order."""
    return _element(np.transpose(_texts(a), None if perm is None else _ints(perm)))


def reverse(tensor: Any, axis: Any, name: str | None = None) -> Any:
    """Return texts backwards along axes."""
    return _element(np.flip(_texts(tensor), _ints(axis)))


def gather(
    params: Any, indices: Any, validate_indices: Any = None, axis: Any = 0, **name: Any
) -> Any:
    """Return the texts at indices."""
    return _element(np.take(_texts(params), np.asarray(as_value(indices)), axis or 0))


def boolean_mask(tensor: Any, mask: Any, axis: Any = None, name: str = "") -> Any:
    """Return the texts where a mask is true."""
    return _element(_texts(tensor)[np.asarray(as_value(mask), bool)])


def fill(dims: Any, value: Any, name: str | None = None) -> Any:
    """Return a text as often as a shape says."""
    return _element(np.full(_ints(dims), _texts(value)[()], object))


def where(condition: Any, x: Any, y: Any, name: str | None = None) -> Any:
    """Return the one text or the other by a condition."""
    return _element(np.where(np.asarray(as_value(condition)), _texts(x), _texts(y)))


def equal(x: Any, y: Any, name: str | None = None) -> Any:
    """Return whether texts are equal."""
    return as_element(np.asarray(_texts(x) == _texts(y), bool))


def not_equal(x: Any, y: Any, name: str | None = None) -> Any:
    """Return whether texts differ."""
    return as_element(np.asarray(_texts(x) != _texts(y), bool))


def shape(input: Any, out_type: Any = "int32", name: str | None = None) -> Any:
    """Return the lengths of the axes."""
    return as_element(np.array(_texts(input).shape, out_type))


def size(input: Any, out_type: Any = "int32", name: str | None = None) -> Any:
    """Return the number of texts."""
    return as_element(np.array(_texts(input).size, out_type))


def rank(input: Any, name: str | None = None) -> Any:
    """Return the number of axes."""
    return as_element(np.array(_texts(input).ndim, np.int32))


#: Name below `tf` -> the function of texts, and where its texts stand.
ON_TEXTS: dict[str, tuple[Callable[..., Any], tuple[int, ...]]] = {
    function.__name__: (function, (0,))
    for function in (
        *(boolean_mask, cast, concat, constant, convert_to_tensor, expand_dims),
        *(gather, identity, rank, repeat, reshape, reverse, shape, size, squeeze),
        *(stack, tile, transpose, unstack),
    )
}
ON_TEXTS |= {
    "equal": (equal, (0, 1)),
    "fill": (fill, (1,)),
    "not_equal": (not_equal, (0, 1)),
    "where": (where, (1, 2)),
}
_KEYWORDS = ("value", "values", "input", "tensor", "x", "params")


def on_texts(path: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Return what a function gives for texts; None where it gets none."""
    function, places = ON_TEXTS[path]
    given = [args[place] for place in places if place < len(args)]
    if not args:
        given = [kwargs[key] for key in _KEYWORDS if key in kwargs]
    several = path == "concat" and given and isinstance(given[0], (list, tuple))
    if several and any(map(is_ragged, given[0])):
        return concat_ragged(*args, **kwargs)
    if any(holds_texts(value) for value in given):
        return function(*args, **kwargs)
    ragged = [value for value in given if is_ragged(value)]
    if ragged and path in ("cast", "identity", "convert_to_tensor"):
        return _on_ragged(path, ragged[0], *args[1:], **kwargs)
    return None


def _on_ragged(path: str, ragged: RaggedTensor, *args: Any, **kwargs: Any) -> Any:
    if path == "convert_to_tensor":
        return ragged.to_tensor()
    if path == "identity":
        return ragged
    dtype = args[0] if args else kwargs["dtype"]
    return ragged.with_flat_values(ragged.flat_values.astype(str(dtype)))
