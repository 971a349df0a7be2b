"""``tf.feature_column``: how the columns of a table become numbers.

A dense column gives numbers for each row; a categorical one gives the number of a
category, or -1 for none, which `indicator_column` and `embedding_column` make dense.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from keratorch.initializers import TruncatedNormal
from keratorch.layers.preprocessing.fingerprints import crossed, fingerprint64
from keratorch.utils.element import as_element
from keratorch.utils.pipeline.values import as_value

Features = Mapping[str, Any]
_HASH_KEY = 0xDECAFCAFFE


def column_of(features: Features, key: str) -> Any:
    """Return the values of a column, (batch, values).

    Raises
    ------
    ValueError : the table has no such column.
    """
    if key not in features:
        raise ValueError(
            f"the column {key!r} is not among the features {sorted(features)[:10]}."
        )
    values = np.asarray(as_value(features[key]))
    return values[:, None] if values.ndim == 1 else values


class Column:
    """A column under a name."""

    name: str


class NumericColumn(Column):
    """Numbers as they are, or as a function makes them."""

    def __init__(self, key: str, shape: Any, normalizer_fn: Any):
        self.key = self.name = key
        self.shape = tuple(int(n) for n in np.atleast_1d(np.asarray(shape, int)))
        self.normalizer_fn = normalizer_fn
        self.width = int(np.prod(self.shape))

    def numbers(self, features: Features) -> np.ndarray:
        """Return the values, float32 (batch, width).

        Raises
        ------
        ValueError : texts.
        """
        values = column_of(features, self.key)
        if values.dtype.kind == "O":
            raise ValueError(
                f"numeric_column {self.key!r} needs numbers; received texts. Use a "
                "categorical column."
            )
        if self.normalizer_fn is not None:
            values = np.asarray(as_value(self.normalizer_fn(as_element(values))))
        return values.astype(np.float32).reshape(len(values), self.width)


class CategoricalColumn(Column):
    """Numbers of categories."""

    num_buckets: int

    def ids(self, features: Features) -> np.ndarray:
        """Return the number of each category, int64 (batch, values); -1 for none."""
        raise NotImplementedError


class BucketizedColumn(CategoricalColumn):
    """Which of the intervals between boundaries numbers lie in."""

    def __init__(self, source: NumericColumn, boundaries: Sequence[float]):
        self.source, self.boundaries = source, [float(b) for b in boundaries]
        self.name = f"{source.name}_bucketized"
        self.count = len(self.boundaries) + 1
        self.num_buckets = self.count * source.width
        self.width = self.num_buckets

    def ids(self, features: Features) -> np.ndarray:
        """Return the numbers of the intervals, those of each value by themselves."""
        values = self.source.numbers(features)
        bounds = np.asarray(self.boundaries, np.float32)
        places = np.searchsorted(bounds, values, side="right")
        return places + self.count * np.arange(self.source.width)

    def numbers(self, features: Features) -> np.ndarray:
        """Return 1 at the interval of each value, else 0."""
        return counted(self.ids(features), self.num_buckets)


class VocabularyColumn(CategoricalColumn):
    """The places of values in a list."""

    def __init__(self, key: str, vocabulary: Any, default: int, buckets: int):
        self.key = self.name = key
        known = as_value(list(vocabulary))
        self.places = {value: i for i, value in enumerate(known.tolist())}
        self.default, self.buckets = int(default), int(buckets)
        self.num_buckets = len(self.places) + self.buckets

    def ids(self, features: Features) -> np.ndarray:
        """Return the places, those of other values by their fingerprints."""

        def place(value: Any) -> int:
            if value in self.places:
                return self.places[value]
            if self.buckets and value not in ("", -1):
                return len(self.places) + fingerprint64(_bytes(value)) % self.buckets
            return self.default if value not in ("", -1) else -1

        return _mapped(place, column_of(features, self.key))


class HashedColumn(CategoricalColumn):
    """Fingerprints of values, modulo a number of buckets."""

    def __init__(self, key: str, buckets: int):
        self.key = self.name = key
        self.num_buckets = int(buckets)

    def ids(self, features: Features) -> np.ndarray:
        """Return the buckets, -1 for '' and -1."""

        def bucket(value: Any) -> int:
            if value in ("", -1):
                return -1
            return fingerprint64(_bytes(value)) % self.num_buckets

        return _mapped(bucket, column_of(features, self.key))


class IdentityColumn(CategoricalColumn):
    """Values that are numbers of categories already."""

    def __init__(self, key: str, buckets: int, default: int | None):
        self.key = self.name = key
        self.num_buckets, self.default = int(buckets), default

    def ids(self, features: Features) -> np.ndarray:
        """Return the values.

        Raises
        ------
        ValueError : one that is no category, without a default.
        """
        values = column_of(features, self.key).astype(np.int64)
        outside = (values >= self.num_buckets) | (values < -1)
        if self.default is not None:
            return np.where(outside, self.default, values)
        if outside.any():
            raise ValueError(
                f"the column {self.key!r} must be below num_buckets="
                f"{self.num_buckets}; received {values[outside][0]}."
            )
        return values


class CrossedColumn(CategoricalColumn):
    """Fingerprints of values of several columns together."""

    def __init__(self, keys: Sequence[Any], buckets: int, hash_key: int | None):
        self.keys = list(keys)
        names = [key if isinstance(key, str) else key.name for key in self.keys]
        self.name = "_X_".join(sorted(names))
        self.num_buckets = int(buckets)
        self.hash_key = _HASH_KEY if hash_key is None else int(hash_key)

    def ids(self, features: Features) -> np.ndarray:
        """Return the buckets of all combinations of values of a row."""
        parts = [self._fingerprints(key, features) for key in self.keys]
        result = np.empty((len(parts[0]), *(p.shape[1] for p in parts)), np.int64)
        for place in np.ndindex(*result.shape):
            bits = self.hash_key
            for part, index in zip(parts, place[1:], strict=True):
                bits = crossed(bits, int(part[place[0], index]))
            result[place] = bits % self.num_buckets
        return result.reshape(len(result), -1)

    def _fingerprints(self, key: Any, features: Features) -> np.ndarray:
        values = column_of(features, key) if isinstance(key, str) else key.ids(features)
        if values.dtype.kind == "O":
            bits = [fingerprint64(_bytes(value)) for value in values.ravel()]
        else:
            bits = [int(value) % 2**64 for value in values.ravel()]
        return np.asarray(bits, object).reshape(values.shape)


class IndicatorColumn(Column):
    """How often each category comes in a row."""

    def __init__(self, column: CategoricalColumn):
        self.column, self.width = column, column.num_buckets
        self.name = f"{column.name}_indicator"

    def numbers(self, features: Features) -> np.ndarray:
        """Return the counts, float32 (batch, categories)."""
        return counted(self.column.ids(features), self.width)


class EmbeddingColumn(Column):
    """Learned vectors of categories, combined for each row."""

    def __init__(
        self, column: CategoricalColumn, dimension: int, combiner: str, initializer: Any
    ):
        if combiner not in ("mean", "sqrtn", "sum"):
            raise ValueError(
                f"combiner must be 'mean', 'sqrtn' or 'sum'; received {combiner!r}."
            )
        self.column, self.width, self.combiner = column, int(dimension), combiner
        self.name = f"{column.name}_embedding"
        self.initializer = initializer or TruncatedNormal(stddev=dimension**-0.5)

    def shares(self, features: Features) -> np.ndarray:
        """Return what each category adds to a row, float32 (batch, categories)."""
        counts = counted(self.column.ids(features), self.column.num_buckets)
        total = counts.sum(1, keepdims=True)
        if self.combiner == "sqrtn":
            total = np.sqrt((counts**2).sum(1, keepdims=True))
        return counts if self.combiner == "sum" else counts / np.maximum(total, 1)


def counted(ids: np.ndarray, categories: int) -> np.ndarray:
    """Return how often each category comes in a row, float32; -1 counts nowhere."""
    counts = np.zeros((len(ids), categories), np.float32)
    rows, values = np.nonzero(ids >= 0)
    np.add.at(counts, (rows, ids[rows, values]), 1)
    return counts


def _mapped(function: Callable[[Any], int], values: np.ndarray) -> np.ndarray:
    ids = np.empty(values.shape, np.int64)
    for place, value in np.ndenumerate(values):
        ids[place] = function(value)
    return ids


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def numeric_column(
    key: str,
    shape: Any = (1,),
    default_value: Any = None,
    dtype: Any = "float32",
    normalizer_fn: Callable[..., Any] | None = None,
) -> NumericColumn:
    """Return the column of numbers; `default_value` and `dtype` are for files alone."""
    return NumericColumn(key, shape, normalizer_fn)


def bucketized_column(
    source_column: NumericColumn, boundaries: Sequence[float]
) -> BucketizedColumn:
    """Return the column of the intervals that numbers lie in."""
    if list(boundaries) != sorted(boundaries) or not list(boundaries):
        raise ValueError(f"boundaries must rise; received {list(boundaries)}.")
    return BucketizedColumn(source_column, boundaries)


def categorical_column_with_vocabulary_list(
    key: str,
    vocabulary_list: Sequence[Any],
    dtype: Any = None,
    default_value: int = -1,
    num_oov_buckets: int = 0,
) -> VocabularyColumn:
    """Return the column of the places in a list; the values say the dtype."""
    return VocabularyColumn(key, vocabulary_list, default_value, num_oov_buckets)


def categorical_column_with_vocabulary_file(
    key: str,
    vocabulary_file: str,
    vocabulary_size: int | None = None,
    num_oov_buckets: int = 0,
    default_value: int | None = None,
    dtype: Any = "string",
) -> VocabularyColumn:
    """Return the column of the places among the lines of a file."""
    with open(vocabulary_file, encoding="utf-8") as file:
        lines = file.read().splitlines()[:vocabulary_size]
    default = -1 if default_value is None else default_value
    return VocabularyColumn(key, lines, default, num_oov_buckets)


def categorical_column_with_identity(
    key: str, num_buckets: int, default_value: int | None = None
) -> IdentityColumn:
    """Return the column of numbers of categories."""
    return IdentityColumn(key, num_buckets, default_value)


def categorical_column_with_hash_bucket(
    key: str, hash_bucket_size: int, dtype: Any = "string"
) -> HashedColumn:
    """Return the column of fingerprints; the values say the dtype."""
    return HashedColumn(key, hash_bucket_size)


def crossed_column(
    keys: Sequence[Any], hash_bucket_size: int, hash_key: int | None = None
) -> CrossedColumn:
    """Return the column of several ones together."""
    return CrossedColumn(keys, hash_bucket_size, hash_key)


def indicator_column(categorical_column: CategoricalColumn) -> IndicatorColumn:
    """Return the column of how often each category comes."""
    return IndicatorColumn(categorical_column)


def embedding_column(
    categorical_column: CategoricalColumn,
    dimension: int,
    combiner: str = "mean",
    initializer: Any = None,
) -> EmbeddingColumn:
    """Return the column of learned vectors of categories."""
    return EmbeddingColumn(categorical_column, dimension, combiner, initializer)
