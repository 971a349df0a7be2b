"""Batches of arrays, in order or newly shuffled in each epoch."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from keratorch import random
from keratorch.training.conversion import sample_count, sliced
from keratorch.training.user_warning import warn

Batch = tuple[Any, Any, Any]  # inputs, targets, sample weights (None where absent)


class CountedBatches:
    """An epoch's worth of batches from passes over data of known length.

    Parameters
    ----------
    count : int, batches of one pass; None where it never ends.
    steps : int, batches per epoch; by default all. The next epoch goes on where this
        one stopped, and begins anew after the last batch.
    """

    exhausted = False

    def __init__(self, count: int | None, steps: int | None):
        self.count = count
        self.steps = count if steps is None else steps
        self._goes_on = steps is not None
        self._pass: Iterator[Batch] | None = None

    def reset(self) -> None:
        """Begin the next epoch with the first batch."""
        self._pass = None

    def __iter__(self) -> Iterator[Batch]:
        if self._pass is None or not self._goes_on:
            self._pass, self._seen = self._one_pass(), 0
        for step in itertools.count() if self.steps is None else range(self.steps):
            if self._seen == self.count:
                warn_of_the_end(self.count, step, self.steps)
                break
            self._seen += 1
            batch = next(self._pass)
            if self._seen == self.count:
                self.reset()
            yield batch

    def _one_pass(self) -> Iterator[Batch]:
        raise NotImplementedError


class ArrayBatches(CountedBatches):
    """Batches of arrays, in order or newly shuffled in each epoch.

    Parameters
    ----------
    x, y, sample_weight : arrays of equal length, nested for several inputs or outputs;
        or None.
    batch_size : int; by default 32, or what `steps` batches need for all samples.
    shuffle : bool, or 'batch' to shuffle whole batches only.
    steps : int, batches per epoch.
    """

    def __init__(
        self,
        x: Any,
        y: Any = None,
        sample_weight: Any = None,
        batch_size: int | None = None,
        shuffle: bool | str = False,
        steps: int | None = None,
    ):
        self.arrays = (x, y, sample_weight)
        self.samples = sample_count(x)
        if batch_size is None:
            batch_size = math.ceil(self.samples / steps) if steps else 32
        self.batch_size = max(batch_size, 1)
        self.shuffle = shuffle
        super().__init__(math.ceil(self.samples / self.batch_size), steps)

    def _one_pass(self) -> Iterator[Batch]:
        order = self._order()
        for start in range(0, self.samples, self.batch_size):
            chosen: Any = slice(start, start + self.batch_size)
            if order is not None:
                chosen = order[chosen]
            x, y, weight = [sliced(a, chosen) for a in self.arrays]
            yield x, y, weight

    def _order(self) -> np.ndarray | None:
        """Return the samples of an epoch in the order in which they come."""
        if not self.shuffle:
            return None
        if self.shuffle != "batch":
            return random.generator().permutation(self.samples)
        samples = np.arange(self.samples)
        starts = random.generator().permutation(
            math.ceil(len(samples) / self.batch_size)
        )
        parts = [samples[i * self.batch_size :][: self.batch_size] for i in starts]
        return np.concatenate(parts)


def warn_of_the_end(seen: int, step: int, steps: int | None) -> None:
    """Warn that there were fewer batches than asked for."""
    of_steps = "" if steps is None else f", {step} of {steps} in this epoch"
    warn(
        f"The data ended after {seen} batches{of_steps}. Give at least "
        "steps_per_epoch * epochs batches, or let the generator loop for ever."
    )
