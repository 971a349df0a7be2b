"""Memory that is used again, so that a training step need not ask for it each time.

Large arrays that are made and dropped in each step come from the system and go back to
it, which then clears every page anew: that takes as long as computing them.
"""

from __future__ import annotations

import math
import sys
import threading
from typing import Any

import numpy as np

_SMALLEST = 2**14  # bytes: what is smaller costs no more than to look for it here
_LARGEST = 2**26  # bytes that a thread keeps
_kept = threading.local()


def take(shape: tuple[int, ...], dtype: Any) -> np.ndarray:
    """Return an array like ``np.empty(shape, dtype)``.

    Its memory is used again once neither the array nor a view of it is left.

    Examples
    --------
    >>> take((2, 3), "float32").shape
    (2, 3)
    """
    size = math.prod(shape) * np.dtype(dtype).itemsize
    if size < _SMALLEST or size > _LARGEST or not _ALONE:
        return np.empty(shape, dtype)
    blocks = _kept.__dict__.setdefault("blocks", [])
    return _free(blocks, size)[:size].view(dtype).reshape(shape)


def _free(blocks: list[np.ndarray], size: int) -> np.ndarray:
    """Return a block of at least that size, and at most twice, that nobody uses."""
    for i in range(len(blocks)):
        if size <= blocks[i].size <= 2 * size and _references(blocks, i) == _ALONE:
            return blocks[i]
    block = np.empty(size, np.uint8)
    blocks.append(block)
    total = sum(kept.size for kept in blocks)
    while total > _LARGEST:  # the oldest go, whose memory lives on with its users
        total -= blocks.pop(0).size
    return block


def _references(blocks: list[np.ndarray], i: int) -> int:
    return sys.getrefcount(blocks[i])


def _references_of_a_free_block() -> int:
    """Return what `_references` says of a block without views; 0 if it cannot tell."""
    blocks = [np.empty(1, np.uint8)]
    alone = _references(blocks, 0)
    view = blocks[0][:1].view(np.int8).reshape(1, 1)
    return alone if _references(blocks, 0) > alone and view.size else 0


_ALONE = _references_of_a_free_block()
