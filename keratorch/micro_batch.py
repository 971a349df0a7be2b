"""Some samples of a batch, computed apart from the others, and their random numbers."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

import numpy as np


class MicroBatch:
    """Consecutive samples of a batch.

    What is drawn for them is what the whole batch would have been given: each stream of
    random numbers is copied as it was before the batch, and samples that come before
    are skipped.

    Parameters
    ----------
    start, stop : int, the first sample and the one after the last.
    total : int, samples of the whole batch.
    """

    def __init__(self, start: int, stop: int, total: int):
        self.start, self.stop, self.total = start, stop, total
        self._streams: dict[int, tuple[np.random.Generator, np.random.Generator]] = {}

    @property
    def samples(self) -> slice:
        """Where in the batch the samples are."""
        return slice(self.start, self.stop)

    @property
    def share(self) -> float:
        """The part of the batch that the samples are, at most 1."""
        return (self.stop - self.start) / self.total

    def own(self, stream: np.random.Generator) -> np.random.Generator:
        """Return the copy of a stream that these samples draw from."""
        if id(stream) not in self._streams:
            source: Any = np.random.PCG64(0)
            source.state = stream.bit_generator.state
            self._streams[id(stream)] = stream, np.random.Generator(source)
        return self._streams[id(stream)][1]

    def around(self, count: int) -> tuple[int, int]:
        """Return how many numbers belong to the samples before, and to those after.

        `count` belong to the samples here.
        """
        per_sample = count // (self.stop - self.start)
        return self.start * per_sample, (self.total - self.stop) * per_sample

    def advance(self) -> None:
        """Let the streams go on as if the whole batch had been drawn for."""
        for stream, copy in self._streams.values():
            before: Any = stream.bit_generator.state
            after: Any = copy.bit_generator.state
            # half a word that was left over is kept for the next small integer
            for half in ("has_uint32", "uinteger"):
                after[half] = before[half]
            stream.bit_generator.state = after


#: The samples that the thread computes on; None for a whole batch.
current: ContextVar[MicroBatch | None] = ContextVar("keratorch_samples", default=None)
