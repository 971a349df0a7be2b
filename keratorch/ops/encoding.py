"""Encoding: integer labels as rows of zeros and ones."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import config
from keratorch.ops.arrays import as_numbers


def one_hot(
    x: Any, num_classes: int, axis: int = -1, dtype: Any = None, sparse: bool = False
) -> np.ndarray:
    """1 at each label and 0 elsewhere, along a new axis; all 0 for other labels.

    Parameters
    ----------
    x : array_like of integer labels, of any shape.
    num_classes : int, the length of the new axis.
    axis : int, where the new axis goes.
    dtype : dtype, by default `floatx()`.
    sparse : False; NumPy has no sparse arrays.

    >>> one_hot([0, 2], 3)
    array([[1., 0., 0.],
           [0., 0., 1.]], dtype=float32)
    """
    if sparse:
        raise ValueError("one_hot: sparse=True is not supported. Leave it out.")
    labels = np.expand_dims(as_numbers(x), axis)
    shape = [1] * labels.ndim
    shape[axis] = -1
    hit = labels == np.arange(num_classes).reshape(shape)
    return hit.astype(dtype or config.floatx())


def multi_hot(
    inputs: Any,
    num_classes: int | None = None,
    axis: int = -1,
    dtype: Any = None,
    sparse: bool = False,
    **kwargs: Any,
) -> np.ndarray:
    """1 at each class that is among the labels of a sample, and 0 elsewhere.

    Parameters
    ----------
    inputs : (batch, labels) array_like of integers, or (labels,) of one sample. What
        is no class, such as -1, counts for nothing.
    num_classes : int, the length of the new axis.
    axis : int, where the new axis goes, before that of the labels is reduced.
    dtype : dtype, by default `floatx()`.
    sparse : False; NumPy has no sparse arrays.

    Raises
    ------
    ValueError : no num_classes, or sparse=True.

    >>> multi_hot([[0, 2], [1, 1]], 3)
    array([[1., 0., 1.],
           [0., 1., 0.]], dtype=float32)
    """
    if sparse:
        raise ValueError("multi_hot: sparse=True is not supported. Leave it out.")
    if num_classes is None:
        num_classes = kwargs.pop("num_tokens", None)  # Keras's older name
    if num_classes is None or kwargs:
        unknown = f"; received {', '.join(kwargs)}" if kwargs else ""
        raise ValueError(
            f"multi_hot needs num_classes, the number of classes{unknown}."
        )
    hot = one_hot(inputs, num_classes, axis=axis, dtype=dtype)
    return hot.max(axis=1 if hot.ndim > 2 else 0)
