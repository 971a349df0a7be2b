"""Data files inside the package, and the split into training and test data."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import DTypeLike

Split = tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]

_FOLDER = Path(__file__).parent / "data"


def read_rows(name: str, dtype: DTypeLike) -> np.ndarray:
    """Return the rows of a comma-separated file of the package, plain or gzipped."""
    return np.loadtxt(_FOLDER / name, delimiter=",", dtype=dtype)


def shuffled_split(
    x: np.ndarray, y: np.ndarray, test_split: float, seed: int | None
) -> Split:
    """Shuffle samples and labels alike, then cut off the last ones as test data.

    Parameters
    ----------
    x : (samples, ...), y : (samples,)
    test_split : number in [0, 1), the share of the samples kept for testing.
    seed : integer in [0, 2**32), or None for another order in each call.

    Raises
    ------
    ValueError : `test_split` or `seed` is not of that kind.
    """
    _check_test_split(test_split)
    _check_seed(seed)
    # Not default_rng: NumPy promises RandomState's numbers, hence the same split,
    # in every version.
    order = np.random.RandomState(seed).permutation(len(x))
    train, test = np.split(order, [int(len(x) * (1 - test_split))])
    return (x[train], y[train]), (x[test], y[test])


def _check_test_split(test_split: float) -> None:
    number = isinstance(test_split, (int, float, np.integer, np.floating))
    if isinstance(test_split, bool) or not number or not 0 <= test_split < 1:
        raise ValueError(
            "test_split must be a number, at least 0 and less than 1: the share of the "
            f"samples kept for testing; received {test_split!r}. Use for instance "
            "test_split=0.2."
        )


def _check_seed(seed: int | None) -> None:
    integer = isinstance(seed, (int, np.integer)) and not isinstance(seed, bool)
    if seed is not None and not (integer and 0 <= seed < 2**32):
        raise ValueError(
            "seed must be None or an integer, at least 0 and less than 2**32; received "
            f"{seed!r}. Use for instance seed=113, or None for another order in each "
            "call."
        )
