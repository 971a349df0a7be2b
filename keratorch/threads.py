"""Work on several threads, whose results do not depend on how many there are.

NumPy leaves the interpreter to other threads while it computes.  Who calls `run` cuts
the work by its shapes alone and adds partial sums up in order, so that one thread and
sixteen give the same bits.
"""

from __future__ import annotations

import contextvars
import functools
import itertools
import os
import queue
import sys
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import Any, TypeVar

Part = TypeVar("Part")
Result = TypeVar("Result")

VARIABLE = "KERATORCH_NUM_THREADS"
_TURN = 5e-4  # seconds
_BLAS_VARIABLES = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")

_count: int | None = None  # None: what the environment says
_tasks: queue.SimpleQueue = queue.SimpleQueue()
_workers: list[threading.Thread] = []
_busy = 0  # workers that compute
_lock = threading.RLock()  # as a signal may be answered, by a computation, within it


def num_threads() -> int:
    """Return how many threads compute.

    Examples
    --------
    >>> num_threads() >= 1
    True
    """
    if _count is not None:
        return _count
    return count_of(VARIABLE) or _processors()


def set_num_threads(count: int | None) -> None:
    """Set how many threads compute; None for the default.

    The default is the environment's ``KERATORCH_NUM_THREADS``, or else the number of
    processors that the process may use. The results are the same bits for any number.

    Raises
    ------
    ValueError : no int > 0.
    """
    global _count
    _count = checked_count(count)


def checked_count(count: int | None) -> int | None:
    """Return a number of threads or processes, None for the default.

    Raises
    ------
    ValueError : no int > 0.
    """
    if count is not None and (
        not isinstance(count, int) or isinstance(count, bool) or count < 1
    ):
        raise ValueError(
            f"count must be an int > 0, or None for the default; received {count!r}."
        )
    return count


@functools.cache
def count_of(variable: str) -> int | None:
    """Return the number that an environment variable holds, None where there is none.

    Raises
    ------
    ValueError : no int > 0.
    """
    given = os.environ.get(variable, "")
    if not given:
        return None
    if not given.isdigit() or not int(given):
        raise ValueError(
            f"The environment variable {variable} must be an int > 0; received "
            f"{given!r}. Set it to such a number, or unset it."
        )
    return int(given)


@functools.cache
def _processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run(function: Callable[[Part], Result], parts: Iterable[Part]) -> list[Result]:
    """Return ``[function(part) for part in parts]``, computed on the threads.

    The caller computes too. Context variables, modes among them, are the caller's.
    Inside a part, threads help that have nothing else to do.

    Raises
    ------
    What the first of the parts that failed raised, once all have ended.
    """
    waiting = list(parts)
    if len(waiting) > 1 and num_threads() > 1 and not _no_help.is_on:
        job = _Job(function, waiting)
        with _quick_turns:
            if _engage(job):
                return job.finish()
    return [function(part) for part in waiting]


def _engage(job: _Job) -> bool:
    """Let threads help that have nothing else to do; return whether there are any."""
    with _lock:
        helping = _busy + _tasks.qsize()
        count = min(job.size, num_threads() - helping) - 1
        while len(_workers) < helping + count:
            name = f"keratorch-{len(_workers) + 1}"
            worker = threading.Thread(target=_work, name=name, daemon=True)
            worker.start()
            _workers.append(worker)
        for _ in range(count):
            _tasks.put(functools.partial(contextvars.copy_context().run, job.help))
    return count > 0


def run_products(
    function: Callable[[Part], Result], parts: Iterable[Part]
) -> list[Result]:
    """Return what `run` does, for parts that compute matrix products.

    Each product gets one thread. Where BLAS has several that cannot be held back, it
    keeps them, and the parts come one by one: else all of them would be in each other's
    way.
    """
    waiting = list(parts)
    if may_hold_products():
        with one_blas_thread():
            return run(function, waiting)
    return [function(part) for part in waiting]


def may_hold_products() -> bool:
    """Return whether each matrix product can be kept to one thread."""
    return bool(_blas()) or any(os.environ.get(name) == "1" for name in _BLAS_VARIABLES)


def are_own() -> bool:
    """Return whether all threads of Python are the first one and those made here."""
    known = {threading.main_thread(), *_workers}
    return known.issuperset(threading.enumerate())


class _Job:
    """The parts of one `run`, of which each thread takes the next one."""

    def __init__(self, function: Callable, parts: list):
        self._function, self._parts = function, parts
        self.size = len(parts)
        self._results: list[Any] = [None] * self.size
        self._errors: dict[int, BaseException] = {}
        self._numbers = itertools.count()  # whose `next` no other thread interrupts
        self._done: queue.SimpleQueue = queue.SimpleQueue()

    def help(self) -> None:
        """Compute parts while there are any."""
        while (i := next(self._numbers)) < self.size:
            try:
                self._results[i] = self._function(self._parts[i])
            except BaseException as error:
                self._errors[i] = error
            finally:
                self._done.put(i)

    def finish(self) -> list[Any]:
        """Help, wait for the others, and return all results or raise."""
        self.help()
        for _ in self._parts:
            self._done.get()
        if self._errors:
            raise self._errors[min(self._errors)]
        return self._results


class _Counted(ABC):
    """A context with a state that is begun by the first to enter, ended by the last."""

    def __init__(self) -> None:
        self._inside = 0  # how many blocks are open, in all threads
        self._before: Any = None  # to return to

    def __enter__(self) -> None:
        with _lock:
            if not self._inside and self._before is None:
                self._before = self.now()  # first: `begin` may be interrupted
                self.begin()
            self._inside += 1

    def __exit__(self, *error: object) -> None:
        with _lock:
            self._inside = max(0, self._inside - 1)
            if not self._inside:
                self._return()

    def reset(self) -> None:
        """End the state, whoever is inside."""
        with _lock:
            self._inside = 0
            self._return()

    def _return(self) -> None:
        if self._before is not None:
            self.end(self._before)
            self._before = None

    @abstractmethod
    def now(self) -> Any:
        """Return what there is now."""

    @abstractmethod
    def begin(self) -> None:
        """Begin the state."""

    @abstractmethod
    def end(self, before: Any) -> None:
        """Return to what was before."""


class _QuickTurns(_Counted):
    """Threads take turns at the interpreter more often than every 5 ms.

    Their turns last microseconds, between two operations of NumPy; but one that waits
    asks for its turn only after this interval.
    """

    def now(self) -> float:
        return sys.getswitchinterval()

    def begin(self) -> None:
        sys.setswitchinterval(min(self.now(), _TURN))

    def end(self, before: float) -> None:
        sys.setswitchinterval(before)


_quick_turns = _QuickTurns()


class _NoHelp(_Counted):
    """Work stays on the thread that has it."""

    @property
    def is_on(self) -> bool:
        return self._inside > 0

    def now(self) -> bool:
        return self.is_on

    def begin(self) -> None:
        pass

    def end(self, before: bool) -> None:
        pass


_no_help = _NoHelp()


def no_help() -> AbstractContextManager[None]:
    """Let `run` compute on the caller's thread alone, until the outermost block ends.

    For processes side by side, each of which has a processor.
    """
    return _no_help


def _work() -> None:
    global _busy
    while True:
        task = _tasks.get()
        with _lock:
            _busy += 1
        task()
        del task  # which would keep its arrays until the next one
        with _lock:
            _busy -= 1


def _begin_anew() -> None:
    """In a forked child no worker lives, and what was waiting is the parent's."""
    global _tasks, _lock, _busy
    _tasks, _lock, _busy = queue.SimpleQueue(), threading.RLock(), 0
    _workers.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)


# The threads of the matrix products


class _OneBlasThread(_Counted):
    """Each matrix product computes on one thread."""

    def __enter__(self) -> None:
        if _blas():
            super().__enter__()

    def __exit__(self, *error: object) -> None:
        if _blas():
            super().__exit__()

    def now(self) -> list[int]:
        return [library.get_num_threads() for library in _blas()]

    def begin(self) -> None:
        for library in _blas():
            library.set_num_threads(1)

    def end(self, before: list[int]) -> None:
        for library, count in zip(_blas(), before, strict=True):
            library.set_num_threads(count)


_one_blas_thread = _OneBlasThread()


def one_blas_thread() -> AbstractContextManager[None]:
    """Let each matrix product compute on one thread, until the outermost block ends.

    For products side by side on our threads, and for small ones. Changes nothing
    without threadpoolctl, the extra ``keratorch[fast]``.
    """
    return _one_blas_thread


def recover() -> None:
    """Return BLAS and the interpreter to what they were, after an interrupt.

    Ctrl-C may come while a thread enters or leaves a block, which is then not counted.
    """
    _one_blas_thread.reset()
    _quick_turns.reset()
    _no_help.reset()


@functools.cache
def _blas() -> list[Any]:
    """Return what controls the BLAS libraries that are loaded."""
    try:
        from threadpoolctl import ThreadpoolController  # noqa: PLC0415 - an extra
    except ImportError:
        return []
    found = ThreadpoolController().select(user_api="blas")
    return list(found.lib_controllers)
