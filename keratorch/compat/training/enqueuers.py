"""Keras 2's queues in front of `fit`: here they make each batch when it is asked for.

queue = OrderedEnqueuer(sequence)
queue.start(workers=4)
batches = queue.get()
x, y = next(batches)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np


class OrderedEnqueuer:
    """The batches of a `Sequence`, again and again.

    Parameters
    ----------
    sequence : object with ``len()`` that gives a batch by its number.
    use_multiprocessing : changes nothing: batches are made when they are asked for.
    shuffle : bool, whether each round has another order.
    """

    def __init__(
        self, sequence: Any, use_multiprocessing: bool = False, shuffle: bool = False
    ):
        self.sequence, self.shuffle = sequence, shuffle
        self._runs = False

    def start(self, workers: int = 1, max_queue_size: int = 10) -> None:
        """Let batches be had; the arguments change nothing."""
        self._runs = True

    def stop(self, timeout: float | None = None) -> None:
        """End what `get` returned."""
        self._runs = False

    def is_running(self) -> bool:
        """Return whether it was started, and not stopped."""
        return self._runs

    def get(self) -> Iterator[Any]:
        """Yield batches until `stop`."""
        while self._runs:
            yield from self._round()

    def _round(self) -> Iterator[Any]:
        order = np.arange(len(self.sequence))
        if self.shuffle:
            np.random.shuffle(order)  # noqa: NPY002 - of the script's np.random.seed
        for place in order:
            if self._runs:
                yield self.sequence[int(place)]
        if hasattr(self.sequence, "on_epoch_end"):
            self.sequence.on_epoch_end()


class GeneratorEnqueuer(OrderedEnqueuer):
    """What a generator yields.

    Parameters
    ----------
    generator : iterator of batches.

    The others are arguments of Keras that change nothing here.
    """

    def __init__(
        self,
        generator: Any,
        use_multiprocessing: bool = False,
        wait_time: float = 0.05,
        random_seed: int | None = None,
    ):
        super().__init__(generator, use_multiprocessing)

    def _round(self) -> Iterator[Any]:
        for batch in self.sequence:
            yield batch
            if not self._runs:
                return
        self._runs = False
