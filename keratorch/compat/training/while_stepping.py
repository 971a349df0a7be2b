"""K's functions mean something else while an optimizer of one's own takes a step.

Each asks for the step that runs here: another thread, which has none, goes on as ever.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

#: The `RunningStep` of this thread.
running: ContextVar[Any] = ContextVar("running", default=None)


def asking_the_step(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function of K that a running step may do in its own way."""

    @functools.wraps(function)
    def asking(*args: Any, **kwargs: Any) -> Any:
        step = running.get()
        if step is None:
            return function(*args, **kwargs)
        return step.do(function, *args, **kwargs)

    return asking
