"""Weights are updated in pieces that fit the cache, on threads where there are many."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from keratorch import threads

# Elements that are updated at once: so few that a cache keeps them over all the passes
# of a formula, so many that a pass takes longer than to wake the thread that waits for
# its turn at the interpreter.
PIECE = 262_144

# Elements times passes over them, about 10 000 of which take 1.5 us: below the first
# number, threads cost more time than they save; the second is one thread's portion.
WORTH_THREADS = 5_000_000
PORTION = 600_000

Job = Callable[[], Any]


def in_pieces(arrays: dict[str, np.ndarray]) -> list[dict[str, np.ndarray]]:
    """Return named arrays of one shape as they are, or flat pieces of large ones.

    The pieces are views; those of a 'gradient', which no one changes, may be copies.
    Where the elements of another array are not in order, all come as they are.

    Examples
    --------
    >>> [piece["x"].shape for piece in in_pieces({"x": np.ones((900, 700))})]
    [(210000,), (210000,), (210000,)]
    """
    first = next(iter(arrays.values()))
    changed = [array for name, array in arrays.items() if name != "gradient"]
    if first.size < 2 * PIECE or not all(x.flags.c_contiguous for x in changed):
        return [arrays]
    flat = {name: array.reshape(-1) for name, array in arrays.items()}
    length = -(-first.size // -(-first.size // PIECE))  # of pieces as long as possible
    return [
        {name: array[start : start + length] for name, array in flat.items()}
        for start in range(0, first.size, length)
    ]


def do(jobs: Sequence[tuple[int, Job]], passes: int, in_order: bool = False) -> None:
    """Do jobs that do not depend on each other, on the threads where it pays.

    Parameters
    ----------
    jobs : pairs of how many elements a job changes, and a function without arguments.
    passes : int, how often a job goes over its elements.
    in_order : bool, whether the jobs do depend on each other.
    """
    if in_order or passes * sum([size for size, _ in jobs]) < WORTH_THREADS:
        for _, job in jobs:
            job()
    else:
        threads.run(_do_quietly, _portions(jobs, PORTION // passes))


@np.errstate(over="ignore", divide="ignore", invalid="ignore")
def _do_quietly(jobs: Iterable[Job]) -> None:
    for job in jobs:  # in NumPy 1, each thread has an error state of its own
        job()


def _portions(jobs: Iterable[tuple[int, Job]], least: int) -> Iterator[list[Job]]:
    """Yield the jobs in groups, each of as many elements."""
    group: list[Job] = []
    total = 0
    for size, job in jobs:
        group.append(job)
        total += size
        if total >= least:
            yield group
            group, total = [], 0
    if group:
        yield group


class Scratch(threading.local):
    """Memory for results in between, used again and again; each thread has its own.

    Examples
    --------
    >>> scratch = Scratch()
    >>> scratch.like(np.ones((2, 3), "float32")).shape
    (2, 3)
    """

    def __init__(self) -> None:
        self._buffers: dict[tuple, np.ndarray] = {}
        self._views: dict[tuple, np.ndarray] = {}

    def like(self, array: np.ndarray, use: str = "") -> np.ndarray:
        """Return an array of the same shape and dtype, with any values.

        It is the same memory each time, unless `use` is another.
        """
        key = array.shape, array.dtype, use
        if key not in self._views:
            self._views[key] = self._view(array, use)
        return self._views[key]

    def _view(self, array: np.ndarray, use: str) -> np.ndarray:
        buffer = self._buffers.get((array.dtype, use))
        if buffer is None or buffer.size < array.size:
            buffer = np.empty(array.size, array.dtype)
            self._buffers[array.dtype, use] = buffer
            self._views.clear()  # they would keep the smaller buffer alive
        return buffer[: array.size].reshape(array.shape)

    def __reduce__(self) -> tuple:
        return Scratch, ()  # a copy has memory of its own
