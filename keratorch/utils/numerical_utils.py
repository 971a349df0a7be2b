"""Labels as one-hot rows, and arrays of norm 1."""

from __future__ import annotations

import contextlib
from typing import Any

import numpy as np

from keratorch import ops
from keratorch.core import GradArray
from keratorch.symbolic import KerasTensor


def to_categorical(x: Any, num_classes: int | None = None) -> np.ndarray:
    """Return one-hot rows for integer labels.

    Parameters
    ----------
    x : (...) or (..., 1), integers in [0, num_classes), or texts of such: '7'.
    num_classes : int > 0, or None for ``max(x) + 1``.

    Returns
    -------
    (..., num_classes) float64, 1 in each label's column and 0 elsewhere.

    Raises
    ------
    TypeError : labels that are not numbers.
    ValueError : a negative or fractional label, or one that has no column.

    Examples
    --------
    >>> to_categorical([0, 2, 1])
    array([[1., 0., 0.],
           [0., 0., 1.],
           [0., 1., 0.]])
    """
    labels = _integers(x)
    if labels.ndim > 1 and labels.shape[-1] == 1:
        labels = labels[..., 0]
    if num_classes is None:
        if not labels.size:
            raise ValueError("x is empty: give num_classes.")
        num_classes = int(labels.max()) + 1
    _check_range(labels, num_classes)
    rows = np.zeros((labels.size, num_classes))
    rows[np.arange(labels.size), labels.reshape(-1)] = 1
    return rows.reshape((*labels.shape, num_classes))


def normalize(x: Any, axis: int = -1, order: Any = 2) -> Any:
    """Return `x` divided by its norm along `axis`; a zero vector stays zero.

    Parameters
    ----------
    x : array_like of numbers; a GradArray or symbolic array gives its like.
    axis : int.
    order : the norm: 2, 1, `np.inf`, ... as in `np.linalg.norm`.

    Examples
    --------
    >>> normalize([[3.0, 4.0], [0.0, 0.0]])
    array([[0.6, 0.8],
           [0. , 0. ]])
    """
    if isinstance(x, (GradArray, KerasTensor)):
        return ops.normalize(x, axis, order)
    x = np.asarray(x)
    norm = np.linalg.norm(x, order, axis, keepdims=True)
    return x / np.where(norm == 0, 1, norm)


def _integers(x: Any) -> np.ndarray:
    try:
        given = np.asarray(x)
    except ValueError as error:
        raise TypeError(
            "to_categorical needs an array of integers; received a list with parts of "
            "different lengths."
        ) from error
    if given.dtype.kind in "OUS":
        with contextlib.suppress(ValueError, TypeError):
            given = given.astype(np.float64)
    if given.dtype.kind not in "fiub":
        raise TypeError(
            f"to_categorical needs integers; received values of dtype {given.dtype}. "
            "Number the classes first: classes, x = np.unique(x, return_inverse=True)."
        )
    fractional = ~np.isfinite(given) | (given != np.floor(given))
    if fractional.any():
        raise ValueError(f"labels must be integers; {_first(given, fractional)}.")
    return given.astype(np.int64)


def _check_range(labels: np.ndarray, num_classes: int) -> None:
    if not isinstance(num_classes, (int, np.integer)) or num_classes < 1:
        raise ValueError(f"num_classes must be an int > 0; received {num_classes!r}.")
    wrong = (labels < 0) | (labels >= num_classes)
    if wrong.any():
        raise ValueError(
            f"labels must be from 0 to {num_classes - 1} for {num_classes} classes; "
            f"{_first(labels, wrong)}. Are the labels 1-based? Then subtract 1."
        )


def _first(values: np.ndarray, wrong: np.ndarray) -> str:
    where = np.unravel_index(int(np.argmax(wrong)), wrong.shape)
    place = ", ".join(str(int(i)) for i in where)
    at = f" at x[{place}]" if where else ""
    return f"received {values[where]}{at}"
