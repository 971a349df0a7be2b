"""Replicas of this process, which compute parts of each step beside it.

Threads of one interpreter wait for each other between two operations of NumPy, for as
long as many an operation takes; processes do not. Replicas begin with all that this
process knows and take the same steps, each with other samples. After a step they tell
each other what they found, through memory that they share.
"""

from __future__ import annotations

import contextlib
import gc
import itertools
import marshal
import math
import mmap
import os
import select
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, NoReturn

import numpy as np

from keratorch import threads

VARIABLE = "KERATORCH_NUM_PROCESSES"
# Libraries with threads of their own, which a forked process would lack.
_THREADED = ("jax", "tensorflow", "torch")
_BUSY = 1e-3  # seconds of waiting busily; to be woken takes longer than most waits last
_PATIENCE = 60_000  # milliseconds after which a replica is given up
_SIGN = b"."
_ALIGNED = 64  # bytes
_START = 8  # bytes that say how long the description of the arrays is
_ROOM = 2**14  # bytes for what describes the arrays, and for aligning them

_count: int | None = None  # None: what the environment says


def num_processes() -> int:
    """Return how many processes share the steps of `fit` at most.

    Examples
    --------
    >>> num_processes() >= 1
    True
    """
    if _count is not None:
        return _count
    return threads.count_of(VARIABLE) or threads.num_threads()


def set_num_processes(count: int | None) -> None:
    """Set how many processes share the steps of `fit` at most; None for the default.

    The default is the environment's ``KERATORCH_NUM_PROCESSES``, or else the number of
    threads; 1 for none but this one. The results are the same bits for any number.
    Only on Linux there are more than one.

    Raises
    ------
    ValueError : no int > 0.
    """
    global _count
    _count = threads.checked_count(count)


def are_possible() -> bool:
    """Return whether this process may have replicas.

    It is forked, and a forked process has one thread: none of another library's may be
    at work.
    """
    return (
        sys.platform == "linux"
        and threading.current_thread() is threading.main_thread()
        and threads.are_own()
        and threads.may_hold_products()
        and not any(map(_is_loaded, _THREADED))
    )


def _is_loaded(name: str) -> bool:
    """Return whether a library is loaded, and not just a name for this one."""
    return getattr(sys.modules.get(name), "__file__", None) is not None


class ReplicaLostError(Exception):
    """Another process does not answer."""


class _Link(NamedTuple):
    """The pipes between a process and another one: where it reads, where it writes."""

    inward: int
    outward: int


class Replicas:
    """This process and its replicas.

    Parameters
    ----------
    count : int, how many processes there are.
    size : int, bytes of the arrays that each tells the others in a step.

    Attributes
    ----------
    rank : int, the number of the process that asks; 0 is the one that began.
    """

    def __init__(self, count: int, size: int):
        self.count, self.rank = count, 0
        length = size + _ROOM
        # Who writes of the next step must not disturb who still reads of this one.
        memory = memoryview(mmap.mmap(-1, 2 * count * length))
        regions = [memory[i * length :][:length] for i in range(2 * count)]
        self._regions = regions[:count], regions[count:]
        self._turn = 0
        self._links: dict[int, _Link] = {}  # by rank
        self._pipes: list[int] = []  # all that are open here
        self._children: list[int] = []
        self._processors = sorted(os.sched_getaffinity(0))

    def take_own_processors(self) -> None:
        """Compute on processors where the other processes do not.

        Who is woken by another process would else often share its processor for some
        time.
        """
        own = self._processors[self.rank :: self.count]
        os.sched_setaffinity(0, own or self._processors)

    def leave_own_processors(self) -> None:
        """Compute on all processors again."""
        os.sched_setaffinity(0, self._processors)

    def begin(self, work: Callable[[], object]) -> None:
        """Begin the other processes, which do some work and end with it.

        Where one raises or warns, it ends as well, and says nothing: this process, with
        the same work to do, will.

        Raises
        ------
        OSError : the system allows no more processes.
        """
        with _signals_held():
            links = _linked(self.count)
            try:
                for rank in range(1, self.count):
                    child = _fork()
                    if not child:
                        self._be(rank, links, work)
                    self._children.append(child)
            finally:
                self._keep(0, links)

    def _be(self, rank: int, links: _Links, work: Callable[[], object]) -> NoReturn:
        """Be a replica until its end. It holds all signals, which are for the first."""
        try:
            warnings.simplefilter("error")
            sys.unraisablehook = lambda _: None
            gc.freeze()  # the objects of the first one are not to be ended twice
            self._children.clear()
            self._keep(rank, links)
            self.take_own_processors()
            work()
        finally:
            os._exit(0)  # without what a process does at its end

    def _keep(self, rank: int, links: _Links) -> None:
        """Keep the links of a rank, so that the others hear when this process ends.

        Where they read what it writes stays open here as well: to write where nobody
        reads any more is a signal, SIGPIPE, that may end a process.
        """
        self.rank, self._links = rank, links[rank]
        self._pipes += itertools.chain(*self._links.values())
        for one, of_one in enumerate(links):
            if one == rank:
                continue
            for other, link in of_one.items():
                os.close(link.outward)
                if other == rank:
                    self._pipes.append(link.inward)
                else:
                    os.close(link.inward)
        for inward, _ in self._links.values():
            os.set_blocking(inward, False)

    def exchange(self, arrays: Sequence[np.ndarray]) -> list[list[np.ndarray]]:
        """Return the arrays of each process, by rank.

        Those of the others are to be read before the next exchange.

        Raises
        ------
        ReplicaLostError : a process has ended, or its arrays are too large.
        """
        regions = self._regions[self._turn]
        self._turn = 1 - self._turn
        try:
            _write(regions[self.rank], arrays)
            for _, outward in self._links.values():
                os.write(outward, _SIGN)
            for inward, _ in self._links.values():
                _await(inward, _PATIENCE if self.rank == 0 else None)
        except (OSError, ValueError) as error:
            raise ReplicaLostError from error
        return [
            list(arrays) if rank == self.rank else _read(regions[rank])
            for rank in range(self.count)
        ]

    def close(self) -> None:
        """End the other processes; to be called again where an interrupt ended it."""
        while self._children:
            with contextlib.suppress(ProcessLookupError, ChildProcessError):
                os.kill(self._children[-1], signal.SIGKILL)  # it has nothing to save
                os.waitpid(self._children[-1], 0)
            self._children.pop()
        while self._pipes:
            os.close(self._pipes.pop())
        self.leave_own_processors()


def _fork() -> int:
    with warnings.catch_warnings():
        # that other threads end in the child: `are_possible` has seen that ours may
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


@contextlib.contextmanager
def _signals_held() -> Iterator[None]:
    """Let signals wait until the end of the block.

    A process that begins within it holds them for ever. Else it would answer one that
    goes to all processes of a terminal, as Ctrl-C does, by the user's functions.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_Links = list[dict[int, _Link]]


def _linked(count: int) -> _Links:
    """Return the links of each of some processes to each of the others.

    Raises
    ------
    OSError : the system allows no more pipes; there is none then.
    """
    links: _Links = [{} for _ in range(count)]
    with contextlib.ExitStack() as undone:

        def pipe() -> tuple[int, int]:
            ends = os.pipe()
            for end in ends:
                undone.callback(os.close, end)
            return ends

        for one, other in itertools.combinations(range(count), 2):
            here, there = pipe(), pipe()
            links[one][other] = _Link(here[0], there[1])
            links[other][one] = _Link(there[0], here[1])
        undone.pop_all()
    return links


def _await(pipe: int, patience: int | None) -> None:
    """Wait for a sign of another process."""
    until = time.perf_counter() + _BUSY
    while time.perf_counter() < until:
        with contextlib.suppress(BlockingIOError):
            sign = os.read(pipe, 1)
            break
    else:
        waiting = select.poll()
        waiting.register(pipe, select.POLLIN)
        sign = os.read(pipe, 1) if waiting.poll(patience) else b""
    if not sign:
        raise ReplicaLostError


def _write(region: memoryview, arrays: Sequence[np.ndarray]) -> None:
    """Write arrays, behind what describes them.

    Raises
    ------
    ValueError : there is too little room.
    """
    kinds = [(x.shape, x.dtype.str) for x in arrays]
    description = marshal.dumps(kinds)
    region[:_START] = len(description).to_bytes(_START, "little")
    region[_START : _START + len(description)] = description
    for place, x in zip(_places(region, kinds, len(description)), arrays, strict=True):
        place[...] = x


def _read(region: memoryview) -> list[np.ndarray]:
    """Return the arrays that were written, in the same memory."""
    length = int.from_bytes(region[:_START], "little")
    return _places(region, marshal.loads(region[_START : _START + length]), length)


def _places(region: memoryview, kinds: list[Any], length: int) -> list[np.ndarray]:
    """Return arrays of these shapes and dtypes behind a description of some length."""
    found = []
    start = _START + length
    for shape, dtype in kinds:
        start += -start % _ALIGNED
        size = math.prod(shape) * np.dtype(dtype).itemsize
        if start + size > len(region):
            raise ValueError("The arrays are larger than the memory for them.")
        found.append(np.ndarray(shape, dtype, buffer=region, offset=start))
        start += size
    return found
