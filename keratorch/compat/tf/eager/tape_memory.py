"""What no tape can ask for any more is let go, as TensorFlow lets it go.

A result holds its graph, and with it all arrays on the way. A script that adds up its
losses, ``total += loss``, would keep the arrays of all batches.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterable
from typing import Any

import numpy as np

_NOTHING = np.zeros(())
_asking: weakref.WeakSet[Any] = weakref.WeakSet()  # tapes that began to record
_done: weakref.WeakValueDictionary[int, Any] = weakref.WeakValueDictionary()


def begin(tape: Any) -> None:
    """Keep what a tape records until it was asked."""
    _asking.add(tape)


def release(operations: Iterable[Any]) -> None:
    """Let go of operations that a tape was asked for, unless another may be asked."""
    _done.update((op._number, op) for op in operations)
    tapes = list(_asking)
    for number, op in list(_done.items()):
        if not any(tape.may_ask(number) for tape in tapes):
            del _done[number]
            _forget(op)


def _forget(op: Any) -> None:
    """Let an operation hold no arrays; going back through it is an error then."""
    nothing = (_NOTHING,) * len(op._inputs)
    number = op._number
    vars(op).clear()
    op._number, op._inputs, op._spent = number, nothing, True
