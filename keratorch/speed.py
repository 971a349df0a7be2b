"""The switch between the fast forms and the textbook's."""

from __future__ import annotations

_fast = True


def is_fast() -> bool:
    """Return whether fused operations, threads and micro-batches are used.

    Examples
    --------
    >>> is_fast()
    True
    """
    return _fast


def set_fast(fast: bool) -> None:
    """Compute by the fast forms, as at first, or by those of the textbook.

    Both give equal numbers within rounding. The textbook's forms are slower, but each
    of their steps can be read, stepped through and drawn.

    Raises
    ------
    TypeError : `fast` is no bool.
    """
    global _fast
    if not isinstance(fast, bool):
        raise TypeError(f"fast must be True or False; received {fast!r}.")
    _fast = fast
