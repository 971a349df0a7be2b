"""TensorFlow's reductions of the rows that belong together."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import graph, ops
from keratorch.ops import convert_to_tensor


def segment_sum(data: Any, segment_ids: Any) -> Any:
    """Return the sum of the rows of each segment."""
    return ops.segment_sum(data, segment_ids)


def segment_mean(data: Any, segment_ids: Any) -> Any:
    """Return the mean of the rows of each segment, 0 of none."""
    return _divided(*_rows(data, segment_ids), None, 1)


def segment_max(data: Any, segment_ids: Any) -> Any:
    """Return the largest of the rows of each segment, 0 of none."""
    return _filled(ops.segment_max, *_rows(data, segment_ids), None, 0)


def segment_min(data: Any, segment_ids: Any) -> Any:
    """Return the smallest of the rows of each segment, 0 of none."""
    return _filled(ops.segment_min, *_rows(data, segment_ids), None, 0)


def segment_prod(data: Any, segment_ids: Any) -> Any:
    """Return the product of the rows of each segment, 1 of none."""
    return ops.segment_prod(data, segment_ids)


def unsorted_segment_sum(data: Any, segment_ids: Any, num_segments: Any) -> Any:
    """Return the sum of the rows of each segment, of so many segments.

    `segment_ids` may have several axes, the first ones of `data`: so in all of these.
    """
    return ops.segment_sum(*_rows(data, segment_ids), int(num_segments))


def unsorted_segment_mean(data: Any, segment_ids: Any, num_segments: Any) -> Any:
    """Return the mean of the rows of each segment, 0 of none."""
    return _divided(*_rows(data, segment_ids), num_segments, 1)


def unsorted_segment_sqrt_n(data: Any, segment_ids: Any, num_segments: Any) -> Any:
    """Return the sum of n rows of each segment by the square root of n, 0 of none."""
    return _divided(*_rows(data, segment_ids), num_segments, 0.5)


def unsorted_segment_max(data: Any, segment_ids: Any, num_segments: Any) -> Any:
    """Return the largest of the rows of each segment, of none the lowest number."""
    rows, ids = _rows(data, segment_ids)
    return _filled(ops.segment_max, rows, ids, num_segments, _limits(rows).min)


def unsorted_segment_min(data: Any, segment_ids: Any, num_segments: Any) -> Any:
    """Return the smallest of the rows of each segment, of none the highest number."""
    rows, ids = _rows(data, segment_ids)
    return _filled(ops.segment_min, rows, ids, num_segments, _limits(rows).max)


def unsorted_segment_prod(data: Any, segment_ids: Any, num_segments: Any) -> Any:
    """Return the product of the rows of each segment, 1 of none."""
    return ops.segment_prod(*_rows(data, segment_ids), int(num_segments))


def _rows(data: Any, segment_ids: Any) -> tuple[Any, np.ndarray]:
    """Return rows along one axis, and the segment of each."""
    rows, ids = convert_to_tensor(data), np.asarray(graph.plain(segment_ids))
    if ids.ndim != 1:
        rows = rows.reshape(-1, *rows.shape[ids.ndim :])
    return rows, ids.ravel()


def _limits(rows: Any) -> Any:
    dtype = np.dtype(rows.dtype)
    return np.iinfo(dtype) if dtype.kind in "iu" else np.finfo(dtype)


def _counts(rows: Any, ids: np.ndarray, num_segments: Any) -> np.ndarray:
    """Return how many rows each segment has, in the shape of a divisor."""
    count = int(ids.max(initial=-1)) + 1 if num_segments is None else int(num_segments)
    found = np.bincount(ids[(ids >= 0) & (ids < count)], minlength=count)
    return found.reshape(-1, *(1,) * (rows.ndim - 1))


def _divided(rows: Any, ids: np.ndarray, num_segments: Any, power: float) -> Any:
    """Return sums, divided by a power of how many rows they are of."""
    counts = _counts(rows, ids, num_segments)
    divisor = np.maximum(counts, 1) ** power
    return ops.segment_sum(rows, ids, len(counts)) / divisor.astype(rows.dtype)


def _filled(reduce: Any, rows: Any, ids: np.ndarray, num: Any, empty: Any) -> Any:
    """Return a reduction, with a number of TensorFlow's where there are no rows."""
    counts = _counts(rows, ids, num)
    reduced = reduce(rows, ids, len(counts))
    return np.where(counts > 0, reduced, np.asarray(empty, rows.dtype))
