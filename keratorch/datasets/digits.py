"""Handwritten digits, small enough to come with the package."""

from __future__ import annotations

import numpy as np

from keratorch.datasets._packaged import Split, read_rows, shuffled_split


def load_data(test_split: float = 0.2, seed: int | None = 113) -> Split:
    """Load 1,797 images of handwritten digits, 8x8 pixels each.

    The scanned digits of 13 people. Each pixel counts the inked dots in a 4x4 block
    of the scan, hence 0 (white) to 16 (black).

    Parameters
    ----------
    test_split : float in [0, 1), the share of the images kept for testing.
    seed : int in [0, 2**32) that fixes the order of the images before the split, or
        None for another order in each call.

    Returns
    -------
    (x_train, y_train), (x_test, y_test)
        x : (samples, 8, 8), uint8 in 0..16; y : (samples,), uint8 in 0..9.

    Raises
    ------
    ValueError : an argument outside its range.

    Source: E. Alpaydin and C. Kaynak (1998), Optical Recognition of Handwritten
    Digits, test set, UCI Machine Learning Repository,
    https://doi.org/10.24432/C50P49. Licence: CC BY 4.0.

    Examples
    --------
    >>> (x_train, y_train), (x_test, y_test) = load_data()
    >>> x_train.shape, x_test.shape
    ((1437, 8, 8), (360, 8, 8))
    >>> x_train = x_train.astype("float32") / 16
    """
    rows = read_rows("digits.csv.gz", np.uint8)
    images, labels = rows[:, :64].reshape(-1, 8, 8), rows[:, 64]
    return shuffled_split(images, labels, test_split, seed)
