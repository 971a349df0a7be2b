"""How many predictions exceed each of many thresholds: one histogram, then sums."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from keratorch import config
from keratorch.metrics.alignment import align, as_array

#: Below any prediction.
NEVER = -1e10


class Counts(NamedTuple):
    """The (weighted) numbers of samples at each threshold: (thresholds,).

    Of a table with a row for each label: (thresholds, labels).
    """

    true_positives: np.ndarray
    false_positives: np.ndarray
    true_negatives: np.ndarray
    false_negatives: np.ndarray


class Thresholds:
    """Numbers from 0 to 1: a prediction above one is positive there.

    Parameters
    ----------
    values : sequence of float.
    dtype : float dtype in which predictions are compared.

    Examples
    --------
    >>> counts = Thresholds([0.25, 0.75], np.float32).count(
    ...     np.array([True, True, False]), np.array([0.5, 1.0, 0.5], np.float32)
    ... )
    >>> counts.true_positives.tolist(), counts.false_positives.tolist()
    ([2, 1], [1, 0])
    """

    def __init__(self, values: Sequence[float], dtype: Any):
        self.values = np.asarray(values, dtype)
        self.even = is_even(values)
        self._beyond = len(values) > 0 and values[0] < 0
        self._order = np.argsort(self.values, kind="stable")
        self._sorted = self.values[self._order]

    def __len__(self) -> int:
        return len(self.values)

    def passed(self, y_pred: np.ndarray) -> np.ndarray:
        """Return of how many thresholds each prediction is above; NaN of none."""
        if len(self.values) == 1:
            return (y_pred > self.values[0]).astype(np.intp)
        if not self.even:
            below = np.searchsorted(self._sorted, y_pred, side="left")
            return np.where(np.isnan(y_pred), 0, below)
        # As Keras does: the thresholds are i / (n - 1), so no search is needed.
        places = np.ceil(np.fmin(np.fmax(y_pred, 0), 1) * (len(self.values) - 1))
        passed = places.astype(np.intp)
        return np.maximum(passed, 1) if self._beyond else passed

    def count(
        self,
        y_true: np.ndarray,
        y_pred: np.ndarray,
        weight: np.ndarray | None = None,
        by_label: bool = False,
    ) -> Counts:
        """Return the counts at each threshold.

        Parameters
        ----------
        y_true : bool array.
        y_pred : array of floats of the same shape.
        weight : array of the same shape, or None for 1.
        by_label : bool, whether to count each column for itself.
        """
        steps = len(self.values) + 1
        columns = y_pred.shape[-1] if by_label else 1
        place = self.passed(y_pred) + steps * y_true
        if by_label:
            place += 2 * steps * np.arange(columns)
        flat = None if weight is None else weight.ravel().astype(np.float64)
        histogram = np.bincount(place.ravel(), flat, minlength=2 * steps * columns)
        histogram = histogram.reshape(columns, 2, steps)
        # Those that passed i thresholds or more are above threshold i - 1.
        above = np.cumsum(histogram[..., ::-1], axis=-1)[..., ::-1]
        total, above = above[..., :1], above[..., 1:]
        below = total - above
        if not self.even:
            back = np.argsort(self._order)
            above, below = above[..., back], below[..., back]
        parts = (above[:, 1], above[:, 0], below[:, 0], below[:, 1])
        return Counts(*(x.T if by_label else x[0] for x in parts))


def is_even(values: Sequence[float]) -> bool:
    """Return whether thresholds are 0, ..., 1 in equal steps, to `epsilon()`."""
    count = len(values)
    if count < 3:
        return False
    even = np.arange(count, dtype=np.float32) / (count - 1)
    return bool(np.allclose(values, even, atol=config.epsilon()))


def even_thresholds(count: int) -> list[float]:
    """Return `count` numbers from 0 to 1 in equal steps.

    Examples
    --------
    >>> even_thresholds(5)
    [0.0, 0.25, 0.5, 0.75, 1.0]
    """
    return [i / (count - 1) for i in range(count)]


def checked_thresholds(thresholds: Any, default: float) -> list[float]:
    """Return a number, or a sequence of numbers, from 0 to 1 as a list.

    Raises
    ------
    ValueError : a threshold outside [0, 1].
    """
    if thresholds is None:
        return [default]
    found = thresholds
    if not isinstance(thresholds, (list, tuple, np.ndarray)):
        found = [thresholds]
    for value in found:
        if value is None or not 0 <= value <= 1:
            raise ValueError(f"thresholds must be from 0 to 1; received {value!r}.")
    return [float(value) for value in found]


def prepared(
    y_true: Any,
    y_pred: Any,
    sample_weight: Any,
    dtype: Any,
    top_k: int | None = None,
    class_id: int | None = None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Return labels as bools, predictions, and None or weights, all of one shape.

    Parameters
    ----------
    y_true, y_pred : array_like (batch, ...) of one shape, or (n,) and (n, 1).
    sample_weight : array_like (batch,), or with more of the axes; None for 1.
    dtype : float dtype of the predictions.
    top_k : int, how many of the last axis's predictions count; the others become 0.
    class_id : int, the only place of the last axis that counts.

    Raises
    ------
    ValueError : shapes, a `top_k` or a `class_id` that do not fit.
    """
    labels, scores = align(as_array(y_true), as_array(y_pred).astype(dtype, copy=False))
    labels = labels != 0
    weight = None if sample_weight is None else as_array(sample_weight)
    if weight is not None:
        weight = _spread(weight, scores.shape)
    if top_k is not None:
        scores = _only_top(scores, top_k)
    if class_id is not None:
        if scores.ndim < 2 or not -scores.shape[-1] <= class_id < scores.shape[-1]:
            raise ValueError(
                f"class_id={class_id} needs y_pred with a last axis that has this "
                f"class; received shape {scores.shape}."
            )
        labels, scores = labels[..., class_id, None], scores[..., class_id, None]
        weight = None if weight is None else weight[..., class_id, None]
    return labels, scores, weight


def _spread(weight: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Return weights repeated along the axes that they lack."""
    given = weight.shape
    if weight.ndim > len(shape) and weight.shape[-1] == 1:
        weight = weight[..., 0]
    weight = weight.reshape(weight.shape + (1,) * (len(shape) - weight.ndim))
    try:
        return np.broadcast_to(weight, shape)
    except ValueError as error:
        raise ValueError(
            f"sample_weight of shape {given} does not belong to predictions of shape "
            f"{shape}. Give one weight per sample."
        ) from error


def _only_top(scores: np.ndarray, k: int) -> np.ndarray:
    """Return scores with all but the `k` highest of each row lowered to `NEVER`."""
    if not 1 <= k <= scores.shape[-1]:
        raise ValueError(
            f"top_k must be from 1 to the number of classes; received top_k={k} for "
            f"y_pred of shape {scores.shape}."
        )
    best = np.argsort(-scores, axis=-1, kind="stable")[..., :k]
    kept = np.full_like(scores, NEVER)
    np.put_along_axis(kept, best, np.take_along_axis(scores, best, -1), -1)
    return kept
