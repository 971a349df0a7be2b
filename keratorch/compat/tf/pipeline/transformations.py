"""``dataset.apply(tf.data.experimental.…)``: steps that are methods today."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from keratorch.utils.dataset import Dataset
from keratorch.utils.element import Count


class AutoShardPolicy:
    """How datasets would be spread over several machines: there is one."""

    OFF, AUTO, FILE, DATA, HINT = -1, 0, 1, 2, 3


def make_one_shot_iterator(dataset: Dataset) -> Iterator[Any]:
    """Return the iterator of a dataset, whose `get_next` gives the next element.

    Examples
    --------
    >>> numbers = make_one_shot_iterator(Dataset.range(3))
    >>> int(numbers.get_next()), int(numbers.get_next())
    (0, 1)
    """
    return iter(dataset)


Transformation = Callable[[Any], Any]


def _applied(method: str) -> Callable[..., Transformation]:
    """Return the function that takes a method's arguments, and then the dataset."""

    def transformation(*args: Any, **kwargs: Any) -> Transformation:
        return lambda dataset: getattr(dataset, method)(*args, **kwargs)

    transformation.__name__ = transformation.__qualname__ = method
    transformation.__doc__ = f"Return what applies `Dataset.{method}` to a dataset."
    return transformation


bucket_by_sequence_length = _applied("bucket_by_sequence_length")
enumerate_dataset = _applied("enumerate")
group_by_window = _applied("group_by_window")
rejection_resample = _applied("rejection_resample")
scan = _applied("scan")
take_while = _applied("take_while")
unbatch = _applied("unbatch")
unique = _applied("unique")


def shuffle_and_repeat(
    buffer_size: int, count: int | None = None, seed: int | None = None
) -> Transformation:
    """Return what mixes a dataset and repeats it."""
    return lambda dataset: dataset.shuffle(buffer_size, seed).repeat(count)


def map_and_batch(
    map_func: Callable[..., Any],
    batch_size: int,
    num_parallel_batches: int | None = None,
    drop_remainder: bool = False,
    num_parallel_calls: int | None = None,
) -> Transformation:
    """Return what maps a dataset and batches it; the parallel calls change nothing."""
    return lambda dataset: dataset.map(map_func).batch(batch_size, drop_remainder)


def parallel_interleave(
    map_func: Callable[..., Any],
    cycle_length: int,
    block_length: int = 1,
    sloppy: bool = False,
    buffer_output_elements: int | None = None,
    prefetch_input_elements: int | None = None,
) -> Transformation:
    """Return what interleaves datasets, in order; the others change nothing."""
    return lambda dataset: dataset.interleave(map_func, cycle_length, block_length)


def prefetch_to_device(device: Any, buffer_size: int | None = None) -> Transformation:
    """Return what leaves a dataset as it is: there is one device."""
    return lambda dataset: dataset


def copy_to_device(target_device: Any, source_device: Any = None) -> Transformation:
    """Return what leaves a dataset as it is: there is one device."""
    return lambda dataset: dataset


def assert_cardinality(expected_cardinality: int) -> Transformation:
    """Return what tells a dataset its length, where nobody can know it."""

    def told(dataset: Dataset) -> Dataset:
        result = dataset._chosen(dataset._make_iterator, int(expected_cardinality))
        return result

    return told


def cardinality(dataset: Dataset) -> Count:
    """Return the number of elements; -1 for infinitely many, -2 for unknown."""
    return Count(dataset._cardinality)


def get_single_element(dataset: Dataset) -> Any:
    """Return the element of a dataset of one."""
    return dataset.get_single_element()
