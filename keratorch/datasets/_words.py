"""Texts as lists of word numbers: what IMDB and Reuters have in common.

Imported with the first of them, not with KeraTorch.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from os import PathLike
from typing import NamedTuple

import numpy as np

from keratorch.utils.downloads import RemoteFile, fetch_verified

FOLDER = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"


class Marks(NamedTuple):
    """How words are numbered: the arguments that `load_data` of both sets has."""

    num_words: int | None
    skip_top: int
    maxlen: int | None
    start_char: int | None
    oov_char: int | None
    index_from: int


def shuffled(
    random: np.random.RandomState, x: np.ndarray, y: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return samples and labels in one new order, that of Keras for the same seed."""
    order = np.arange(len(x))
    random.shuffle(order)
    return x[order], y[order]


def marked(x: Sequence[list[int]], marks: Marks) -> list[list[int]]:
    """Return the texts with their numbers raised by `index_from`, and a start mark."""
    shift = marks.index_from or 0  # None does not shift, as in Keras
    if marks.start_char is not None:
        return [[marks.start_char] + [word + shift for word in text] for text in x]
    return [[word + shift for word in text] for text in x]


def shortened(
    x: list[list[int]], y: np.ndarray, maxlen: int | None
) -> tuple[list[list[int]], np.ndarray]:
    """Return the texts of fewer than `maxlen` words, and their labels."""
    if not maxlen:
        return x, y
    kept = [place for place, text in enumerate(x) if len(text) < maxlen]
    return [x[place] for place in kept], y[kept]


def limited(x: list[list[int]], marks: Marks) -> list[list[int]]:
    """Return the texts without rare and frequent words, or with a mark for them."""
    limit = marks.num_words or max(max(text) for text in x if text)
    low, mark = marks.skip_top, marks.oov_char
    if mark is None:
        return [[word for word in text if low <= word < limit] for text in x]
    return [[word if low <= word < limit else mark for word in text] for text in x]


def as_objects(x: list[list[int]]) -> np.ndarray:
    """Return an array whose elements are the lists."""
    objects = np.empty(len(x), object)
    objects[:] = x
    return objects


def read_word_index(remote: RemoteFile, path: str | PathLike[str]) -> dict[str, int]:
    """Return the table of words and their ranks.

    Raises
    ------
    ValueError : the file is damaged.
    """
    target = fetch_verified(remote, path)
    try:
        return json.loads(target.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(
            f"The file {target} cannot be used: {error}. Delete it and call again to "
            "download it."
        ) from error
