"""California housing: prices of houses in 20,640 districts, 8 attributes each."""

from __future__ import annotations

import os

from keratorch.datasets._packaged import Split
from keratorch.datasets._table import load_split
from keratorch.utils.downloads import RemoteFile

FEATURE_NAMES = (
    "MedInc",
    "HouseAge",
    "AveRooms",
    "AveBedrms",
    "Population",
    "AveOccup",
    "Latitude",
    "Longitude",
)

_FILE = RemoteFile(
    address=(
        "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
        "california_housing.npz"
    ),
    digest="1a2e3a52e0398de6463aebe6f4a8da34fb21fbb6b934cf88c3425e766f2a1a6f",
    max_bytes=3_000_000,
)
_ROWS = {"small": 600, "large": None}


def load_data(
    version: str = "large",
    path: str | os.PathLike[str] = "california_housing.npz",
    test_split: float = 0.2,
    seed: int | None = 113,
) -> Split:
    """Load California's housing prices, downloading them if the cache lacks them.

    Parameters
    ----------
    version : 'large' for all 20,640 rows, 'small' for the first 600.
    path : the file's name in the cache folder.
    test_split : float in [0, 1), the share of the rows kept for testing.
    seed : int that fixes the order, the same as in Keras.

    Returns
    -------
    (x_train, y_train), (x_test, y_test)
        x : (rows, 8), the `FEATURE_NAMES`; y : (rows,), the median price in dollars.

    Raises
    ------
    ConnectionError : the file is not in the cache and cannot be downloaded.
    ValueError : an argument outside its range, or the file is damaged.

    Source: R. Pace and R. Barry (1997), Sparse Spatial Autoregressions, StatLib, in the
    copy of Keras.

    Examples
    --------
    >>> (x_train, y_train), (x_test, y_test) = load_data()  # doctest: +SKIP
    >>> FEATURE_NAMES[0]
    'MedInc'
    """
    if version not in _ROWS:
        raise ValueError(f"version must be 'small' or 'large'; received {version!r}.")
    return load_split(_FILE, path, _ROWS[version], test_split, seed)
