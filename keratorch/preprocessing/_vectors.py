"""Lists of word numbers as rows of numbers, a column a word."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

_MODES = ("binary", "count", "freq", "tfidf")


def fill_row(
    row: np.ndarray,
    sequence: Sequence[int],
    mode: str,
    document_counts: Mapping[int, int],
    documents: int,
) -> None:
    """Write into a row what a sequence of numbers amounts to.

    Parameters
    ----------
    row : (columns,), zeros. Numbers without a column are left out.
    sequence : ints.
    mode : 'binary', 'count', 'freq' or 'tfidf'.
    document_counts : in how many documents each number occurs.
    documents : int, number of documents.

    Raises
    ------
    ValueError : another mode.
    """
    if mode not in _MODES:
        raise ValueError(
            f"mode must be 'binary', 'count', 'freq' or 'tfidf'; received {mode!r}."
        )
    for number, count in Counter(sequence).items():
        if number >= len(row):
            continue
        if mode == "tfidf":
            rarity = math.log(1 + documents / (1 + document_counts.get(number, 0)))
            row[number] = (1 + math.log(count)) * rarity
        elif mode == "freq":
            row[number] = count / len(sequence)
        else:
            row[number] = count if mode == "count" else 1
