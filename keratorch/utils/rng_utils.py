"""One seed for all sources of chance."""

from __future__ import annotations

import random as python_random

import numpy as np

from keratorch import random


def set_random_seed(seed: int) -> None:
    """Seed Python's `random`, NumPy's global state, and KeraTorch's own stream.

    Parameters
    ----------
    seed : int in [0, 2**32).

    Raises
    ------
    TypeError, ValueError : anything else.

    Examples
    --------
    >>> set_random_seed(1)
    """
    number = random.check_seed(seed)
    if number >= 2**32:
        raise ValueError(f"seed must be < 2**32, NumPy's limit; received {number}.")
    python_random.seed(number)
    # Many scripts draw from NumPy's global state.
    np.random.seed(number)  # noqa: NPY002
    random.set_seed(number)
