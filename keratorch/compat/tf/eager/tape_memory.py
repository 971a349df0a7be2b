"""What no tape can ask for any more is let go, as TensorFlow lets it go.

A result holds its graph, and with it all arrays on the way. A script that adds up its
losses, ``total += loss``, would keep the arrays of all batches.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterable
from typing import Any

import numpy as np

_NOTHING = np.zeros(())
_asking: weakref.WeakSet[Any] = weakref.WeakSet()  # tapes that began to record
_done: weakref.WeakValueDictionary[int, Any] = weakref.WeakValueDictionary()
_lock = threading.RLock()  # what is let go may have a destructor that uses a tape


def begin(tape: Any) -> None:
    """Keep what a tape records until it was asked."""
    with _lock:
        _asking.add(tape)


def first_asked() -> float:
    """Return the number from which on tapes may still be asked; inf if none may."""
    if not _asking:  # as in each step of `fit`
        return float("inf")
    with _lock:
        tapes = [tape for tape in _asking if tape._spans and not tape._is_over]
    return min((tape._first() for tape in tapes), default=float("inf"))


def release(operations: Iterable[Any]) -> None:
    """Let go of operations that a tape was asked for, unless another may be asked."""
    with _lock:
        _done.update((op._number, op) for op in operations)
        tapes = list(_asking)
        done = [
            op
            for number, op in list(_done.items())
            if not any(tape.may_ask(number) for tape in tapes)
        ]
        for op in done:
            _done.pop(op._number, None)
    for op in done:
        _forget(op)


def _forget(op: Any) -> None:
    """Let an operation hold no arrays; going back through it is an error then."""
    nothing = (_NOTHING,) * len(op._inputs)
    number = op._number
    vars(op).clear()
    op._number, op._inputs, op._spent = number, nothing, True
