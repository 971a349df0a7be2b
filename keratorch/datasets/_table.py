"""Tables of numbers in .npz archives: what both sets of housing prices have in common.

Imported with the first of them, not with KeraTorch.
"""

from __future__ import annotations

import os

import numpy as np

from keratorch.datasets._packaged import Split
from keratorch.datasets._pickled import read_arrays
from keratorch.utils.downloads import RemoteFile, fetch_verified


def load_split(
    remote: RemoteFile,
    path: str | os.PathLike[str],
    rows: int | None,
    test_split: float,
    seed: int | None,
) -> Split:
    """Return the first `rows` rows of a table, in Keras's order, and split as there.

    Raises
    ------
    ValueError : `test_split` is not in [0, 1), or the file is damaged.
    """
    if not 0 <= test_split < 1:
        raise ValueError(
            f"test_split must be at least 0 and less than 1; received {test_split!r}."
        )
    x, y = (a[:rows] for a in read_arrays(fetch_verified(remote, path), ["x", "y"]))
    order = np.arange(len(x))
    np.random.RandomState(seed).shuffle(order)
    train, test = np.split(order, [int(len(x) * (1 - test_split))])
    return (x[train], y[train]), (x[test], y[test])
