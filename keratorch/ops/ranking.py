"""What stands in an array: the largest numbers, and the different ones."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import graph
from keratorch.ops.conversion import convert_to_tensor


def nanargmax(x: Any, axis: int | None = None, keepdims: bool = False) -> Any:
    """Where the largest number along an axis stands that is not NaN; -1 if all are.

    >>> nanargmax(np.array([[1.0, np.nan], [np.nan, np.nan]]), axis=1)
    array([ 0, -1])
    """
    return _past_nan(np.argmax, -np.inf, x, axis, keepdims)


def nanargmin(x: Any, axis: int | None = None, keepdims: bool = False) -> Any:
    """Where the smallest number along an axis stands that is not NaN; -1 if all are.

    >>> print(nanargmin(np.array([np.nan, 2.0, 1.0])))
    2
    """
    return _past_nan(np.argmin, np.inf, x, axis, keepdims)


def _past_nan(
    function: Any, last: float, x: Any, axis: int | None, keepdims: bool
) -> Any:
    values = np.asarray(graph.value(x))
    if values.dtype.kind not in "fc":
        return function(values, axis=axis, keepdims=keepdims)
    missing = np.isnan(values)
    places = function(np.where(missing, last, values), axis=axis, keepdims=keepdims)
    return np.where(missing.all(axis=axis, keepdims=keepdims), -1, places)[()]


def top_k(x: Any, k: int, sorted: bool = True) -> tuple[Any, np.ndarray]:
    """The k largest numbers along the last axis, and where they stand.

    Parameters
    ----------
    x : array_like.
    k : int, how many.
    sorted : bool, ignored: the largest come first. Of equal ones so does the first.

    Raises
    ------
    ValueError : an axis with less than k numbers.

    >>> values, places = top_k([1.0, 3.0, 2.0], k=2)
    >>> print(values.numpy(), places)
    [3. 2.] [1 2]
    """
    x = convert_to_tensor(x)
    _check_k("top_k", k, x.shape)
    # the other way round and back: of equal ones, the first
    turned = np.argsort(x.numpy()[..., ::-1], axis=-1, kind="stable")[..., ::-1][
        ..., :k
    ]
    places = x.shape[-1] - 1 - turned
    return np.take_along_axis(x, places, axis=-1), places.astype(np.int32)


def in_top_k(targets: Any, predictions: Any, k: int) -> np.ndarray:
    """Whether the score of each target is among the k largest of its row.

    Parameters
    ----------
    targets : (batch,) integers.
    predictions : (batch, classes).
    k : int.

    Raises
    ------
    ValueError : shapes that do not fit, or fewer than k classes.

    >>> in_top_k([0, 1], [[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]], k=2)
    array([False,  True])
    """
    labels = np.asarray(graph.plain(targets))
    scores = convert_to_tensor(predictions).numpy()
    if scores.ndim != 2 or labels.shape != scores.shape[:1]:
        raise ValueError(
            "in_top_k needs targets of shape (batch,) and predictions of shape (batch, "
            f"classes); received shapes {labels.shape} and {scores.shape}."
        )
    _check_k("in_top_k", k, scores.shape)
    least = np.sort(scores, axis=-1)[:, -k]
    own = np.take_along_axis(scores, labels[:, None].astype(np.intp), axis=-1)[:, 0]
    return own >= least


def unique(
    x: Any,
    sorted: bool = True,
    return_index: bool = False,
    return_inverse: bool = False,
    return_counts: bool = False,
    axis: int | None = None,
    size: int | None = None,
    fill_value: Any = None,
) -> Any:
    """The different numbers of x in ascending order; each NaN is one of its own.

    Parameters
    ----------
    x : array_like. No gradient flows to it.
    sorted : bool, ignored: they come in order.
    return_index, return_inverse, return_counts : bool, whether to return as well where
        each stands first, which of them each number of x is, and how often each comes.
    axis : int, to compare the parts along an axis in place of numbers.
    size : int, to which the result is cut, or filled up with `fill_value`; places with
        the first of them, and counts with 0.
    fill_value : number, by default 0.

    >>> unique([3, 1, 3], return_counts=True)
    (array([1, 3], dtype=int32), array([1, 2]))
    """
    values = convert_to_tensor(x).numpy()
    asked: Any = return_index, return_inverse, return_counts
    found: Any = np.unique(values, *asked, axis=axis, equal_nan=False)  # type: ignore[call-overload]
    if size is None:
        return found
    results = found if isinstance(found, tuple) else (found,)
    names = ["values"]
    named = zip(asked, ("index", "inverse", "counts"), strict=True)
    names += [name for wanted, name in named if wanted]
    fills = {"values": 0 if fill_value is None else fill_value}
    if return_index:
        fills["index"] = results[1][0] if len(results[1]) else 0
    fitted = tuple(
        part
        if name == "inverse"
        else _of_length(part, size, axis if name == "values" else 0, fills.get(name, 0))
        for name, part in zip(names, results, strict=True)
    )
    return fitted if isinstance(found, tuple) else fitted[0]


def _of_length(part: np.ndarray, size: int, axis: int | None, fill: Any) -> np.ndarray:
    """Return an array cut, or filled up, to a length along an axis."""
    part = np.moveaxis(part, axis or 0, 0)[:size]
    rest = np.full((size - len(part), *part.shape[1:]), fill, part.dtype)
    return np.moveaxis(np.concatenate([part, rest]), 0, axis or 0)


def _check_k(name: str, k: int, shape: tuple[int, ...]) -> None:
    if not shape or not 1 <= k <= shape[-1]:
        raise ValueError(
            f"{name}: k must be from 1 to the length of the last axis; received k={k} "
            f"for shape {shape}."
        )


def bincount(
    x: Any, weights: Any = None, minlength: int = 0, sparse: bool = False
) -> Any:
    """How often 0, 1, 2, ... occur, or how much they weigh together.

    Parameters
    ----------
    x : (n,) or (rows, n) integers, none of them negative; rows are counted each.
    weights : array_like of the shape of x.
    minlength : int, the least length of the result.
    sparse : False; NumPy has no such arrays.

    Raises
    ------
    ValueError : sparse=True, or x of another number of axes.

    >>> bincount([1, 1, 3])
    array([0, 2, 0, 1], dtype=int32)
    """
    if sparse:
        raise ValueError("bincount: NumPy has no sparse arrays. Leave sparse out.")
    x = np.asarray(graph.plain(x))
    if x.ndim not in (1, 2):
        raise ValueError(
            f"bincount needs x of shape (n,) or (rows, n); received {x.shape}."
        )
    weights = None if weights is None else convert_to_tensor(weights)
    if x.ndim == 2:
        length = max(minlength, int(x.max(initial=-1)) + 1)
        heavy = [None] * len(x) if weights is None else weights
        counted = [bincount(row, w, length) for row, w in zip(x, heavy, strict=True)]
        return np.stack(counted)
    if weights is None:
        return np.bincount(x, None, minlength).astype("int32")
    return np.bincount(x, weights, minlength).astype(weights.dtype)
