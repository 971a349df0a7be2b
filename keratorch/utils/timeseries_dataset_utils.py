"""Windows that slide along a time series."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.utils.dataset import Dataset
from keratorch.utils.directory_utils import check_format


def timeseries_dataset_from_array(
    data: Any,
    targets: Any,
    sequence_length: int,
    sequence_stride: int = 1,
    sampling_rate: int = 1,
    batch_size: int | None = 128,
    shuffle: bool = False,
    seed: int | None = None,
    start_index: int | None = None,
    end_index: int | None = None,
    format: str = "tf",
) -> Dataset:
    """Return the dataset of the windows of a time series, with a target each.

    Window i is ``data[s], data[s + r], ..., data[s + (sequence_length - 1) * r]`` with
    s = start_index + i * sequence_stride and r = sampling_rate; its target is
    ``targets[s]``.

    Parameters
    ----------
    data : (steps, ...).
    targets : (steps, ...), or None for windows alone.
    sequence_length : int, number of steps of a window.
    sequence_stride : int, steps from the start of a window to that of the next one.
    sampling_rate : int, steps from one element of a window to the next one.
    batch_size : int, or None for single windows.
    shuffle : bool, whether to mix the windows, anew in each walk.
    seed : int that fixes the orders. They differ from TensorFlow's.
    start_index, end_index : int, the steps in between are used; None for all.
    format : 'tf' or 'grain', Keras's kinds of datasets: a `Dataset` stands for both.

    Returns
    -------
    Dataset of (batch, sequence_length, ...), alone or with (batch, ...).

    Raises
    ------
    ValueError : an argument out of its range.

    Examples
    --------
    >>> series = np.arange(6)
    >>> dataset = timeseries_dataset_from_array(series, series[2:], 2, batch_size=3)
    >>> for x, y in dataset:
    ...     print(x.tolist(), y)
    [[0, 1], [1, 2], [2, 3]] [2 3 4]
    [[3, 4]] [5]
    """
    check_format(format)
    data = np.asarray(data)
    steps = len(data)
    _check_range(start_index, end_index, steps)
    for name, value in (
        ("sampling_rate", sampling_rate),
        ("sequence_stride", sequence_stride),
    ):
        if not 0 < value < steps:
            raise ValueError(
                f"{name} must be an int between 0 and {steps}, the number of steps; "
                f"received {value!r}."
            )
    if sequence_length < 1:
        raise ValueError(
            f"sequence_length must be an int > 0; got {sequence_length!r}."
        )
    first = start_index or 0
    last = steps if end_index is None else end_index
    count = last - first - (sequence_length - 1) * sampling_rate
    data = data[first:last]
    if targets is not None:
        count = min(count, len(targets))
        targets = np.asarray(targets)[first:last]
    offsets = sampling_rate * np.arange(sequence_length)
    starts = np.arange(0, count, sequence_stride)

    def windows(places: Any) -> Any:
        x = data[np.asarray(places)[..., None] + offsets]
        return x if targets is None else (x, targets[places])

    places = Dataset.from_tensor_slices(starts)
    if shuffle:
        places = places.shuffle(None, seed)
    if batch_size is None:
        return places.map(windows)
    batches = places.batch(batch_size)
    result = batches.map(windows)
    return batches._like(result)


def _check_range(start: int | None, end: int | None, steps: int) -> None:
    if start is not None and not 0 <= start < steps:
        raise ValueError(
            f"start_index must be an int between 0 and {steps - 1}; received {start!r}."
        )
    if end is not None and not max(start or 0, 0) < end < steps:
        raise ValueError(
            f"end_index must be an int between start_index={start or 0} and "
            f"{steps - 1}; received {end!r}."
        )
