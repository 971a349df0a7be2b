"""``tf.lookup``: tables from keys to values."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from keratorch.compat.tf.pipeline.ragged import RaggedTensor
from keratorch.layers.preprocessing.fingerprints import fingerprint64
from keratorch.utils.element import Count, as_element, as_text
from keratorch.utils.pipeline.spec import dtype_of
from keratorch.utils.pipeline.values import as_value


class KeyValueTensorInitializer:
    """Keys and their values, in two arrays of one length.

    Raises
    ------
    ValueError : different lengths.
    """

    def __init__(
        self,
        keys: Any,
        values: Any,
        key_dtype: Any = None,
        value_dtype: Any = None,
        name: str | None = None,
    ):
        self.keys = _column(keys, key_dtype)
        self.values = _column(values, value_dtype)
        if len(self.keys) != len(self.values):
            raise ValueError(
                f"keys and values must have one length; received {len(self.keys)} and "
                f"{len(self.values)}."
            )


class TextFileIndex:
    """Which part of a line is a key or a value, beside the number of a column."""

    WHOLE_LINE = -2
    LINE_NUMBER = -1


class TextFileInitializer(KeyValueTensorInitializer):
    """Keys and values from the lines of a file."""

    def __init__(
        self,
        filename: Any,
        key_dtype: Any,
        key_index: int,
        value_dtype: Any,
        value_index: int,
        vocab_size: int | None = None,
        delimiter: str = "\t",
        name: str | None = None,
    ):
        with open(str(filename), encoding="utf-8") as file:
            lines = file.read().splitlines()[:vocab_size]

        def part(index: int, dtype: Any) -> list[Any]:
            if index == TextFileIndex.LINE_NUMBER:
                return list(range(len(lines)))
            fields = lines
            if index != TextFileIndex.WHOLE_LINE:
                fields = [line.split(delimiter)[index] for line in lines]
            kind = dtype_of(dtype)
            return fields if kind.kind == "O" else [kind.type(f) for f in fields]

        super().__init__(
            part(key_index, key_dtype),
            part(value_index, value_dtype),
            key_dtype,
            value_dtype,
        )


class _Table:
    """A table from keys to values, which arrays are looked up in."""

    def __init__(self, dtype: np.dtype):
        self._dtype = dtype
        self._known: dict[Any, Any] = {}

    def _default(self, key: Any) -> Any:
        raise NotImplementedError

    def lookup(self, keys: Any, name: str | None = None) -> Any:
        """Return the values of keys, or what the table has for others."""
        if isinstance(keys, RaggedTensor):
            return keys.map_flat_values(self.lookup)
        known, default = self._known, self._default
        found = as_value(keys)
        if isinstance(found, (str, bytes)):
            found = np.asarray(found, object)
        result = np.empty(found.shape, self._dtype)
        for place, key in np.ndenumerate(found):
            key = _key(key)
            result[place] = known[key] if key in known else default(key)
        return as_element(result)

    __getitem__ = lookup

    def size(self, name: str | None = None) -> Count:
        """Return the number of keys."""
        return Count(len(self._known))

    def export(self, name: str | None = None) -> tuple[Any, Any]:
        """Return all keys, and all values."""
        return (
            as_element(np.asarray(as_value(list(self._known)))),
            as_element(_column(list(self._known.values()), self._dtype)),
        )


class StaticHashTable(_Table):
    """A table with a value for all keys that are not in it.

    Parameters
    ----------
    initializer : `KeyValueTensorInitializer` or `TextFileInitializer`.
    default_value : value of other keys.
    name : str, a label, which changes nothing.

    Raises
    ------
    ValueError : a key with two values.
    """

    def __init__(
        self,
        initializer: KeyValueTensorInitializer,
        default_value: Any,
        name: str | None = None,
        experimental_is_anonymous: bool = False,
    ):
        super().__init__(initializer.values.dtype)
        self.default_value = as_value(default_value)
        for key, value in _pairs(initializer):
            if self._known.setdefault(key, value) != value:
                raise ValueError(
                    f"the key {key!r} has two values, {self._known[key]!r} and "
                    f"{value!r}. Give each key once."
                )

    def _default(self, key: Any) -> Any:
        return self.default_value


class StaticVocabularyTable(_Table):
    """A table that gives other keys numbers of buckets behind those of its own.

    Parameters
    ----------
    initializer : `KeyValueTensorInitializer` or `TextFileInitializer`, whose values are
        0, 1 ...; None for buckets alone.
    num_oov_buckets : int > 0.
    lookup_key_dtype : changes nothing here.
    name : str, a label, which changes nothing.
    """

    def __init__(
        self,
        initializer: KeyValueTensorInitializer | None,
        num_oov_buckets: int,
        lookup_key_dtype: Any = None,
        name: str | None = None,
        experimental_is_anonymous: bool = False,
    ):
        super().__init__(np.dtype(np.int64))
        self._buckets = int(num_oov_buckets)
        if self._buckets < 1:
            raise ValueError(
                f"num_oov_buckets must be an int > 0; received {num_oov_buckets!r}."
            )
        if initializer is not None:
            self._known = dict(_pairs(initializer))

    def _default(self, key: Any) -> int:
        text = key if isinstance(key, bytes) else str(key).encode()
        return len(self._known) + fingerprint64(text) % self._buckets

    def size(self, name: str | None = None) -> Count:
        """Return the number of keys and buckets."""
        return Count(len(self._known) + self._buckets)


class MutableHashTable(_Table):
    """A table that keys can be put into.

    Parameters
    ----------
    key_dtype, value_dtype : dtypes, or 'string'.
    default_value : value of other keys.
    name : str, a label, which changes nothing.
    """

    def __init__(
        self,
        key_dtype: Any,
        value_dtype: Any,
        default_value: Any,
        name: str | None = None,
        checkpoint: bool = True,
        experimental_is_anonymous: bool = False,
    ):
        super().__init__(dtype_of(value_dtype))
        self.default_value = as_value(default_value)

    def _default(self, key: Any) -> Any:
        return self.default_value

    def insert(self, keys: Any, values: Any, name: str | None = None) -> None:
        """Give keys their values."""
        self._known.update(
            zip(_keys(keys), _column(values, self._dtype).ravel(), strict=True)
        )

    def remove(self, keys: Any, name: str | None = None) -> None:
        """Forget keys; those that are unknown do not matter."""
        for key in _keys(keys):
            self._known.pop(key, None)


def _column(values: Any, dtype: Any) -> np.ndarray:
    if isinstance(values, Iterable) and not hasattr(values, "shape"):
        values = list(values)
    array = np.asarray(as_value(values))
    kind = None if dtype is None else dtype_of(dtype)
    return array if kind is None or kind.kind == "O" else array.astype(kind)


def _keys(keys: Any) -> list[Any]:
    return [_key(key) for key in np.asarray(as_value(keys)).ravel()]


def _key(key: Any) -> Any:
    plain: Callable[..., Any] | None = getattr(key, "item", None)
    return plain() if plain else as_text(key) if isinstance(key, bytes) else key


def _pairs(initializer: KeyValueTensorInitializer) -> Iterable[tuple[Any, Any]]:
    return zip(_keys(initializer.keys), initializer.values.tolist(), strict=True)
