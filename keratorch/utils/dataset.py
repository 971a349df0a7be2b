"""A chain of steps over data that can be walked through again and again."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from operator import itemgetter
from typing import Any

import numpy as np

from keratorch import random
from keratorch.nested import flatten, map_structure
from keratorch.utils.element import Count, as_elements, as_plain

INFINITE_CARDINALITY = -1
UNKNOWN_CARDINALITY = -2


class Dataset:
    """Elements that are made one by one, each time that somebody walks through them.

    An element is an array, or a tuple, list or dict of arrays. Each method returns a
    new dataset and computes nothing: that happens during the walk. `fit`, `evaluate`
    and `predict` take a dataset of batches, `(x, y)` or `(x, y, sample_weight)`. The
    arrays of an element have a method ``numpy()``, as the tensors of Keras have.

    Parameters
    ----------
    make_iterator : function without arguments that begins a new walk.
    cardinality : int, number of elements; -1 for infinitely many, -2 for unknown.

    Examples
    --------
    >>> numbers = Dataset.from_tensor_slices(np.arange(5))
    >>> pairs = numbers.map(lambda x: x * x).batch(2)
    >>> len(pairs), [batch.tolist() for batch in pairs]
    (3, [[0, 1], [4, 9], [16]])
    """

    def __init__(
        self,
        make_iterator: Callable[[], Iterator[Any]],
        cardinality: int = UNKNOWN_CARDINALITY,
    ):
        self._make_iterator = make_iterator
        self._cardinality = cardinality
        self._batch_size: int | None = None
        # What the files of `..._from_directory` are.
        self.class_names: list[str] | None = None
        self.file_paths: list[str] | None = None

    @staticmethod
    def from_tensor_slices(tensors: Any) -> Dataset:
        """Return the dataset of the slices of arrays along their first axis.

        Parameters
        ----------
        tensors : array, or tuple, list or dict of arrays of one length. A list of
            numbers or strings is an array.

        Raises
        ------
        ValueError : no array, or arrays of different lengths.
        """
        arrays = tensors
        if not isinstance(tensors, (tuple, dict)):
            arrays = np.asarray(tensors)
        arrays = map_structure(np.asarray, arrays)
        lengths = {len(array) for array in flatten(arrays) if array.ndim}
        if len(lengths) != 1 or not all(array.ndim for array in flatten(arrays)):
            raise ValueError(
                "from_tensor_slices needs arrays of one length; received shapes "
                f"{[array.shape for array in flatten(arrays)][:8]}."
            )
        (length,) = lengths

        def slices() -> Iterator[Any]:
            for place in range(length):
                yield map_structure(itemgetter(place), arrays)

        return Dataset(slices, length)

    @staticmethod
    def from_generator(make: Callable[[], Iterable[Any]]) -> Dataset:
        """Return the dataset of what ``make()`` yields, called for each walk."""
        return Dataset(lambda: iter(make()))

    @staticmethod
    def range(*limits: int) -> Dataset:
        """Return the dataset of the integers of ``range(*limits)``."""
        return Dataset.from_tensor_slices(np.arange(*limits))

    @staticmethod
    def zip(*datasets: Any) -> Dataset:
        """Return the dataset of tuples with an element of each; the shortest ends it.

        The datasets stand as arguments or in one tuple.
        """
        if len(datasets) == 1 and isinstance(datasets[0], tuple):
            (datasets,) = datasets
        known = [d._cardinality for d in datasets if d._cardinality >= 0]
        unknown = any(d._cardinality == UNKNOWN_CARDINALITY for d in datasets)
        count = min(known) if known else INFINITE_CARDINALITY
        return Dataset(
            lambda: zip(*datasets, strict=False),
            UNKNOWN_CARDINALITY if unknown else count,
        )

    def __iter__(self) -> Iterator[Any]:
        return map(as_elements, self._make_iterator())

    def __len__(self) -> int:
        if self._cardinality < 0:
            infinite = self._cardinality == INFINITE_CARDINALITY
            raise TypeError(
                f"the dataset's length is {'infinite' if infinite else 'unknown'}. Say "
                "steps_per_epoch, or use take(count)."
            )
        return self._cardinality

    def __bool__(self) -> bool:
        return True  # not `len`, which may be unknown

    def cardinality(self) -> int:
        """Return the number of elements; -1 for infinitely many, -2 for unknown."""
        return Count(self._cardinality)

    def as_numpy_iterator(self) -> Iterator[Any]:
        """Return an iterator over the elements, which are plain arrays of NumPy."""
        return (map_structure(as_plain, element) for element in self)

    def map(
        self,
        map_func: Callable[..., Any],
        num_parallel_calls: int | None = None,
        deterministic: bool | None = None,
    ) -> Dataset:
        """Return the dataset of ``map_func(element)``, or ``map_func(*tuple)``.

        `num_parallel_calls` and `deterministic` change nothing here: the elements are
        made one after the other, in order.
        """

        def mapped() -> Iterator[Any]:
            for element in self:
                yield _call(map_func, element)

        return Dataset(mapped, self._cardinality)

    def filter(self, predicate: Callable[..., Any]) -> Dataset:
        """Return the dataset of the elements of which `predicate` is true."""
        return Dataset(lambda: (e for e in self if _call(predicate, e)))

    def batch(
        self,
        batch_size: int,
        drop_remainder: bool = False,
        num_parallel_calls: int | None = None,
        deterministic: bool | None = None,
    ) -> Dataset:
        """Return the dataset of `batch_size` elements stacked along a new first axis.

        The last batch may be smaller, unless `drop_remainder`. `num_parallel_calls` and
        `deterministic` change nothing here.

        Raises
        ------
        ValueError : `batch_size` is not an int > 0; during the walk, elements of
            different shapes.
        """
        _check_count("batch_size", batch_size, least=1)

        def batches() -> Iterator[Any]:
            walk = self._make_iterator()
            while elements := list(itertools.islice(walk, batch_size)):
                if len(elements) == batch_size or not drop_remainder:
                    yield map_structure(_stack, *elements)

        count = self._cardinality
        if count > 0:
            count = count // batch_size if drop_remainder else -(-count // batch_size)
        result = Dataset(batches, count)
        result._batch_size = int(batch_size)
        return result

    def unbatch(self) -> Dataset:
        """Return the dataset of the slices of each element along its first axis."""

        def slices() -> Iterator[Any]:
            for batch in self._make_iterator():
                yield from Dataset.from_tensor_slices(batch)

        return Dataset(slices)

    def shuffle(
        self,
        buffer_size: int | None = None,
        seed: int | None = None,
        reshuffle_each_iteration: bool = True,
    ) -> Dataset:
        """Return the dataset in random order.

        Each element is drawn from the next `buffer_size` ones: a buffer as large as the
        dataset mixes it wholly.

        Parameters
        ----------
        buffer_size : int > 0; None for all elements.
        seed : int that fixes the orders; None for KeraTorch's stream of randomness.
        reshuffle_each_iteration : bool, whether each walk has an order of its own.
        """
        if buffer_size is not None:
            _check_count("buffer_size", buffer_size, least=1)
        if seed is None and not reshuffle_each_iteration:
            seed = int(random.generator().integers(2**31))
        walks = itertools.count()

        def shuffled() -> Iterator[Any]:
            if seed is None:
                generator = random.generator()
            else:
                walk = next(walks) if reshuffle_each_iteration else 0
                generator = np.random.default_rng([seed, walk])
            return _draw(self._make_iterator(), buffer_size, generator)

        return self._like(Dataset(shuffled, self._cardinality))

    def prefetch(self, buffer_size: int | None = None) -> Dataset:
        """Return the dataset as it is: `buffer_size` changes nothing here."""
        return self._like(Dataset(self._make_iterator, self._cardinality))

    def cache(self, filename: str = "") -> Dataset:
        """Return the dataset that keeps its elements after a whole walk.

        Raises
        ------
        ValueError : a `filename`; there is no cache in files.
        """
        if filename:
            raise ValueError(
                f"cache keeps elements in memory; received filename={filename!r}. "
                "Leave it out, or save the arrays with np.save."
            )
        kept: list[list[Any]] = []

        def cached() -> Iterator[Any]:
            if kept:
                yield from kept[0]
                return
            elements = []
            for element in self:
                elements.append(element)
                yield element
            kept[:] = [elements]

        return self._like(Dataset(cached, self._cardinality))

    def take(self, count: int) -> Dataset:
        """Return the dataset of the first `count` elements; -1 takes all."""
        if count < 0:
            return self._like(Dataset(self._make_iterator, self._cardinality))
        total = self._cardinality
        left = count if total == INFINITE_CARDINALITY else min(total, count)
        return self._like(Dataset(lambda: itertools.islice(self, count), left))

    def skip(self, count: int) -> Dataset:
        """Return the dataset without the first `count` elements; -1 skips all."""
        if count < 0:
            return self._like(Dataset(lambda: iter(()), 0))
        total = self._cardinality
        left = max(total - count, 0) if total >= 0 else total
        return self._like(Dataset(lambda: itertools.islice(self, count, None), left))

    def shard(self, num_shards: int, index: int) -> Dataset:
        """Return the dataset of each `num_shards`-th element, from number `index` on.

        Raises
        ------
        ValueError : `num_shards` is not an int > 0, or `index` not one of the shards.
        """
        _check_count("num_shards", num_shards, least=1)
        _check_count("index", index, least=0)
        if index >= num_shards:
            raise ValueError(
                f"index must be below num_shards={num_shards}; received {index}."
            )
        total = self._cardinality
        left = -(-max(total - index, 0) // num_shards) if total >= 0 else total
        return self._like(
            Dataset(lambda: itertools.islice(self, index, None, num_shards), left)
        )

    def repeat(self, count: int | None = None) -> Dataset:
        """Return the dataset `count` times over; None or -1 repeats without an end."""
        times = None if count is None or count < 0 else count
        total = self._cardinality
        if times is None:
            total = INFINITE_CARDINALITY
        elif total >= 0:
            total *= times

        def repeated() -> Iterator[Any]:
            for _ in itertools.count() if times is None else range(times):
                empty = True
                for element in self:
                    empty = False
                    yield element
                if empty:
                    return

        return self._like(Dataset(repeated, total))

    def enumerate(self, start: int = 0) -> Dataset:
        """Return the dataset of pairs of a number and an element."""
        return Dataset(lambda: enumerate(self, start), self._cardinality)

    def concatenate(self, dataset: Dataset) -> Dataset:
        """Return the dataset of these elements and then those of another."""
        counts = self._cardinality, dataset._cardinality
        total = sum(counts) if min(counts) >= 0 else min(counts)
        return self._like(Dataset(lambda: itertools.chain(self, dataset), total))

    def _like(self, other: Dataset) -> Dataset:
        other._batch_size = self._batch_size
        return other


def _call(function: Callable[..., Any], element: Any) -> Any:
    return function(*element) if isinstance(element, tuple) else function(element)


def _stack(*values: Any) -> np.ndarray:
    if isinstance(values[0], str):
        texts = np.empty(len(values), object)
        texts[:] = values
        return texts
    shapes = {np.shape(value) for value in values}
    if len(shapes) > 1:
        raise ValueError(
            "a batch needs elements of one shape; received shapes "
            f"{sorted(shapes)[:8]}. Pad or resize them first with map."
        )
    return np.stack([np.asarray(value) for value in values])


def _draw(
    walk: Iterator[Any], buffer_size: int | None, generator: np.random.Generator
) -> Iterator[Any]:
    buffer = list(itertools.islice(walk, buffer_size))
    for element in walk:
        place = int(generator.integers(len(buffer)))
        yield buffer[place]
        buffer[place] = element
    for place in generator.permutation(len(buffer)):
        yield buffer[place]


def _check_count(name: str, count: Any, least: int) -> None:
    integer = isinstance(count, (int, np.integer)) and not isinstance(count, bool)
    if not integer or count < least:
        raise ValueError(f"{name} must be an int >= {least}; received {count!r}.")
