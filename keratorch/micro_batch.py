"""Some samples of a batch, computed apart from the others, and their random numbers."""

from __future__ import annotations

import threading
from contextvars import ContextVar
from typing import Any

import numpy as np


class Streams:
    """Streams of random numbers, as they were when a batch first drew from each."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._first: dict[int, tuple[np.random.Generator, Any]] = {}

    def copy(self, stream: np.random.Generator) -> np.random.Generator:
        """Return a copy of a stream as it was."""
        with self._lock:
            if id(stream) not in self._first:
                self._first[id(stream)] = stream, stream.bit_generator.state
            _, state = self._first[id(stream)]
        source: Any = np.random.PCG64(0)
        source.state = state
        return np.random.Generator(source)


class MicroBatch:
    """Consecutive samples of a batch.

    What is drawn for them is what the whole batch would have been given: each stream of
    random numbers is copied as it was before the batch, and samples that come before
    are skipped.

    Parameters
    ----------
    start, stop : int, the first sample and the one after the last.
    total : int, samples of the whole batch.
    streams : those of the batch, which its parts share.
    """

    def __init__(self, start: int, stop: int, total: int, streams: Streams):
        self.start, self.stop, self.total = start, stop, total
        self._streams = streams
        self._copies: dict[int, np.random.Generator] = {}
        self._drawn: dict[int, tuple[Any, int]] = {}

    @property
    def samples(self) -> slice:
        """Where in the batch the samples are."""
        return slice(self.start, self.stop)

    @property
    def share(self) -> float:
        """The part of the batch that the samples are, at most 1."""
        return (self.stop - self.start) / self.total

    def own(self, stream: np.random.Generator, words: int) -> np.random.Generator:
        """Return the copy of a stream that these samples draw from.

        `words` are what the whole batch draws now, 64 bits each.
        """
        key = id(stream)
        if key not in self._copies:
            self._copies[key] = self._streams.copy(stream)
        _, before = self._drawn.get(key, (stream, 0))
        self._drawn[key] = stream, before + words
        return self._copies[key]

    def around(self, count: int) -> tuple[int, int]:
        """Return how many numbers belong to the samples before, and to those after.

        `count` belong to the samples here.
        """
        per_sample = count // (self.stop - self.start)
        return self.start * per_sample, (self.total - self.stop) * per_sample

    def advance(self) -> None:
        """Let the streams go on as if the whole batch had been drawn for."""
        for stream, words in self._drawn.values():
            stream.bit_generator.advance(words)


#: The samples that the thread computes on; None for a whole batch.
current: ContextVar[MicroBatch | None] = ContextVar("keratorch_samples", default=None)
