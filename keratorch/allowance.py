"""A limit to the memory that weights may take, while an unknown file is read.

A configuration of a few bytes can ask for a layer of any size.  What a file describes
may have as many weights as the file itself holds, and no more.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

_left: ContextVar[list[int] | None] = ContextVar("keratorch_allowance", default=None)


@contextmanager
def allowance(elements: int) -> Iterator[None]:
    """Let variables made within ``with`` have so many elements together.

    Examples
    --------
    >>> with allowance(10):
    ...     spend((3, 4))
    Traceback (most recent call last):
    ValueError: the configuration asks for a weight of shape (3, 4), ...
    """
    token = _left.set([elements])
    try:
        yield
    finally:
        _left.reset(token)


def spend(shape: Sequence[int]) -> None:
    """Take a variable's elements from what is allowed, if there is a limit.

    Raises
    ------
    ValueError : there are not so many left.
    """
    left = _left.get()
    if left is None:
        return
    left[0] -= math.prod(shape)
    if left[0] < 0:
        raise ValueError(
            f"the configuration asks for a weight of shape {tuple(shape)}, but the "
            "file does not hold so many numbers. Its configuration and its weights "
            "do not belong together."
        )
