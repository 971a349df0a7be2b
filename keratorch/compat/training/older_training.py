"""What files of `keras.engine` had, and layers and loops of one's own import."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from keratorch import backend, random
from keratorch.models import Model
from keratorch.symbolic import Node

Container = Network = Model


def make_batches(size: int, batch_size: int) -> list[tuple[int, int]]:
    """Return where batches begin and end.

    Examples
    --------
    >>> make_batches(5, 2)
    [(0, 2), (2, 4), (4, 5)]
    """
    starts = range(0, size, batch_size)
    return [(start, min(start + batch_size, size)) for start in starts]


def slice_arrays(arrays: Any, start: Any = None, stop: int | None = None) -> Any:
    """Return a part of an array, or of each array of a list.

    Parameters
    ----------
    arrays : array, list of arrays, or None.
    start : int, or the indices of rows.
    stop : int, if `start` is one.

    Examples
    --------
    >>> slice_arrays([np.arange(5), None], 1, 3)
    [array([1, 2]), None]
    """
    if isinstance(arrays, (list, tuple)):
        return [slice_arrays(array, start, stop) for array in arrays]
    if arrays is None:
        return None
    if hasattr(start, "__len__"):
        return arrays[np.asarray(start)]
    return arrays[start:stop]


def batch_shuffle(index_array: np.ndarray, batch_size: int) -> np.ndarray:
    """Return indices whose whole batches change places; a rest stays last."""
    whole = len(index_array) // batch_size * batch_size
    batches = np.array(index_array[:whole]).reshape(-1, batch_size)
    return np.append(random.shuffle(batches).ravel(), index_array[whole:])


def weighted_objective(fn: Callable[..., Any] | None) -> Callable[..., Any] | None:
    """Return a loss that takes weights of samples, and a mask, behind its arguments.

    Parameters
    ----------
    fn : function of y_true and y_pred that returns a loss for each sample.

    Returns
    -------
    function (y_true, y_pred, weights, mask=None) of one number.

    Examples
    --------
    >>> loss = weighted_objective(lambda y, z: backend.mean((y - z) ** 2, axis=-1))
    >>> float(loss(np.zeros((2, 1)), np.ones((2, 1)), np.array([3.0, 0.0])))
    3.0
    """
    if fn is None:
        return None

    def weighted(y_true: Any, y_pred: Any, weights: Any, mask: Any = None) -> Any:
        score = fn(y_true, y_pred)
        if mask is not None:
            mask = backend.cast(mask, backend.floatx())
            score = score * mask / backend.mean(mask)
        if weights is not None:
            beyond = list(range(backend.ndim(weights), backend.ndim(score)))
            score = backend.mean(score, axis=beyond) if beyond else score
            counted = backend.cast(backend.not_equal(weights, 0), backend.floatx())
            score = score * weights / backend.mean(counted)
        return backend.mean(score)

    return weighted


slice_X = _slice_arrays = slice_arrays  # noqa: N816 - Keras 1's name
_make_batches, _batch_shuffle = make_batches, batch_shuffle
_weighted_masked_objective = weighted_masked_objective = weighted_objective

__all__ = [
    "Container",
    "Network",
    "Node",
    "batch_shuffle",
    "make_batches",
    "slice_X",
    "slice_arrays",
    "weighted_masked_objective",
    "weighted_objective",
]
