"""``tf.strings``: functions of texts, one by one or in arrays."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from keratorch.compat.tf.pipeline.ragged import RaggedTensor
from keratorch.layers.preprocessing.fingerprints import fingerprint64
from keratorch.utils.element import as_element, as_text
from keratorch.utils.pipeline.spec import dtype_of
from keratorch.utils.pipeline.values import as_value


def each(function: Callable[[Any], Any], texts: Any, dtype: Any = object) -> Any:
    """Return ``function(text)`` of a text, or of each in an array.

    Raises
    ------
    TypeError : numbers instead of texts.
    """
    if isinstance(texts, RaggedTensor):
        return texts.with_flat_values(each(function, texts.flat_values, dtype))
    values = as_value(texts)
    if isinstance(values, (str, bytes)):
        result = function(values)
        return as_element(result if dtype is object else np.asarray(result, dtype))
    if values.size and values.dtype.kind != "O":
        raise TypeError(
            f"a function of tf.strings needs texts; received dtype {values.dtype}. "
            "Use tf.strings.as_string."
        )
    results = np.empty(values.shape, dtype)
    for place, value in np.ndenumerate(values):
        results[place] = function(value)
    return as_element(results)


def rows_of_parts(function: Callable[[Any], Any], texts: Any) -> Any:
    """Return ``function(text)``, a list, for a text; of each one in ragged rows."""
    values = as_value(texts)
    if isinstance(values, (str, bytes)):
        return as_element(_array(function(values)))
    rows = [_array(function(value)) for value in values.ravel()]
    return RaggedTensor.of_rows(rows, values.shape)


def _array(items: list[Any]) -> np.ndarray:
    return (
        np.asarray(items, np.int32)
        if items and isinstance(items[0], int)
        else (texts_in(items))
    )


def texts_in(items: Sequence[Any]) -> np.ndarray:
    """Return an array of texts."""
    array = np.empty(len(items), object)
    array[:] = [as_text(item) if isinstance(item, bytes) else item for item in items]
    return array


def _string(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("latin-1")


def as_bytes(value: str | bytes) -> bytes:
    """Return a text in UTF-8."""
    return value.encode() if isinstance(value, str) else value


def _plain(value: Any) -> Any:
    """Return an argument as text."""
    found = as_value(value)
    return as_text(found) if isinstance(found, bytes) else found


def lower(input: Any, encoding: str = "", name: str | None = None) -> Any:
    """Return texts in small letters, those of ASCII alone unless encoding='utf-8'."""
    return each(_letters(str.lower, encoding), input)


def upper(input: Any, encoding: str = "", name: str | None = None) -> Any:
    """Return texts in capitals, those of ASCII alone unless encoding='utf-8'."""
    return each(_letters(str.upper, encoding), input)


def _letters(change: Callable[[str], str], encoding: str) -> Callable[[Any], Any]:
    if encoding not in ("", "utf-8"):
        raise ValueError(f"encoding must be '' or 'utf-8'; received {encoding!r}.")

    def changed(text: Any) -> Any:
        text = _string(text)
        if encoding or text.isascii():
            return change(text)
        return "".join(change(c) if c.isascii() else c for c in text)

    return changed


def strip(input: Any, name: str | None = None) -> Any:
    """Return texts without the white space at both ends."""
    return each(lambda text: text.strip(), input)


def length(input: Any, name: str | None = None, unit: str = "BYTE") -> Any:
    """Return how many bytes, or with 'UTF8_CHAR' characters, texts have, int32."""
    _check_unit(unit)
    count = (lambda t: len(as_bytes(t))) if unit == "BYTE" else (lambda t: len(t))
    return each(count, input, np.int32)


def substr(
    input: Any, pos: Any, len: Any, name: str | None = None, unit: str = "BYTE"
) -> Any:
    """Return `len` bytes, or with 'UTF8_CHAR' characters, of texts from `pos` on."""
    _check_unit(unit)
    start, count = int(np.asarray(as_value(pos))), int(np.asarray(as_value(len)))

    def part(text: Any) -> Any:
        whole = as_bytes(text) if unit == "BYTE" else text
        first = start if start >= 0 else max(whole.__len__() + start, 0)
        found = whole[first : first + count]
        return as_text(found) if isinstance(found, bytes) else found

    return each(part, input)


def _check_unit(unit: str) -> None:
    if unit not in ("BYTE", "UTF8_CHAR"):
        raise ValueError(f"unit must be 'BYTE' or 'UTF8_CHAR'; received {unit!r}.")


@functools.lru_cache(64)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def regex_replace(
    input: Any,
    pattern: Any,
    rewrite: Any,
    replace_global: bool = True,
    name: str | None = None,
) -> Any:
    r"""Return texts in which what matches is replaced; ``\1`` stands for a group.

    The pattern is one of Python's, which TensorFlow's nearly always are as well.
    """
    found = _compiled(_plain(pattern))
    written = re.sub(r"\\0", r"\\g<0>", _plain(rewrite))
    count = 0 if replace_global else 1
    return each(lambda text: found.sub(written, _string(text), count), input)


def regex_full_match(input: Any, pattern: Any, name: str | None = None) -> Any:
    """Return whether texts match a pattern as a whole."""
    found = _compiled(_plain(pattern))
    return each(lambda text: bool(found.fullmatch(_string(text))), input, bool)


def split(
    input: Any, sep: Any = None, maxsplit: int = -1, name: str | None = None
) -> Any:
    """Return the parts of texts between `sep`, or between white space.

    A text gives an array of its parts, an array of texts ragged rows.
    """
    between = _plain(sep) if sep is not None else None
    return rows_of_parts(
        lambda text: _string(text).split(between or None, int(maxsplit)), input
    )


def join(inputs: Sequence[Any], separator: Any = "", name: str | None = None) -> Any:
    """Return texts put together, those of several arrays place by place."""
    between = _plain(separator)
    parts = [as_value(part) for part in inputs]
    arrays = [np.asarray(part, object) for part in parts]
    shape = np.broadcast_shapes(*(array.shape for array in arrays))
    wide: list[Any] = [np.broadcast_to(array, shape) for array in arrays]
    result = np.empty(shape, object)
    for place in np.ndindex(*shape):
        result[place] = between.join(_string(array[place]) for array in wide)
    return as_element(result if shape else result[()])


def reduce_join(
    inputs: Any,
    axis: int | None = None,
    keepdims: bool = False,
    separator: Any = "",
    name: str | None = None,
) -> Any:
    """Return the texts along an axis, or all of them, put together."""
    between = _plain(separator)
    if isinstance(inputs, RaggedTensor):
        rows = [between.join(map(_string, row)) for row in inputs.to_list()]
        return as_element(texts_in(rows) if axis is not None else between.join(rows))
    texts = np.asarray(as_value(inputs), object)
    if axis is None:
        return as_element(between.join(map(_string, texts.ravel())))
    moved: Any = np.moveaxis(texts, int(axis), -1)
    result = np.empty(moved.shape[:-1], object)
    for place in np.ndindex(*result.shape):
        result[place] = between.join(map(_string, moved[place]))
    if keepdims:
        result = np.expand_dims(result, int(axis))
    return as_element(result if result.ndim else result[()])


def to_number(input: Any, out_type: Any = "float32", name: str | None = None) -> Any:
    """Return texts as numbers.

    Raises
    ------
    ValueError : a text that is no number.
    """
    dtype = dtype_of(out_type)
    read = float if dtype.kind == "f" else int

    def number(text: Any) -> Any:
        try:
            return read(_string(text).strip())
        except ValueError:
            raise ValueError(
                f"to_number: {_string(text)!r} is no {dtype.name}."
            ) from None

    return each(number, input, dtype)


def as_string(
    input: Any,
    precision: int = -1,
    scientific: bool = False,
    shortest: bool = False,
    width: int = -1,
    fill: str = "",
    name: str | None = None,
) -> Any:
    """Return numbers as texts, floats with 6 or `precision` digits behind the point."""
    values = np.asarray(as_value(input))
    kind = "g" if shortest else "e" if scientific else "f"
    digits = "" if precision < 0 else f".{precision}"
    size = "" if width < 0 else f"{fill}{width}"

    def written(value: Any) -> str:
        if values.dtype.kind == "f":
            return format(float(value), f"{size}{digits}{kind}")
        if values.dtype.kind == "b":
            return "true" if value else "false"
        return format(int(value), f"{size}d") if values.dtype.kind in "iu" else value

    texts = np.empty(values.shape, object)
    for place, value in np.ndenumerate(values):
        texts[place] = written(value)
    return as_element(texts if texts.ndim else texts[()])


def ngrams(
    data: Any, ngram_width: Any, separator: str = " ", name: str | None = None
) -> Any:
    """Return the groups of `ngram_width` neighbours along the last axis, as texts."""
    widths = [ngram_width] if isinstance(ngram_width, int) else list(ngram_width)

    def groups(row: Sequence[Any]) -> np.ndarray:
        texts = [_string(text) for text in row]
        return texts_in(
            [
                separator.join(texts[start : start + width])
                for width in widths
                for start in range(len(texts) - width + 1)
            ]
        )

    if isinstance(data, RaggedTensor):
        return RaggedTensor([groups(row) for row in data.to_list()])
    texts = np.asarray(as_value(data), object)
    if texts.ndim == 1:
        return as_element(groups(texts.tolist()))
    return as_element(np.stack([groups(row) for row in texts]))


def format_texts(
    template: str,
    inputs: Any,
    placeholder: str = "{}",
    summarize: int = 3,
    name: str | None = None,
) -> Any:
    """Return a text with arrays in the places of `placeholder`."""
    parts = inputs if isinstance(inputs, (tuple, list)) else [inputs]
    text = _plain(template)
    for part in parts:
        text = text.replace(placeholder, str(np.asarray(as_value(part))), 1)
    return as_element(text)


def to_hash_bucket_fast(input: Any, num_buckets: int, name: str | None = None) -> Any:
    """Return a number below `num_buckets` for each text, the same as TensorFlow's."""
    return each(
        lambda t: fingerprint64(as_bytes(t)) % int(num_buckets), input, np.int64
    )
