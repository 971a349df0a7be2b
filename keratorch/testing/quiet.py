"""Running the code of others: quietly, not for ever, and whatever it raises."""

from __future__ import annotations

import contextlib
import contextvars
import ctypes
import io
import sys
import threading
import traceback
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from keratorch.errors import GradContractError

_BLOWS = 3  # a second apart, for code that catches the first with `except:`

# What a check changes for a while belongs to the whole program: sys.stdout, the filters
# of warnings, the state of np.random, the derivatives of NumPy's functions.
one_at_a_time = threading.RLock()


class TooSlow(BaseException):
    """The code that runs has used up its time; `except Exception` does not stop it."""


class Failure:
    """What a call raised instead of returning."""

    def __init__(self, error: BaseException):
        self.error = error

    @property
    def breach(self) -> bool:
        """Whether the contract explained it already."""
        return isinstance(self.error, GradContractError)

    def describe(self) -> str:
        """Return ``KeyError: 'x'``, of its message the first sentence."""
        text = " ".join(str(self.error).split()).partition(". ")[0]
        text = text if len(text) <= 200 else text[:197] + "..."
        name = type(self.error).__name__
        return f"{name}: {text}" if text else name

    def line(self, filename: str) -> str | None:
        """Return ``line 12, `grad @ x` `` of the innermost frame in a file."""
        frames = traceback.extract_tb(self.error.__traceback__)
        inside = [frame for frame in frames if frame.filename == filename]
        if not inside:
            return None
        source = f", `{inside[-1].line}`" if inside[-1].line else ""
        return f"line {inside[-1].lineno}{source}"


def attempt(function: Callable, *args: Any, **kwargs: Any) -> Any:
    """Call a function, and return its result or the `Failure`."""
    try:
        return function(*args, **kwargs)
    except (Exception, SystemExit) as error:
        return Failure(error)


def quietly(function: Callable, *args: Any, timeout: float | None = None) -> Any:
    """Call a function with nothing printed, read or warned, in a context of its own.

    Raises
    ------
    TooSlow : it did not return within `timeout` seconds.
    """
    context = contextvars.copy_context()

    def run() -> Any:
        with np.errstate(all="ignore"), _muted():
            return function(*args)

    with one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if timeout is None:
            return context.run(run)
        return _within(timeout, context.run, run)


def _within(seconds: float, function: Callable, *args: Any) -> Any:
    """Call a function in a thread of its own, which is stopped when its time is up.

    Python delivers the exception between two of its instructions, so that a loop in
    Python ends.  A thread that waits (`time.sleep`) is left behind, and ends when it
    wakes up.  Nothing is ever raised in the thread of the caller.
    """
    results: list[tuple[Any, BaseException | None]] = []

    def work() -> None:
        try:
            results.append((function(*args), None))
        except BaseException as error:
            results.append((None, error))

    worker = threading.Thread(target=work, daemon=True)
    streams = sys.stdout, sys.stderr, sys.stdin
    worker.start()
    try:
        worker.join(min(seconds, threading.TIMEOUT_MAX))
    finally:  # also when Ctrl-C ends the wait
        for _ in range(_BLOWS):
            if not worker.is_alive():
                break
            _raise_in(worker, TooSlow)
            worker.join(1.0)
        sys.stdout, sys.stderr, sys.stdin = streams
    if not results:
        raise TooSlow
    value, error = results[0]
    if error is not None:
        raise error
    return value


def _raise_in(thread: threading.Thread, error: type[BaseException]) -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(thread.ident or 0), ctypes.py_object(error)
    )


@contextlib.contextmanager
def _muted() -> Iterator[None]:
    """Let this thread print nothing, and find nothing to read; others go on."""
    streams = sys.stdout, sys.stderr, sys.stdin
    muted = tuple(map(_Muted, streams))
    sys.stdout, sys.stderr, sys.stdin = muted
    try:
        yield
    finally:
        # A thread that was left behind comes here late: the streams are others' then.
        if (sys.stdout, sys.stderr, sys.stdin) == muted:
            sys.stdout, sys.stderr, sys.stdin = streams


class _Muted(io.TextIOBase):
    """A stream that is empty for the thread that made it, and for others as before."""

    def __init__(self, stream: Any):
        self._stream, self._thread = stream, threading.get_ident()

    def _is_mute(self) -> bool:
        return self._stream is None or threading.get_ident() == self._thread

    def write(self, text: str) -> int:
        """Write what another thread prints."""
        return len(text) if self._is_mute() else int(self._stream.write(text))

    def flush(self) -> None:
        """Flush what another thread printed."""
        if not self._is_mute():
            self._stream.flush()

    def read(self, size: int | None = -1) -> str:
        """Read as another thread; nothing is left for this one."""
        return "" if self._is_mute() else str(self._stream.read(size))

    def readline(self, size: int = -1) -> str:  # type: ignore[override]
        """Read a line as another thread; `input()` raises EOFError in this one."""
        return "" if self._is_mute() else str(self._stream.readline(size))
