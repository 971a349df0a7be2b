"""The modes of recording: `no_grad`, `enable_grad`, `detect_anomaly`.

One context variable holds the current mode, so that a mode set in one thread or
task is never seen by another.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any, ClassVar, TypeVar

_Function = TypeVar("_Function", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Mode:
    """What happens around an operation: is it recorded, watched, differentiated?"""

    records: bool = True  # operations join the graph
    watches: bool = False  # detect_anomaly() looks at every value
    twice: bool = False  # backward itself is recorded (create_graph=True)
    traces: bool = False  # a transform runs its function: no value may leave unseen
    wanted: frozenset[int] | None = None  # nodes whose gradients are asked for; all
    previous: Mode | None = None  # the mode that `leave_mode` returns to


_PLAIN = Mode()
current_mode: ContextVar[Mode] = ContextVar("keratorch_mode", default=_PLAIN)


def is_plain() -> bool:
    """Return whether operations are recorded and nothing else is done about them."""
    mode = current_mode.get()
    special = mode.watches or mode.twice or mode.traces or mode.wanted is not None
    return mode.records and not special


def enter_mode(**changes: Any) -> None:
    """Change the current mode until the matching `leave_mode`."""
    mode = current_mode.get()
    if mode is _PLAIN:
        current_mode.set(_changed_plain(**changes))
    else:
        current_mode.set(replace(mode, previous=mode, **changes))


@functools.lru_cache(64)
def _changed_plain(**changes: Any) -> Mode:
    """Return the mode that most calls enter, which costs more to make than to find."""
    return replace(_PLAIN, previous=_PLAIN, **changes)


def leave_mode() -> None:
    """Return to the mode before the last `enter_mode`."""
    current_mode.set(current_mode.get().previous or _PLAIN)


def backward_mode(mode: Mode, twice: bool, wanted: frozenset[int] | None) -> Mode:
    """Return the mode in which the walk goes back, entered from another one."""
    if mode is _PLAIN and not twice and wanted is None:
        return PLAIN_BACKWARD
    return Mode(twice, mode.watches, twice, mode.traces, wanted)


PLAIN_BACKWARD = Mode(records=False)
_RUNS_LATER = (
    inspect.isgeneratorfunction,
    inspect.iscoroutinefunction,
    inspect.isasyncgenfunction,
)


class _ModeSwitch:
    """A context manager that is a decorator too: ``with m():``, ``@m()``, ``@m``."""

    changes: ClassVar[dict[str, bool]]

    def __new__(cls, function: Callable | None = None) -> Any:
        switch = super().__new__(cls)
        if function is None:
            return switch
        if not callable(function):
            raise TypeError(
                f"{cls.__name__} takes a function to decorate, or nothing; received "
                f"{function!r}. Write `with {cls.__name__}():` or `@{cls.__name__}`."
            )
        return switch(function)

    def __enter__(self) -> _ModeSwitch:
        enter_mode(**self.changes)
        return self

    def __exit__(self, *error: object) -> None:
        leave_mode()

    def __call__(self, function: _Function) -> _Function:
        if any(kind(function) for kind in _RUNS_LATER):
            raise TypeError(
                f"{type(self).__name__} cannot decorate the generator or coroutine "
                f"{function.__name__!r}: its body runs after the call returned. "
                f"Write `with {type(self).__name__}():` inside it."
            )

        @functools.wraps(function)
        def switched(*args: Any, **kwargs: Any) -> Any:
            with self:
                return function(*args, **kwargs)

        return switched  # type: ignore[return-value]


class no_grad(_ModeSwitch):  # noqa: N801 - PyTorch's name
    """Record nothing inside: results carry no graph and want no gradient.

    Examples
    --------
    >>> from keratorch import GradArray, no_grad
    >>> x = GradArray([1.0, 2.0])
    >>> with no_grad():
    ...     y = x * 2
    >>> y.requires_grad
    False
    """

    changes: ClassVar[dict[str, bool]] = {"records": False}


class enable_grad(_ModeSwitch):  # noqa: N801 - PyTorch's name
    """Record again inside a `no_grad`.

    Examples
    --------
    >>> from keratorch import GradArray, enable_grad, no_grad
    >>> x = GradArray([1.0, 2.0])
    >>> with no_grad(), enable_grad():
    ...     y = x * 2
    >>> y.requires_grad
    True
    """

    changes: ClassVar[dict[str, bool]] = {"records": True}


class detect_anomaly(_ModeSwitch):  # noqa: N801 - PyTorch's name
    """Stop at the operation that makes the first NaN or Inf, forward or backward.

    The error names the operation and the line that called it.  It is raised as well
    when an array that an operation saved was overwritten before its backward ran.
    Every value is looked at and every input is copied, so use it to find a fault,
    not to train.

    Raises
    ------
    AnomalyError : at the first anomaly, inside the ``with`` block.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch import GradArray, detect_anomaly
    >>> x = GradArray([0.0, 1.0])
    >>> with detect_anomaly():
    ...     y = np.log(x)
    Traceback (most recent call last):
    ...
    keratorch.errors.AnomalyError: LogGrad made -inf at index (0,) of its result...
    """

    changes: ClassVar[dict[str, bool]] = {"watches": True}
