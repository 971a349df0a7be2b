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
    rows = [dict(_parsed(record, features)) for record in records]
    result: dict[str, Any] = {}
    for key, spec in features.items():
        values = [row[key] for row in rows]
        if isinstance(spec, VarLenFeature):
            result[key] = SparseTensor.of_rows([value.values for value in values])
        else:
            result[key] = as_element(stacked(values))
    return result


def _parsed(serialized: Any, features: Mapping[str, Any]) -> list[tuple[str, Any]]:
    record = as_value(serialized)
    data = record.encode() if isinstance(record, str) else record
    found = Example.FromString(data).features.feature
    return [(key, _value(key, spec, found)) for key, spec in features.items()]


def _value(key: str, spec: Any, found: Mapping[str, Any]) -> Any:
    if not isinstance(spec, (FixedLenFeature, VarLenFeature)):
        raise ValueError(
            f"{key}: tf.io.FixedLenFeature and tf.io.VarLenFeature are read here; "
            f"received {type(spec).__name__}."
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
    return _shaped(key, spec, array)


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
