"""Logits: the numbers that a sigmoid or a softmax made probabilities of.

A probability near 0 or 1 is rounded to it, and the crossentropy of such a one has no
gradient.  So the probabilities that these two functions return carry their logits to
the crossentropies, which are exact for numbers of any size, as in Keras on TensorFlow.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from keratorch.core import GradArray


class _Origin(NamedTuple):
    logits: GradArray
    axis: int | None  # of a softmax, counted from the first; None: a sigmoid


def carrying_logits(x: GradArray, logits: GradArray, axis: int | None) -> GradArray:
    """Return probabilities with the logits that they were made of.

    Parameters
    ----------
    axis : int, along which they are the softmax of these; None: they are the sigmoid.

    Examples
    --------
    >>> z = GradArray([2.0])
    >>> p = carrying_logits(1 / (1 + np.exp(-z)), z, axis=None)
    >>> logits_behind(p) is z
    True
    """
    if x._grad_op is None and (logits._requires_grad or hasattr(logits, "_logits")):
        # No gradient leads back, and sigmoid(sigmoid(...)) does not keep them all.
        logits = GradArray(logits._array.copy(), requires_grad=False)
    x._logits = _Origin(logits, None if axis is None else axis % logits.ndim)
    return x


def logits_behind(x: Any, axis: int | None = None) -> GradArray | None:
    """Return what a sigmoid, or a softmax along an axis, made an array of.

    None for all other arrays, and where one of the two was written into since.
    """
    origin = getattr(x, "_logits", None)
    if origin is None or origin.axis != (None if axis is None else axis % x.ndim):
        return None
    is_old = x._written >= 0 or origin.logits._written > x._node
    return None if is_old else origin.logits


def without_graph(x: GradArray) -> GradArray:
    """Return an array of the same memory outside the graph, and its logits so."""
    return joined([x]) if hasattr(x, "_logits") else x.detach()


def joined(parts: Sequence[GradArray]) -> GradArray:
    """Return arrays as one, along the first axis and outside the graph.

    Logits are joined likewise, if all parts carry some.
    """
    whole = _joined(parts)
    axis = getattr(parts[0], "_logits", _Origin(whole, 0)).axis
    found = [logits_behind(part, axis) for part in parts]
    logits = [each for each in found if each is not None]
    if len(logits) == len(parts):
        carrying_logits(whole, _joined(logits), axis)
    return whole


def _joined(parts: Sequence[GradArray]) -> GradArray:
    arrays = [part._array for part in parts]
    array = np.concatenate(arrays) if len(arrays) > 1 else arrays[0]
    return GradArray(array, requires_grad=False)
