"""Functions of the old backend that move, repeat, join and pick elements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from keratorch import graph, ops
from keratorch.backend.tensors import tensor
from keratorch.layers import merging
from keratorch.symbolic import any_symbolic, is_symbolic, lifted, record_function


def reshape(x: Any, shape: Any) -> Any:
    """The same elements in another shape; one length may be -1.

    >>> reshape([1, 2, 3, 4], (2, -1)).shape
    (2, 2)
    """
    if is_symbolic(x) or any_symbolic(shape):
        return record_function(reshape, (x, shape), {})
    return np.reshape(tensor(x), tuple(int(n) for n in shape))


@lifted
def flatten(x: Any) -> Any:
    """All elements in one axis, that of the batch included."""
    return np.reshape(tensor(x), (-1,))


@lifted
def batch_flatten(x: Any) -> Any:
    """All elements of each sample in one axis.

    >>> batch_flatten(np.zeros((2, 3, 4))).shape
    (2, 12)
    """
    x = tensor(x)
    return np.reshape(x, (x.shape[0], int(np.prod(x.shape[1:]))))


@lifted
def permute_dimensions(x: Any, pattern: Sequence[int]) -> Any:
    """The axes in another order."""
    return np.transpose(tensor(x), tuple(pattern))


@lifted
def transpose(x: Any) -> Any:
    """The axes in reverse order."""
    return np.transpose(tensor(x))


@lifted
def expand_dims(x: Any, axis: int = -1) -> Any:
    """One axis more, of length 1."""
    return np.expand_dims(tensor(x), axis)


@lifted
def squeeze(x: Any, axis: int) -> Any:
    """Without an axis of length 1."""
    return np.squeeze(tensor(x), axis)


@lifted
def reverse(x: Any, axes: Any) -> Any:
    """The other way round along one axis or several."""
    return np.flip(tensor(x), tuple(axes) if isinstance(axes, list) else axes)


# Joining and repeating


@lifted
def concatenate(tensors: Sequence[Any], axis: int = -1) -> Any:
    """Tensors one behind the other along an axis."""
    return np.concatenate([tensor(x) for x in tensors], axis)


@lifted
def stack(x: Sequence[Any], axis: int = 0) -> Any:
    """Tensors of one shape along a new axis.

    >>> stack([[1, 2], [3, 4]], axis=1).numpy()
    array([[1, 3],
           [2, 4]], dtype=int32)
    """
    return np.stack([tensor(part) for part in x], axis)


@lifted
def tile(x: Any, n: Any) -> Any:
    """The whole tensor repeated, n times along each axis."""
    return np.tile(tensor(x), n if isinstance(n, int) else tuple(map(int, n)))


@lifted
def repeat(x: Any, n: int) -> Any:
    """(batch, features) as (batch, n, features): each sample at n time steps.

    Raises
    ------
    ValueError : not two axes. `repeat_elements` is for others.

    >>> repeat(np.ones((2, 3)), 4).shape
    (2, 4, 3)
    """
    x = tensor(x)
    if x.ndim != 2:
        raise ValueError(
            "repeat needs a tensor of shape (batch, features); received shape "
            f"{x.shape}. To repeat along an axis write repeat_elements(x, n, axis)."
        )
    return np.repeat(np.expand_dims(x, 1), n, axis=1)


@lifted
def repeat_elements(x: Any, rep: int, axis: int) -> Any:
    """Each element repeated along an axis: 1, 2 as 1, 1, 2, 2."""
    return np.repeat(tensor(x), rep, axis=axis)


# Products


@lifted
def dot(x: Any, y: Any) -> Any:
    """x's last axis times y's last but one: (2, 3) with (4, 3, 5) is (2, 4, 5).

    >>> dot(np.ones((2, 3)), np.ones((4, 3, 5))).shape
    (2, 4, 5)
    """
    return np.dot(tensor(x), tensor(y))


@lifted
def batch_dot(x: Any, y: Any, axes: Any = None) -> Any:
    """The products of the samples of two batches, summed along an axis of each.

    Where the ranks differ, as 3 and 4, and all axes but the last ones agree, each of
    them counts as a batch, as in Keras before 2.3: capsule layers are written so.

    Parameters
    ----------
    x, y : (batch, ...).
    axes : int, or a pair of int: the axis of x and that of y that are summed up. By
        default the last one of x, and the last but one of y, or its last where y has
        two axes.

    Returns
    -------
    (batch, ...) : the axes that are left of x, then those of y; (batch, 1) if none are.

    Raises
    ------
    ValueError : shapes that do not fit, or an axis of the batch.

    >>> batch_dot(np.ones((8, 2, 3)), np.ones((8, 3, 5))).shape
    (8, 2, 5)
    >>> batch_dot(np.ones((8, 3)), np.ones((8, 3)), axes=1).shape
    (8, 1)
    >>> batch_dot(np.ones((8, 2, 3)), np.ones((8, 2, 3, 5)), axes=[2, 2]).shape
    (8, 2, 5)
    """
    x, y = tensor(x), tensor(y)
    if isinstance(axes, (list, tuple)) and len(axes) == 2:
        if _are_vectors(x, axes[0], y, axes[1]):
            return (np.moveaxis(y, axes[1], -1) @ x[..., None])[..., 0]
        if _are_vectors(y, axes[1], x, axes[0]):
            return (np.moveaxis(x, axes[0], -1) @ y[..., None])[..., 0]
    return merging.batch_dot(x, y, axes)


def _are_vectors(x: Any, of_x: int, y: Any, of_y: int) -> bool:
    """Return whether `x` holds a vector for each matrix of `y`, and they are summed."""
    if x.ndim < 3 or y.ndim != x.ndim + 1:
        return False
    last = of_x % x.ndim == x.ndim - 1 and of_y % y.ndim >= y.ndim - 2
    return last and x.shape[:-1] == y.shape[:-2] and x.shape[-1] == y.shape[of_y]


# Picking


@lifted
def gather(reference: Any, indices: Any) -> Any:
    """The rows of a tensor at some places.

    >>> gather([[1, 2], [3, 4]], [1, 1]).numpy()
    array([[3, 4],
           [3, 4]], dtype=int32)
    """
    places = np.asarray(graph.plain(indices)).astype(np.intp)
    return np.take(tensor(reference), places, axis=0)


@lifted
def slice(x: Any, start: Any, size: Any) -> Any:
    """The block of a size that begins at some place; -1 is all that is left."""
    x = tensor(x)
    sizes = [
        n - int(a) if int(s) == -1 else int(s)
        for n, a, s in zip(x.shape, start, size, strict=True)
    ]
    return ops.slice(x, [int(a) for a in start], sizes)


@lifted
def one_hot(indices: Any, num_classes: int) -> Any:
    """1 at each label and 0 elsewhere, along a new last axis."""
    return tensor(ops.one_hot(indices, num_classes))


@lifted
def in_top_k(predictions: Any, targets: Any, k: int) -> Any:
    """Whether the score of each target is among the k largest of its row."""
    return tensor(ops.in_top_k(targets, predictions, k))
