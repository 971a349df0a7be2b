"""Steps that choose elements, repeat, keep or mix them, and change none."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np

from keratorch import random
from keratorch.utils.pipeline.walk import (
    INFINITE_CARDINALITY,
    UNKNOWN_CARDINALITY,
    Elements,
    check_dataset,
    whole_number,
)


class Order(Elements):
    """Which elements come, and when."""

    def shuffle(
        self,
        buffer_size: int | None = None,
        seed: int | None = None,
        reshuffle_each_iteration: bool | None = True,
        name: str | None = None,
    ) -> Any:
        """Return the dataset in random order.

        Each element is drawn from the next `buffer_size` ones: a buffer as large as the
        dataset mixes it wholly.

        Parameters
        ----------
        buffer_size : int > 0; None or -2 for all elements.
        seed : int that fixes the orders; None for KeraTorch's stream of randomness.
        reshuffle_each_iteration : bool, whether each walk has an order of its own.
        name : str, a label, which changes nothing.
        """
        size = buffer_size
        if size is not None and not _is(size, UNKNOWN_CARDINALITY):
            size = whole_number("buffer_size", size, 1)
        else:
            size = None
        fixed = reshuffle_each_iteration is not None and not reshuffle_each_iteration
        if seed is None and fixed:
            seed = int(random.generator().integers(2**31))
        walks = itertools.count()

        def shuffled() -> Iterator[Any]:
            if seed is None:
                generator = random.generator()
            else:
                walk = 0 if fixed else next(walks)
                generator = np.random.default_rng([int(seed), walk])
            return _draw(self._make_iterator(), size, generator)

        return self._chosen(shuffled, self._cardinality)

    def prefetch(self, buffer_size: int | None = None, name: str | None = None) -> Any:
        """Return the dataset as it is: `buffer_size` changes nothing here."""
        return self._chosen(self._make_iterator, self._cardinality)

    def cache(self) -> Any:
        """Return the dataset that keeps its elements in memory after a whole walk."""
        kept: list[list[Any]] = []

        def cached() -> Iterator[Any]:
            if kept:
                yield from kept[0]
                return
            elements = []
            for element in self._make_iterator():
                elements.append(element)
                yield element
            kept[:] = [elements]

        return self._chosen(cached, self._cardinality)

    def take(self, count: int, name: str | None = None) -> Any:
        """Return the dataset of the first `count` elements; -1 takes all."""
        number = whole_number("count", count, -1)
        if number < 0:
            return self._chosen(self._make_iterator, self._cardinality)
        total = self._cardinality
        left = number if total == INFINITE_CARDINALITY else min(total, number)
        return self._chosen(
            lambda: itertools.islice(self._make_iterator(), number), left
        )

    def skip(self, count: int, name: str | None = None) -> Any:
        """Return the dataset without the first `count` elements; -1 skips all."""
        number = whole_number("count", count, -1)
        if number < 0:
            return self._chosen(lambda: iter(()), 0)
        total = self._cardinality
        left = max(total - number, 0) if total >= 0 else total
        return self._chosen(
            lambda: itertools.islice(self._make_iterator(), number, None), left
        )

    def shard(self, num_shards: int, index: int, name: str | None = None) -> Any:
        """Return the dataset of each `num_shards`-th element, from number `index` on.

        Raises
        ------
        ValueError : `num_shards` is not an int > 0, or `index` not one of the shards.
        """
        step = whole_number("num_shards", num_shards, 1)
        first = whole_number("index", index, 0)
        if first >= step:
            raise ValueError(
                f"index must be below num_shards={step}; received {first}."
            )
        total = self._cardinality
        left = -(-max(total - first, 0) // step) if total >= 0 else total
        return self._chosen(
            lambda: itertools.islice(self._make_iterator(), first, None, step), left
        )

    def repeat(self, count: int | None = None, name: str | None = None) -> Any:
        """Return the dataset `count` times over; None or -1 repeats without an end."""
        times = None if count is None else whole_number("count", count, -1)
        times = None if times == -1 else times
        total = self._cardinality
        if times is None:
            total = 0 if total == 0 else INFINITE_CARDINALITY
        elif total >= 0 or times == 0:
            total = max(total, 0) * times

        def repeated() -> Iterator[Any]:
            for _ in itertools.count() if times is None else range(times):
                empty = True
                for element in self._make_iterator():
                    empty = False
                    yield element
                if empty:
                    return

        return self._chosen(repeated, total)

    def concatenate(self, dataset: Any, name: str | None = None) -> Any:
        """Return the dataset of these elements and then those of another."""
        check_dataset("the argument of concatenate", dataset)
        counts = self._cardinality, dataset._cardinality
        total = sum(counts) if min(counts) >= 0 else UNKNOWN_CARDINALITY
        if INFINITE_CARDINALITY in counts:
            total = INFINITE_CARDINALITY
        result = self._new(
            lambda: itertools.chain(self._values(), dataset._values()), total
        )
        result._batch_size = self._batch_size
        return result

    def with_options(self, options: Any, name: str | None = None) -> Any:
        """Return the dataset as it is: options on how to compute change nothing."""
        return self._chosen(self._make_iterator, self._cardinality)


def _draw(
    walk: Iterator[Any], buffer_size: int | None, generator: np.random.Generator
) -> Iterator[Any]:
    buffer = list(itertools.islice(walk, buffer_size))
    while buffer:
        place = int(generator.integers(len(buffer)))
        yield buffer[place]
        try:
            buffer[place] = next(walk)
        except StopIteration:
            break
        # once nothing comes, what is left is mixed at once
    if buffer:
        del buffer[place]
    for rest in generator.permutation(len(buffer)):
        yield buffer[rest]


def _is(value: Any, number: int) -> bool:
    return np.ndim(value) == 0 and not isinstance(value, str) and value == number
