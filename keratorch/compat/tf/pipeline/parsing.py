"""``tf.io.parse_example``: arrays from the bytes of ``tf.train.Example``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from keratorch.compat.tf.pipeline.examples import Example
from keratorch.compat.tf.pipeline.sparse import SparseTensor
from keratorch.utils.element import as_element, as_text
from keratorch.utils.pipeline.batching import stacked
from keratorch.utils.pipeline.spec import dtype_of
from keratorch.utils.pipeline.values import as_value

_LISTS = {"O": "bytes_list", "f": "float_list", "i": "int64_list"}


class FixedLenFeature:
    """An array of this shape and dtype in each example.

    Parameters
    ----------
    shape : of the array, () or [] for one value.
    dtype : 'string', float32 or int64.
    default_value : what examples have that lack it; None for an error.
    """

    def __init__(self, shape: Any, dtype: Any, default_value: Any = None):
        self.shape = tuple(int(n) for n in np.atleast_1d(np.asarray(shape, int)))
        self.dtype = dtype_of(dtype)
        self.default_value = default_value


class FixedLenSequenceFeature:
    """Any number of arrays of this shape and dtype, along a first axis.

    Parameters
    ----------
    shape : of one array, () or [] for one value.
    dtype : 'string', float32 or int64.
    allow_missing : bool, whether none of them may be there.
    default_value : fills up the shorter of several examples; by default 0 or ''.
    """

    def __init__(
        self,
        shape: Any,
        dtype: Any,
        allow_missing: bool = False,
        default_value: Any = None,
    ):
        self.shape = tuple(int(n) for n in np.atleast_1d(np.asarray(shape, int)))
        self.dtype = dtype_of(dtype)
        self.allow_missing = allow_missing
        self.default_value = default_value


class VarLenFeature:
    """Any number of values of a dtype, as a `SparseTensor`."""

    def __init__(self, dtype: Any):
        self.dtype = dtype_of(dtype)


def parse_single_example(
    serialized: Any,
    features: Mapping[str, Any],
    example_names: Any = None,
    name: str | None = None,
) -> dict[str, Any]:
    """Return the arrays of an example.

    Parameters
    ----------
    serialized : bytes of a ``tf.train.Example``.
    features : `FixedLenFeature` or `VarLenFeature` by name.
    example_names, name : labels, which change nothing.

    Raises
    ------
    ValueError : an example that lacks a feature, or has one of another type or length.
    """
    return {key: as_element(value) for key, value in _parsed(serialized, features)}


def parse_example(
    serialized: Any,
    features: Mapping[str, Any],
    example_names: Any = None,
    name: str | None = None,
) -> dict[str, Any]:
    """Return the arrays of several examples, along a first axis."""
    records = np.asarray(as_value(serialized), object).ravel()
    return together([dict(_parsed(record, features)) for record in records], features)


def together(rows: list[dict[str, Any]], features: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arrays of several examples, by name, along a first axis."""
    result: dict[str, Any] = {}
    for key, spec in features.items():
        values = [row[key] for row in rows]
        if isinstance(spec, VarLenFeature):
            result[key] = SparseTensor.of_rows([value.values for value in values])
        elif isinstance(spec, FixedLenSequenceFeature):
            result[key] = as_element(filled_up(values, spec))
        else:
            result[key] = as_element(stacked(values))
    return result


def filled_up(values: list[np.ndarray], spec: FixedLenSequenceFeature) -> np.ndarray:
    """Return arrays of several lengths as one, the shorter ones filled up."""
    fill = spec.default_value
    if fill is None:
        fill = "" if spec.dtype.kind == "O" else 0
    longest = max(map(len, values), default=0)
    result = np.full((len(values), longest, *spec.shape), as_value(fill), spec.dtype)
    for row, value in zip(result, values, strict=True):
        row[: len(value)] = value
    return result


def _parsed(serialized: Any, features: Mapping[str, Any]) -> list[tuple[str, Any]]:
    found = Example.FromString(bytes_of(serialized)).features.feature
    return [(key, value_of(key, spec, found)) for key, spec in features.items()]


def bytes_of(serialized: Any) -> bytes:
    """Return the bytes of a message, which may have come as text."""
    record = as_value(serialized)
    return record.encode() if isinstance(record, str) else record


def value_of(key: str, spec: Any, found: Mapping[str, Any]) -> Any:
    """Return the array of a feature.

    Raises
    ------
    ValueError : it is missing, or of another type or length.
    """
    if not isinstance(spec, _FEATURES):
        raise ValueError(
            f"{key}: tf.io.FixedLenFeature, FixedLenSequenceFeature and VarLenFeature "
            f"are read here; received {type(spec).__name__}."
        )
    kind = _LISTS.get(spec.dtype.kind, "")
    values: list[Any] = []
    if key in found and found[key].WhichOneof("kind") is not None:
        if found[key].WhichOneof("kind") != kind:
            raise ValueError(
                f"{key} holds a {found[key].WhichOneof('kind')}; received dtype "
                f"{spec.dtype}."
            )
        values = getattr(found[key], kind).value
    array = _array(values, spec.dtype)
    if isinstance(spec, VarLenFeature):
        places = np.arange(len(values))[:, None]
        return SparseTensor(places, array, [len(values)])
    if isinstance(spec, FixedLenSequenceFeature):
        return _steps(key, spec, array)
    return _shaped(key, spec, array)


def _steps(key: str, spec: FixedLenSequenceFeature, array: np.ndarray) -> np.ndarray:
    size = int(np.prod(spec.shape))
    if array.size % size or not (array.size or spec.allow_missing):
        raise ValueError(
            f"{key} must have arrays of {size} values, shape {spec.shape}; the example "
            f"has {array.size} values. Say allow_missing=True where it may have none."
        )
    return array.reshape(-1, *spec.shape)


def _shaped(key: str, spec: FixedLenFeature, array: np.ndarray) -> Any:
    if not array.size and spec.default_value is not None:
        default = np.asarray(as_value(spec.default_value))
        array = np.broadcast_to(default, spec.shape).astype(spec.dtype)
    if array.size != int(np.prod(spec.shape)):
        raise ValueError(
            f"{key} must have {int(np.prod(spec.shape))} values, shape {spec.shape}; "
            f"the example has {array.size}. Use tf.io.VarLenFeature, or a "
            "default_value."
        )
    shaped = array.reshape(spec.shape)
    return shaped if shaped.ndim or spec.dtype.kind != "O" else shaped[()]


def _array(values: list[Any], dtype: np.dtype) -> np.ndarray:
    array = np.empty(len(values), dtype)
    array[:] = [as_text(v) for v in values] if dtype.kind == "O" else values
    return array


_FEATURES = (FixedLenFeature, FixedLenSequenceFeature, VarLenFeature)
