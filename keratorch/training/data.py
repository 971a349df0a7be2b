"""Data at the door of `fit`: arrays or generators in, batches out."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np

from keratorch import random
from keratorch.core import GradArray
from keratorch.training import checks

Batch = tuple[Any, Any, Any]  # inputs, targets, sample weights (None where absent)


class ArrayBatches:
    """Batches of arrays, in order or newly shuffled in each epoch.

    Parameters
    ----------
    x, y, sample_weight : ndarrays of equal length, or None.
    batch_size : int.
    shuffle : bool, or 'batch' to shuffle whole batches only.
    steps : int, batches per epoch; by default all. The next epoch goes on where this
        one stopped, and begins anew after the last batch.
    """

    def __init__(
        self,
        x: np.ndarray,
        y: np.ndarray | None,
        sample_weight: np.ndarray | None,
        batch_size: int,
        shuffle: bool | str = False,
        steps: int | None = None,
    ):
        self.arrays = (x, y, sample_weight)
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.count = math.ceil(len(x) / batch_size)
        self.steps = self.count if steps is None else steps
        self._goes_on = steps is not None
        self.reset()

    def reset(self) -> None:
        """Begin the next epoch with the first batch."""
        self._pass: Iterator[Batch] | None = None

    def __iter__(self) -> Iterator[Batch]:
        if self._pass is None or not self._goes_on:
            self._pass, self._seen = self._one_pass(), 0
        for step in range(self.steps):
            if self._seen == self.count:
                _warn_of_the_end(self.count, step, self.steps)
                break
            self._seen += 1
            yield next(self._pass)
        if self._seen == self.count:
            self.reset()

    def _one_pass(self) -> Iterator[Batch]:
        order = self._order()
        for step in range(self.count):
            chosen: Any = slice(step * self.batch_size, (step + 1) * self.batch_size)
            if order is not None:
                chosen = order[chosen]
            x, y, weight = [a if a is None else a[chosen] for a in self.arrays]
            yield x, y, weight

    def _order(self) -> np.ndarray | None:
        """Return the samples of an epoch in the order in which they come."""
        count = len(self.arrays[0])
        if not self.shuffle:
            return None
        if self.shuffle != "batch":
            return random.generator().permutation(count)
        starts = random.generator().permutation(math.ceil(count / self.batch_size))
        samples = np.arange(count)
        parts = [samples[i * self.batch_size :][: self.batch_size] for i in starts]
        return np.concatenate(parts)


class GeneratorBatches:
    """Batches from an iterator, which is read on from epoch to epoch.

    Parameters
    ----------
    iterable : yields ``x``, ``(x, y)`` or ``(x, y, sample_weight)`` per batch.
    steps : int, batches per epoch; by default until the iterator ends.
    """

    def __init__(self, iterable: Any, steps: int | None = None):
        self.steps = steps
        self._iterable = iterable
        self._iterator = iter(iterable)
        self._seen = 0
        self.exhausted = False

    def reset(self) -> None:
        """Begin anew where the data can: a generator goes on."""
        if self._iterator is not self._iterable:
            self._iterator = iter(self._iterable)

    def __iter__(self) -> Iterator[Batch]:
        step = 0
        while self.steps is None or step < self.steps:
            try:
                batch = next(self._iterator)
            except StopIteration:
                self._end(step)
                return
            except Exception as error:
                if hasattr(error, "add_note"):  # from Python 3.11 on
                    error.add_note(f"raised by the data generator at batch {step}")
                raise
            step += 1
            self._seen += 1
            yield unpacked(batch)

    def _end(self, step: int) -> None:
        """Begin anew where the data can, or say that they came to an end."""
        if self._seen == 0:
            raise ValueError("x: the iterator gave no batch at all.")
        if self._iterator is not self._iterable:  # such as a data loader
            self.reset()
            if self.steps is not None:
                _warn_of_the_end(self._seen, step, self.steps)
            return
        self.exhausted = True
        if self.steps is not None or step == 0:
            _warn_of_the_end(self._seen, step, self.steps)


def _warn_of_the_end(seen: int, step: int, steps: int | None) -> None:
    of_steps = "" if steps is None else f", {step} of {steps} in this epoch"
    warnings.warn(
        f"The data ended after {seen} batches{of_steps}. Give at least "
        "steps_per_epoch * epochs batches, or let the generator loop for ever.",
        UserWarning,
        stacklevel=3,
    )


def packed(batch: Batch) -> Any:
    """Return a batch as Keras hands it to ``train_step``: x, (x, y) or all three."""
    x, y, weight = batch
    if weight is not None:
        return batch
    return x if y is None else (x, y)


def unpacked(batch: Any) -> Batch:
    """Return x, y and sample weights of a batch, None for those that it lacks."""
    if not isinstance(batch, (tuple, list)):
        return _as_array(batch), None, None
    if len(batch) > 3 or len(batch) == 0:
        raise ValueError(
            "A data generator must yield x, (x, y) or (x, y, sample_weight); received "
            f"a {type(batch).__name__} of {len(batch)}."
        )
    x, y, weight = (*map(_as_array, batch), None, None)[:3]
    return x, y, weight


def _as_array(values: Any) -> Any:
    if values is None:
        return None
    return values.numpy() if isinstance(values, GradArray) else np.asarray(values)


def is_array_like(x: Any) -> bool:
    """Return whether data are arrays (or lists, frames), not batches to come."""
    return isinstance(x, (list, tuple, GradArray)) or hasattr(x, "__array__")


def batches(
    x: Any,
    y: Any = None,
    sample_weight: Any = None,
    batch_size: int | None = None,
    steps: int | None = None,
    shuffle: bool | str = False,
    class_weight: dict[int, float] | None = None,
    role: str = "",
) -> ArrayBatches | GeneratorBatches:
    """Return the batches of what a user passed to `fit`, `evaluate` or `predict`.

    `role` comes before argument names in errors, as in "validation_data: x".
    """
    if is_array_like(x):
        x, y, sample_weight = checks.aligned(x, y, sample_weight, role)
        if class_weight is not None:
            sample_weight = checks.weights_of_classes(y, sample_weight, class_weight)
        size = 32 if batch_size is None else batch_size
        return ArrayBatches(x, y, sample_weight, size, shuffle, steps)
    if isinstance(x, dict):
        raise TypeError(
            f"{role}x must be one array of inputs; received a dict of {len(x)}. "
            "np.concatenate the arrays along the features."
        )
    if not hasattr(x, "__iter__") and not hasattr(x, "__next__"):
        raise TypeError(
            f"{role}x must be an array, a list or a generator of batches; received "
            f"{type(x).__name__}."
        )
    for name, value in (
        ("y", y),
        ("sample_weight", sample_weight),
        ("batch_size", batch_size),
        ("class_weight", class_weight),
    ):
        if value is not None:
            raise ValueError(
                f"{role}{name} cannot be given when x is a generator, which yields "
                "whole batches (x, y) or (x, y, sample_weight) itself."
            )
    return GeneratorBatches(x, steps)
