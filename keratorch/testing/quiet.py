"""Running the code of others: quietly, not for ever, and whatever it raises."""

from __future__ import annotations

import contextlib
import contextvars
import ctypes
import io
import threading
import traceback
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from keratorch.errors import GradContractError


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
    """Call a function with nothing printed or warned, in a context of its own.

    Raises
    ------
    TooSlow : it did not return within `timeout` seconds.
    """

    def run() -> Any:
        with (
            warnings.catch_warnings(),
            np.errstate(all="ignore"),
            contextlib.redirect_stdout(io.StringIO()),
            _alarm(timeout),
        ):
            warnings.simplefilter("ignore")
            return function(*args)

    return contextvars.copy_context().run(run)


@contextlib.contextmanager
def _alarm(seconds: float | None) -> Iterator[None]:
    """Raise `TooSlow` in this thread after so many seconds.

    Python delivers it between two of its instructions: a loop in Python is stopped, a
    single call into C is not.
    """
    if seconds is None:
        yield
        return
    thread, lock, over = threading.get_ident(), threading.Lock(), False

    ended = threading.Event()

    def ring() -> None:
        wait = seconds
        while not ended.wait(wait):
            with lock:
                if not over:
                    _raise_in(thread, ctypes.py_object(TooSlow))
            wait = 1.0  # again, should an `except:` have caught it

    threading.Thread(target=ring, daemon=True).start()
    try:
        yield
    finally:
        with lock:
            over = True
            _raise_in(thread, None)  # take back what was not delivered yet
        ended.set()


def _raise_in(thread: int, error: Any) -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), error)
