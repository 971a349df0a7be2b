"""Batches that come one after the other: from generators, loaders and datasets."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterator
from typing import Any

from keratorch import random
from keratorch.training.array_batches import Batch, CountedBatches, warn_of_the_end
from keratorch.training.conversion import as_arrays, sample_count
from keratorch.utils.py_dataset import (
    PyDataset,
    read_ahead,
    unpack_x_y_sample_weight,
)

_END = object()

Finish = Callable[[Any], Batch]  # from what a user yields to a batch of arrays


class StreamBatches:
    """Batches from an iterable, which is read on from epoch to epoch.

    Parameters
    ----------
    iterable : yields a batch at a time.
    steps : int, batches per epoch; by default until the iterable ends.
    finish : function from what it yields to x, y and sample weights.

    What can be gone through again, such as a data loader, begins anew after its end. A
    generator can not: after a `reset`, as before each validation, its first two batches
    come again, as in Keras, and then those not seen yet.
    """

    def __init__(self, iterable: Any, steps: int | None, finish: Finish):
        self._iterable = iterable
        self._finish = finish
        self._iterator = iter(iterable)
        self._is_generator = self._iterator is iterable
        self._first: list[Any] = []  # of a generator
        self._again: list[Any] = []
        self._goes_on = steps is not None
        self.steps = steps
        if steps is None and not self._is_generator:
            self.steps = _length_of(iterable)
        self._seen = 0
        self.exhausted = False

    def reset(self) -> None:
        """Begin anew where the data can."""
        if self._is_generator:
            self._again = list(self._first)
        else:
            self._iterator = iter(self._iterable)

    def __iter__(self) -> Iterator[Batch]:
        step = 0
        while not self._goes_on or step < self.steps:  # type: ignore[operator]
            try:
                batch = self._next()
            except StopIteration:
                self._end(step)
                return
            except Exception as error:
                add_note(error, f"raised by the data generator at batch {step}")
                raise
            with noted(f"in batch {step} of the data generator"):
                ready = self._finish(batch)
            step += 1
            self._seen += 1
            yield ready

    def _next(self) -> Any:
        if self._again:
            return self._again.pop(0)
        batch = next(self._iterator)
        if self._is_generator and len(self._first) < 2:
            self._first.append(batch)
        return batch

    def _end(self, step: int) -> None:
        """Begin anew where the data can, or say that they came to an end."""
        if self._seen == 0:
            raise ValueError("x: the iterator gave no batch at all.")
        if not self._is_generator:
            self.reset()
            if self._goes_on:
                warn_of_the_end(self._seen, step, self.steps)
            return
        self.exhausted = True
        if self._goes_on or step == 0:
            warn_of_the_end(self._seen, step, self.steps)


class DatasetBatches(CountedBatches):
    """Batches of a `PyDataset`, in another order in each epoch where wanted."""

    def __init__(
        self, dataset: PyDataset, steps: int | None, shuffle: Any, finish: Finish
    ):
        super().__init__(_count(dataset), steps)
        self._dataset = dataset
        self._finish = finish
        self._shuffle = bool(shuffle)

    def reset(self) -> None:
        """Begin the next epoch with the first batch."""
        if self._pass is not None:
            self._pass.close()  # type: ignore[attr-defined]
        super().reset()

    def __iter__(self) -> Iterator[Batch]:
        self._dataset.on_epoch_begin()
        if self._pass is None:  # its length may change from one pass to the next
            self.count = _count(self._dataset)
            self.steps = self.steps if self._goes_on else self.count
        try:
            yield from super().__iter__()
        finally:
            if not self._goes_on:
                self.reset()
            self._dataset.on_epoch_end()

    def _one_pass(self) -> Iterator[Batch]:
        order: Any = itertools.count() if self.count is None else range(self.count)
        if self._shuffle and self.count is not None:
            order = random.generator().permutation(self.count).tolist()
        name = type(self._dataset).__name__
        coming: Any = read_ahead(self._dataset, order)
        with contextlib.closing(coming):
            for step in itertools.count():
                with noted(f"raised by {name} at batch {step}"):
                    batch = next(coming, _END)
                    if batch is _END:
                        return
                    batch = self._finish(batch)
                yield batch


def _count(dataset: PyDataset) -> int | None:
    """Return how many batches a pass over a dataset has, None if it never ends."""
    count = dataset._batches_per_epoch()
    if count == 0:
        raise ValueError(f"x: {type(dataset).__name__} has 0 batches.")
    return count


@contextlib.contextmanager
def noted(note: str) -> Iterator[None]:
    """Within ``with``, errors get a note that says where they come from."""
    try:
        yield
    except Exception as error:
        add_note(error, note)
        raise


def add_note(error: Exception, note: str) -> None:
    """Add a note to an error, from Python 3.11 on."""
    if hasattr(error, "add_note"):
        error.add_note(note)


def finished(batch: Any, model_takes: tuple[int | None, int | None]) -> Batch:
    """Return x, y and sample weights of a batch as arrays."""
    x, y, sample_weight = unpack_x_y_sample_weight(batch)
    if x is None:
        raise ValueError(
            "a batch must be (x, y) or (x, y, sample_weight); received None. Does what "
            "makes it forget to yield or return it?"
        )
    x = as_arrays(x, "x", model_takes[0], texts=True)
    if y is None:
        return x, None, None
    samples = sample_count(x)
    y = as_arrays(y, "y", model_takes[1], samples)
    if sample_weight is not None:
        takes = None if isinstance(y, (list, tuple, dict)) else 1
        sample_weight = as_arrays(sample_weight, "sample_weight", takes, samples)
    return x, y, sample_weight


def _length_of(iterable: Any) -> int | None:
    """Return how many batches an iterable gives, None where it does not know."""
    try:
        return len(iterable)
    except TypeError:  # as PyTorch's DataLoader of an IterableDataset
        return None
