"""IMDB: 50,000 reviews of films, as numbers of words, and whether they praise."""

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
    address=f"{FOLDER}imdb.npz",
    digest="69664113be75683a8fe16e3ed0ab59fda8886cb3cd7ada244f7d9544e4676b9f",
    max_bytes=20_000_000,
)
_WORD_INDEX = RemoteFile(
    address=f"{FOLDER}imdb_word_index.json",
    digest="bfafd718b763782e994055a2d397834f",
    max_bytes=2_000_000,
    algorithm="md5",
)


def load_data(
    path: str | os.PathLike[str] = "imdb.npz",
    num_words: int | None = None,
    skip_top: int = 0,
    maxlen: int | None = None,
    seed: int | None = 113,
    start_char: int | None = 1,
    oov_char: int | None = 2,
    index_from: int = 3,
) -> Split:
    """Load IMDB's reviews, downloading them (17 MB) when the cache lacks them.

    A word's number is its rank in the training reviews, 1 for the most frequent, plus
    `index_from`. Number 0 is kept for padding.

    Parameters
    ----------
    path : the file's name in the cache folder.
    num_words : int, numbers that are not below it become `oov_char`; None keeps all.
    skip_top : int, numbers below it become `oov_char`.
    maxlen : int, reviews of that many words or more are left out; None keeps all.
    seed : int that fixes the order, the same as in Keras.
    start_char : int that begins each review, or None.
    oov_char : int in place of a word that is left out, or None to have nothing there.
    index_from : int added to each rank.

    Returns
    -------
    (x_train, y_train), (x_test, y_test)
        x : (25000,) each, object, lists of ints; y : (25000,), int64, 1 for praise.

    Raises
    ------
    ConnectionError : the file is not in the cache and cannot be downloaded.
    ValueError : the file is damaged, or no review is shorter than `maxlen`.

    Source: A. Maas et al. (2011), Learning Word Vectors for Sentiment Analysis, in the
    copy of Keras.

    Examples
    --------
    >>> (x_train, y_train), test = load_data(num_words=10000)  # doctest: +SKIP
    """
    marks = Marks(num_words, skip_top, maxlen, start_char, oov_char, index_from)
    names = ["x_train", "y_train", "x_test", "y_test"]
    x_train, y_train, x_test, y_test = read_arrays(fetch_verified(_FILE, path), names)
    random = np.random.RandomState(seed)
    x_train, y_train = shuffled(random, x_train, y_train)
    x_test, y_test = shuffled(random, x_test, y_test)
    train, y_train = shortened(marked(list(x_train), marks), y_train, maxlen)
    test, y_test = shortened(marked(list(x_test), marks), y_test, maxlen)
    if not train or not test:
        raise ValueError(
            f"no review has fewer than maxlen={maxlen} words. Increase maxlen."
        )
    texts = limited(train + test, marks)
    x_train, x_test = as_objects(texts[: len(train)]), as_objects(texts[len(train) :])
    return (x_train, y_train), (x_test, y_test)


def get_word_index(path: str | os.PathLike[str] = "imdb_word_index.json") -> dict:
    """Return the rank of each word, 1 for the most frequent.

    The numbers in the reviews are higher by `index_from`, 3 unless told otherwise.

    Raises
    ------
    ConnectionError : the file is not in the cache and cannot be downloaded.

    Examples
    --------
    >>> get_word_index()["the"]  # doctest: +SKIP
    1
    """
    return read_word_index(_WORD_INDEX, path)
