"""Functions of TensorFlow that look for an order in arrays, or go along one."""

from __future__ import annotations

from collections import namedtuple
from typing import Any

import numpy as np

from keratorch import graph, ops
from keratorch.compat.tf.eager.arrays import as_array
from keratorch.symbolic import is_symbolic

TopK = namedtuple("TopK", ["values", "indices"])
Unique = namedtuple("Unique", ["y", "idx"])
UniqueWithCounts = namedtuple("UniqueWithCounts", ["y", "idx", "count"])


def sort(values: Any, axis: int, direction: str) -> Any:
    """Return the values in order along an axis."""
    ordered = np.sort(as_array(values), axis)
    return ordered if direction == "ASCENDING" else np.flip(ordered, axis)


def argsort(values: Any, axis: int, direction: str, stable: bool) -> np.ndarray:
    """Return the places of the values in order; equal ones stay in theirs."""
    array = np.asarray(graph.plain(values))
    if direction == "ASCENDING":
        return np.argsort(array, axis, kind="stable").astype("int32")
    last = array.shape[axis] - 1
    found = np.argsort(np.flip(array, axis), axis, kind="stable")
    return (last - np.flip(found, axis)).astype("int32")


def argmax(input: Any, axis: Any, output_type: Any) -> np.ndarray:
    """Return the place of the largest value along an axis, by default the first."""
    axis = 0 if axis is None else int(axis)
    if is_symbolic(input):
        return ops.cast(ops.argmax(input, axis), output_type)
    return np.argmax(np.asarray(graph.plain(input)), axis).astype(output_type)


def argmin(input: Any, axis: Any, output_type: Any) -> np.ndarray:
    """Return the place of the smallest value along an axis, by default the first."""
    axis = 0 if axis is None else int(axis)
    if is_symbolic(input):
        return ops.cast(ops.argmin(input, axis), output_type)
    return np.argmin(np.asarray(graph.plain(input)), axis).astype(output_type)


def top_k(input: Any, k: int, sorted: bool, index_type: Any) -> TopK:
    """Return the k largest values along the last axis, and their places."""
    values, indices = ops.top_k(as_array(input), int(k), sorted=sorted)
    return TopK(values, np.asarray(graph.plain(indices)).astype(index_type))


def cumsum(x: Any, axis: int, exclusive: bool, reverse: bool) -> Any:
    """Return running sums; `exclusive` ones leave out the value itself."""
    if is_symbolic(x) and not exclusive and not reverse:
        return ops.cumsum(x, int(axis))
    return _running(np.cumsum, np.zeros, x, int(axis), exclusive, reverse)


def cumprod(x: Any, axis: int, exclusive: bool, reverse: bool) -> Any:
    """Return running products; `exclusive` ones leave out the value itself."""
    return _running(np.cumprod, np.ones, x, int(axis), exclusive, reverse)


def _running(
    function: Any, first: Any, x: Any, axis: int, exclusive: bool, reverse: bool
) -> Any:
    x = as_array(x)
    x = np.flip(x, axis) if reverse else x
    if exclusive:
        index = [slice(None)] * x.ndim
        index[axis] = slice(None, -1)
        lengths = [*x.shape]
        lengths[axis] = 1
        x = np.concatenate([first(lengths, x.dtype), x[tuple(index)]], axis)
    result = function(x, axis)
    if result.dtype != x.dtype:
        result = result.astype(x.dtype)
    return np.flip(result, axis) if reverse else result


def unique(x: Any, out_idx: Any) -> Unique:
    """Return the values once, in their order, and for each value its place there."""
    y, idx, _ = _first_seen(x)
    return Unique(y, idx.astype(out_idx))


def unique_with_counts(x: Any, out_idx: Any) -> UniqueWithCounts:
    """Return what `unique` does, and how often each value is there."""
    y, idx, counts = _first_seen(x)
    return UniqueWithCounts(y, idx.astype(out_idx), counts.astype(out_idx))


def _first_seen(x: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    found, first, inverse, counts = np.unique(
        graph.value(as_array(x)), True, True, True
    )
    order = np.argsort(first)
    place = np.empty_like(order)
    place[order] = np.arange(order.size)
    return found[order], place[inverse.ravel()], counts[order]


def sequence_mask(lengths: Any, maxlen: Any, dtype: Any) -> np.ndarray:
    """Return for each length as many True as it says, then False."""
    counts = np.asarray(graph.plain(lengths))
    most = int(counts.max()) if maxlen is None else int(maxlen)
    return (np.arange(most) < counts[..., None]).astype(dtype)


def reverse_sequence(
    input: Any, seq_lengths: Any, seq_axis: int, batch_axis: int
) -> Any:
    """Return samples whose first steps, as many as a length says, are turned round."""
    x = np.moveaxis(as_array(input), (batch_axis, seq_axis), (0, 1))
    steps = np.arange(x.shape[1])
    lengths = np.asarray(graph.plain(seq_lengths))[:, None]
    order = np.where(steps < lengths, lengths - 1 - steps, steps)
    turned = x[np.arange(x.shape[0])[:, None], order]
    return np.moveaxis(turned, (0, 1), (batch_axis, seq_axis))
