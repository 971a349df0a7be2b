"""Fisher's irises: 150 flowers of three species, four lengths each."""

from __future__ import annotations

import numpy as np

from keratorch.datasets._packaged import Split, read_rows, shuffled_split

CLASS_NAMES = ("setosa", "versicolor", "virginica")
FEATURE_NAMES = ("sepal length", "sepal width", "petal length", "petal width")


def load_data(test_split: float = 0.2, seed: int | None = 113) -> Split:
    """Load four lengths of 150 irises, and the species of each.

    Parameters
    ----------
    test_split : float in [0, 1), the share of the flowers kept for testing.
    seed : int in [0, 2**32) that fixes the order of the flowers before the split, or
        None for another order in each call.

    Returns
    -------
    (x_train, y_train), (x_test, y_test)
        x : (samples, 4), float32, the `FEATURE_NAMES` in centimetres;
        y : (samples,), int64, the position in `CLASS_NAMES`.

    Raises
    ------
    ValueError : an argument outside its range.

    Source: R. A. Fisher (1936), Iris, UCI Machine Learning Repository,
    https://doi.org/10.24432/C56C76. Licence: CC BY 4.0. The values are UCI's, which
    differ from Fisher's paper in two of the flowers.

    Examples
    --------
    >>> (x_train, y_train), (x_test, y_test) = load_data()
    >>> x_train.shape, x_test.shape
    ((120, 4), (30, 4))
    >>> CLASS_NAMES[y_train[0]]
    'setosa'
    """
    rows = read_rows("iris.csv", str)
    features = rows[:, :4].astype(np.float32)
    species = [CLASS_NAMES.index(name.removeprefix("Iris-")) for name in rows[:, 4]]
    return shuffled_split(features, np.array(species, np.int64), test_split, seed)
