"""Reuters: 11,228 newswires of 46 topics, as numbers of words."""

from __future__ import annotations

import os

import numpy as np

from keratorch.datasets._packaged import Split
from keratorch.datasets._pickled import read_arrays
from keratorch.datasets._words import (
    FOLDER,
    Marks,
    as_objects,
    limited,
    marked,
    read_word_index,
    shortened,
    shuffled,
)
from keratorch.utils.downloads import RemoteFile, fetch_verified

_FILE = RemoteFile(
    address=f"{FOLDER}reuters.npz",
    digest="d6586e694ee56d7a4e65172e12b3e987c03096cb01eab99753921ef915959916",
    max_bytes=3_000_000,
)
_WORD_INDEX = RemoteFile(
    address=f"{FOLDER}reuters_word_index.json",
    digest="4d44cc38712099c9e383dc6e5f11a921",
    max_bytes=1_000_000,
    algorithm="md5",
)
_TOPICS = (
    "cocoa grain veg-oil earn acq wheat copper housing money-supply coffee sugar trade "
    "reserves ship cotton carcass crude nat-gas cpi money-fx interest gnp meal-feed "
    "alum oilseed gold tin strategic-metal livestock retail ipi iron-steel rubber heat "
    "jobs lei bop zinc orange pet-chem dlr gas silver wpi hog lead"
)


def load_data(
    path: str | os.PathLike[str] = "reuters.npz",
    num_words: int | None = None,
    skip_top: int = 0,
    maxlen: int | None = None,
    test_split: float = 0.2,
    seed: int | None = 113,
    start_char: int | None = 1,
    oov_char: int | None = 2,
    index_from: int = 3,
) -> Split:
    """Load Reuters' newswires, downloading them (2 MB) when the cache lacks them.

    A word's number is its rank, 1 for the most frequent, plus `index_from`. Number 0 is
    kept for padding.

    Parameters
    ----------
    path : the file's name in the cache folder.
    num_words : int, numbers that are not below it become `oov_char`; None keeps all.
    skip_top : int, numbers below it become `oov_char`.
    maxlen : int, newswires of that many words or more are left out; None keeps all.
    test_split : float in [0, 1), the share of the newswires kept for testing.
    seed : int that fixes the order, the same as in Keras.
    start_char : int that begins each newswire, or None.
    oov_char : int in place of a word that is left out, or None to have nothing there.
    index_from : int added to each rank.

    Returns
    -------
    (x_train, y_train), (x_test, y_test)
        x : (8982,) and (2246,), object, lists of ints; y : int64 in 0..45, the position
        in `get_label_names()`.

    Raises
    ------
    ConnectionError : the file is not in the cache and cannot be downloaded.
    ValueError : the file is damaged.

    Source: Reuters-21578, in the copy of Keras.

    Examples
    --------
    >>> (x_train, y_train), test = load_data(num_words=10000)  # doctest: +SKIP
    """
    marks = Marks(num_words, skip_top, maxlen, start_char, oov_char, index_from)
    x, y = read_arrays(fetch_verified(_FILE, path), ["x", "y"])
    x, y = shuffled(np.random.RandomState(seed), x, y)
    kept, y = shortened(marked(list(x), marks), y, maxlen)
    if not kept:
        raise ValueError(
            f"no newswire has fewer than maxlen={maxlen} words. Increase maxlen."
        )
    texts = as_objects(limited(kept, marks))
    border = int(len(texts) * (1 - test_split))
    return (texts[:border], y[:border]), (texts[border:], y[border:])


def get_word_index(path: str | os.PathLike[str] = "reuters_word_index.json") -> dict:
    """Return the rank of each word, 1 for the most frequent.

    The numbers in the newswires are higher by `index_from`, 3 unless told otherwise.

    Raises
    ------
    ConnectionError : the file is not in the cache and cannot be downloaded.

    Examples
    --------
    >>> get_word_index()["the"]  # doctest: +SKIP
    1
    """
    return read_word_index(_WORD_INDEX, path)


def get_label_names() -> tuple[str, ...]:
    """Return the names of the 46 topics, in the order of the labels.

    Examples
    --------
    >>> get_label_names()[3]
    'earn'
    """
    return tuple(_TOPICS.split())
