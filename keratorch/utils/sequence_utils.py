"""Sequences of different lengths made into one array."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike


def pad_sequences(
    sequences: Sequence[Any],
    maxlen: int | None = None,
    dtype: DTypeLike = "int32",
    padding: str = "pre",
    truncating: str = "pre",
    value: Any = 0.0,
) -> np.ndarray:
    """Return sequences as rows of equal length, filled up or cut.

    Parameters
    ----------
    sequences : list of sequences, each (steps, ...).
    maxlen : int, the length of the rows; None for that of the longest sequence.
    dtype : type of the result; ``object`` for strings of any length.
    padding : 'pre' or 'post', where short sequences are filled up.
    truncating : 'pre' or 'post', where long sequences are cut.
    value : what fills.

    Returns
    -------
    (len(sequences), maxlen, ...) of type `dtype`.

    Raises
    ------
    ValueError : `sequences` is not a list of sequences, their elements have different
        shapes, or an argument has another value.

    Examples
    --------
    >>> pad_sequences([[1], [2, 3], [4, 5, 6]], maxlen=2)
    array([[0, 1],
           [2, 3],
           [5, 6]], dtype=int32)
    >>> pad_sequences([[1], [2, 3]], padding="post")
    array([[1, 0],
           [2, 3]], dtype=int32)
    """
    _check_side("padding", padding)
    _check_side("truncating", truncating)
    _check_value(value, dtype)
    longest, shape = _measure(sequences)
    if maxlen is None:
        maxlen = longest
    rows = np.full((len(sequences), maxlen, *shape), value, dtype=dtype)
    for place, sequence in enumerate(sequences):
        if not len(sequence) or not maxlen:
            continue
        kept = sequence[-maxlen:] if truncating == "pre" else sequence[:maxlen]
        steps = np.asarray(kept, dtype=dtype)
        if steps.shape[1:] != shape:
            raise ValueError(
                f"all elements must have the shape {shape} of the first; those of "
                f"sequences[{place}] have shape {steps.shape[1:]}."
            )
        where = slice(-len(steps), None) if padding == "pre" else slice(len(steps))
        rows[place, where] = steps
    return rows


def _measure(sequences: Sequence[Any]) -> tuple[int, tuple[int, ...]]:
    """Return the longest length, and the shape of an element."""
    if not hasattr(sequences, "__len__"):
        raise ValueError(
            "sequences must be a list of sequences; received "
            f"{type(sequences).__name__}. Make it a list: list(sequences)."
        )
    longest = 0
    shape: tuple[int, ...] | None = None
    for place, sequence in enumerate(sequences):
        if not hasattr(sequence, "__len__"):
            raise ValueError(
                f"sequences must be a list of sequences; sequences[{place}] is "
                f"{sequence!r}."
            )
        longest = max(longest, len(sequence))
        if shape is None and len(sequence):
            shape = np.asarray(sequence).shape[1:]
    return longest, shape or ()


def _check_side(name: str, side: str) -> None:
    if side not in ("pre", "post"):
        raise ValueError(f"{name} must be 'pre' or 'post'; received {side!r}.")


def _check_value(value: Any, dtype: DTypeLike) -> None:
    if isinstance(value, str) and np.dtype(dtype).kind not in "OSU":
        raise ValueError(
            f"value={value!r} does not go with dtype {dtype!r}. Use dtype=object for "
            "strings of any length."
        )
