"""Reductions of the rows that belong together."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import graph
from keratorch.core import GradArray
from keratorch.grads.embedding import SegmentSumGrad
from keratorch.ops.conversion import convert_to_tensor


def segment_sum(
    data: Any, segment_ids: Any, num_segments: int | None = None, sorted: bool = False
) -> Any:
    """The sum of the rows of each segment: 0 of none.

    Parameters
    ----------
    data : (rows, ...) array_like.
    segment_ids : (rows,) integers, the segment of each row. A row of no segment, with
        an id below 0 or from `num_segments` on, counts for nothing.
    num_segments : int, by default the largest id + 1.
    sorted : bool, ignored: ids in order are no faster here.

    Raises
    ------
    ValueError : not one integer for each row.

    >>> segment_sum([1.0, 2.0, 4.0], [0, 0, 2]).numpy()
    array([3., 0., 4.], dtype=float32)
    """
    return SegmentSumGrad.apply(*_rows("segment_sum", data, segment_ids, num_segments))


def segment_max(
    data: Any, segment_ids: Any, num_segments: int | None = None, sorted: bool = False
) -> Any:
    """The largest of the rows of each segment, number by number: -inf of none.

    Parameters, errors: see `segment_sum`. Equal ones share the gradient equally.

    >>> segment_max([1.0, 2.0, 4.0], [0, 0, 1]).numpy()
    array([2., 4.], dtype=float32)
    """
    return _combined("segment_max", "max", data, segment_ids, num_segments)


def segment_min(
    data: Any, segment_ids: Any, num_segments: int | None = None, sorted: bool = False
) -> Any:
    """The smallest of the rows of each segment, number by number: inf of none.

    Parameters, errors: see `segment_sum`. Equal ones share the gradient equally.

    >>> segment_min([1.0, 2.0, 4.0], [0, 0, 1]).numpy()
    array([1., 4.], dtype=float32)
    """
    return _combined("segment_min", "min", data, segment_ids, num_segments)


def segment_prod(
    data: Any, segment_ids: Any, num_segments: int | None = None, sorted: bool = False
) -> Any:
    """The product of the rows of each segment, number by number: 1 of none.

    Parameters, errors: see `segment_sum`.

    >>> segment_prod([1.0, 2.0, 4.0], [0, 1, 1]).numpy()
    array([1., 8.], dtype=float32)
    """
    return _combined("segment_prod", "multiply", data, segment_ids, num_segments)


def _combined(
    name: str, method: str, data: Any, segment_ids: Any, num_segments: int | None
) -> Any:
    rows, ids, count = _rows(name, data, segment_ids, num_segments)
    dtype = np.dtype(rows.dtype)
    start = np.full((count, *rows.shape[1:]), _start(method, dtype), dtype)
    return getattr(GradArray(start, requires_grad=False).at[ids], method)(rows)


def _start(method: str, dtype: np.dtype) -> Any:
    """Return the number that changes nothing."""
    if method == "multiply":
        return 1
    if dtype.kind in "iu":
        limits = np.iinfo(dtype)
        return limits.min if method == "max" else limits.max
    return -np.inf if method == "max" else np.inf


def _rows(
    name: str, data: Any, segment_ids: Any, num_segments: int | None
) -> tuple[GradArray, np.ndarray, int]:
    """Return the rows that belong to segments, their ids, and how many there are."""
    rows, ids = convert_to_tensor(data), np.asarray(graph.plain(segment_ids))
    if ids.size == 0:
        ids = ids.astype(int)
    if ids.ndim != 1 or ids.shape != rows.shape[:1] or ids.dtype.kind not in "iu":
        raise ValueError(
            f"{name} needs one integer in segment_ids for each row of data; received "
            f"segment_ids of shape {ids.shape} and dtype {ids.dtype} for data of shape "
            f"{rows.shape}."
        )
    count = num_segments
    if count is None:
        count = int(ids.max()) + 1 if ids.size else 0
    belong = (ids >= 0) & (ids < count)
    if not belong.all():
        rows, ids = rows[belong], ids[belong]
    return rows, ids, count
