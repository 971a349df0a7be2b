"""Boston housing: prices of houses in 506 districts, 13 attributes each."""

from __future__ import annotations

import os

from keratorch.datasets._packaged import Split
from keratorch.datasets._table import load_split
from keratorch.utils.downloads import RemoteFile

_FILE = RemoteFile(
    address=(
        "https://storage.googleapis.com/tensorflow/tf-keras-datasets/boston_housing.npz"
    ),
    digest="f553886a1f8d56431e820c5b82552d9d95cfcb96d1e678153f8839538947dff5",
    max_bytes=100_000,
)


def load_data(
    path: str | os.PathLike[str] = "boston_housing.npz",
    test_split: float = 0.2,
    seed: int | None = 113,
) -> Split:
    """Load the Boston housing prices, downloading them (57 kB) if the cache lacks them.

    One attribute, 'B', was made on the assumption that people want to live apart by
    race. Use the data to speak about that, and `california_housing` for all else.

    Parameters
    ----------
    path : the file's name in the cache folder.
    test_split : float in [0, 1), the share of the rows kept for testing.
    seed : int that fixes the order, the same as in Keras.

    Returns
    -------
    (x_train, y_train), (x_test, y_test)
        x : (404, 13) and (102, 13), float64; y : (404,) and (102,), float64, the median
        price in thousands of dollars.

    Raises
    ------
    ConnectionError : the file is not in the cache and cannot be downloaded.
    ValueError : `test_split` out of its range, or the file is damaged.

    Source: D. Harrison and D. Rubinfeld (1978), StatLib, in the copy of Keras.

    Examples
    --------
    >>> (x_train, y_train), (x_test, y_test) = load_data()  # doctest: +SKIP
    """
    return load_split(_FILE, path, None, test_split, seed)
