"""Targets and predictions of one shape: aligned as Keras does, never broadcast.

Only a plain number stands for any shape: it is the target of every prediction.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.ops.arrays import as_floats, cast

Shape = tuple[int, ...]


def same_rank(a: Shape, b: Shape) -> tuple[Shape, Shape]:
    """Return both shapes, a last axis of length 1 added to or dropped from one.

    Examples
    --------
    >>> same_rank((32,), (32, 1))
    ((32, 1), (32, 1))
    >>> same_rank((32, 7), (32, 7, 1))
    ((32, 7), (32, 7))
    >>> same_rank((32,), (32, 10))
    ((32,), (32, 10))
    """
    if len(a) == len(b) + 1 and a[-1] == 1:
        return (a, (*b, 1)) if len(b) == 1 else (a[:-1], b)
    if len(b) == len(a) + 1 and b[-1] == 1:
        return ((*a, 1), b) if len(a) == 1 else (a, b[:-1])
    return a, b


def align(a: Any, b: Any) -> tuple[Any, Any]:
    """Return both arrays in the shapes that `same_rank` gives them."""
    if a.ndim == b.ndim:
        return a, b
    a_shape, b_shape = same_rank(a.shape, b.shape)
    return (
        a if a.shape == a_shape else np.reshape(a, a_shape),
        b if b.shape == b_shape else np.reshape(b, b_shape),
    )


def paired(y_true: Any, y_pred: Any) -> tuple[Any, Any]:
    """Return both as arrays of y_pred's float type.

    A number as y_true is the target of every prediction.

    Raises
    ------
    ValueError : different shapes, or no axis to take a mean over.
    """
    y_pred = as_floats(y_pred)
    y_true = cast(y_true, y_pred._array.dtype)
    if not y_true.ndim:
        y_true = np.broadcast_to(y_true, y_pred.shape)
    if y_true.shape != y_pred.shape:
        raise shape_error("A loss function", y_true.shape, y_pred.shape)
    if not y_true.ndim:
        raise ValueError(
            "A loss function takes the mean over the last axis; received two numbers. "
            "Pass arrays, as in [[y_true]] and y_pred[None]."
        )
    return y_true, y_pred


def shape_error(name: str, true: Shape, pred: Shape) -> ValueError:
    """The error for shapes that NumPy would broadcast, or could not compare."""
    if same_rank(true, pred)[0] == same_rank(true, pred)[1]:
        fix = f"Use y_true.reshape({pred}); a loss object, or fit, does so by itself."
    elif true[:1] != pred[:1]:
        fix = "They hold different numbers of samples."
    elif len(true) == len(pred) and true[:-1] == pred[:-1]:
        fix = (
            f"Give y_true {pred[-1]} column{'s' * (pred[-1] != 1)}, or the last layer "
            f"{true[-1]} unit{'s' * (true[-1] != 1)}."
        )
    elif true == pred[:-1]:
        fix = (
            "For integer labels use sparse_categorical_crossentropy, or "
            f"to_categorical(y_true, {pred[-1]}); for numbers give y_true {pred[-1]} "
            "columns, or the last layer 1 unit."
        )
    else:
        fix = f"Reshape y_true to {pred}, or change the last layers."
    return ValueError(
        f"{name} compares y_true and y_pred element by element, in one shape; received "
        f"y_true of shape {true} and y_pred of shape {pred}. {fix}"
    )
