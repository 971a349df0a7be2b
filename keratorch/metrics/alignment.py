"""Arrays at a metric's door: as ndarrays, and of one rank where Keras makes them so."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import config
from keratorch.core import GradArray


def as_array(x: Any) -> np.ndarray:
    """Return `x` as an ndarray of numbers; Python floats are read as `floatx()`.

    Raises
    ------
    TypeError : strings, ragged lists, complex numbers, objects.
    """
    if isinstance(x, GradArray):
        return x._array  # a metric needs no gradient
    array = x if isinstance(x, np.ndarray) else _read(x)
    if array.dtype.kind not in "fiub":
        raise TypeError(
            f"metrics need numbers; received values of dtype {array.dtype}. "
            "Encode strings as integers, and pad ragged lists to one length."
        )
    return array


def _read(x: Any) -> np.ndarray:
    try:
        array = np.asarray(x)
    except ValueError as error:
        raise TypeError(
            "metrics need arrays of numbers; received a list with parts of different "
            "lengths. Pad them to one length."
        ) from error
    if array.dtype == np.float64 and not hasattr(x, "dtype"):
        return array.astype(config.floatx())
    return array


def as_float(x: Any) -> np.ndarray:
    """Return `x` as an ndarray of floats: differences of unsigned integers wrap."""
    array = as_array(x)
    return array if array.dtype.kind == "f" else array.astype(config.floatx())


def squeeze_or_expand_to_same_rank(
    a: np.ndarray, b: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return both arrays, a last axis of length 1 dropped or added in one of them.

    ``(n,)`` against ``(n, 1)`` becomes ``(n, 1)`` twice; ``(n, m)`` against
    ``(n, m, 1)`` becomes ``(n, m)`` twice; anything else stays as it is.
    """
    if a.ndim == b.ndim + 1 and a.shape[-1] == 1:
        return (a, b[:, None]) if b.ndim == 1 else (a[..., 0], b)
    if b.ndim == a.ndim + 1 and b.shape[-1] == 1:
        return (a[:, None], b) if a.ndim == 1 else (a, b[..., 0])
    return a, b


def align(y_true: np.ndarray, y_pred: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return both in one shape.

    Raises
    ------
    ValueError : shapes that NumPy would broadcast, or could not compare.
    """
    if y_true.shape == y_pred.shape:
        return y_true, y_pred
    y_true, y_pred = squeeze_or_expand_to_same_rank(y_true, y_pred)
    if y_true.shape != y_pred.shape:
        raise ValueError(
            "y_true and y_pred must have one shape; received y_true of shape "
            f"{y_true.shape} and y_pred of shape {y_pred.shape}. Reshape y_true, or "
            "give the last layer as many units as y_true has columns."
        )
    return y_true, y_pred


def float_pair(y_true: Any, y_pred: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return both in one shape, and of y_pred's float type."""
    y_true, y_pred = align(as_float(y_true), as_float(y_pred))
    return y_true.astype(y_pred.dtype, copy=False), y_pred


def mean_along(values: np.ndarray, axis: int = -1) -> np.ndarray:
    """Return the mean over one axis; a number is its own."""
    if not values.ndim:
        return values
    if values.dtype.itemsize < 4:
        return values.mean(axis=axis)  # a sum in float16 would overflow
    # np.mean takes three times as long on a small batch
    return np.add.reduce(values, axis=axis) / values.shape[axis]


def align_classes(
    y_true: np.ndarray, y_pred: np.ndarray, axis: int = -1
) -> tuple[np.ndarray, np.ndarray]:
    """Return integer labels without the class axis that y_pred has, and y_pred.

    Raises
    ------
    ValueError : shapes that do not belong together.
    """
    if not y_pred.ndim:
        raise ValueError("y_pred must have an axis of classes; received one number.")
    if y_true.ndim == y_pred.ndim and y_true.shape[axis] == 1:
        y_true = np.squeeze(y_true, axis)
    axis %= y_pred.ndim
    expected = y_pred.shape[:axis] + y_pred.shape[axis + 1 :]
    if y_true.shape == expected:
        return y_true, y_pred
    if y_true.shape == y_pred.shape:
        raise ValueError(
            f"y_true must hold one integer label per sample, of shape {expected}; "
            f"received shape {y_true.shape}, which looks one-hot. Use the metric "
            "without 'sparse' in its name, or np.argmax(y_true, axis=-1)."
        )
    raise ValueError(
        f"y_pred of shape {y_pred.shape} needs labels of shape {expected}; "
        f"received y_true of shape {y_true.shape}."
    )


def class_labels(y_true: np.ndarray, classes: int) -> np.ndarray:
    """Return labels as integers in [0, classes).

    Raises
    ------
    ValueError : a label that is no such integer: which one, and where.
    """
    labels = y_true.astype(np.intp)
    wrong = (labels < 0) | (labels >= classes) | (labels != y_true)
    if wrong.any():
        where = np.unravel_index(int(np.argmax(wrong)), wrong.shape)
        place = ", ".join(str(int(i)) for i in where)
        raise ValueError(
            f"labels must be integers from 0 to {classes - 1}, as y_pred has {classes} "
            f"classes; received {y_true[where]} at y_true[{place}]. Are the labels "
            "1-based? Then subtract 1."
        )
    return labels
