"""Masks: which time steps of an array are data, and which only fill it up.

A mask is an array (batch, steps) of booleans that travels with the output of a layer,
as its ``_keras_mask``, to the layers and losses that skip steps.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.core import GradArray
from keratorch.graph import value


def get_mask(x: Any) -> np.ndarray | None:
    """Return the mask that an array carries, None if it has none."""
    return getattr(x, "_keras_mask", None)


def set_mask(x: Any, mask: Any) -> None:
    """Let a GradArray carry a mask; other values carry none.

    Examples
    --------
    >>> import numpy as np
    >>> x = GradArray(np.zeros((1, 2)))
    >>> set_mask(x, [[True, False]])
    >>> get_mask(x)
    array([[ True, False]])
    """
    if mask is not None and isinstance(x, GradArray):
        x._keras_mask = np.asarray(value(mask)).astype(bool, copy=False)
