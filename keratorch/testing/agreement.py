"""Whether two results are the same but for rounding."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.testing.quiet import Failure


def same_or_nan(a: np.ndarray, b: np.ndarray) -> bool:
    """Return whether two arrays are equal but for rounding, NaN being equal to NaN."""
    return a.shape == b.shape and np.allclose(a, b, 1e-9, 1e-11, equal_nan=True)


def agree(found: Any, others: list) -> bool:
    """Return whether two lists of gradients are the same, None being zero."""
    if isinstance(found, Failure):
        return False
    for one, other in zip(found, others, strict=True):
        if one is None or other is None:
            if one is not other and np.any(one if other is None else other):
                return False
        elif not same_or_nan(np.asarray(one), np.asarray(other)):
            return False
    return True
