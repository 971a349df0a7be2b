"""The formulas behind the metrics: one value per sample, on ndarrays.

Each takes ``y_true`` and ``y_pred``, aligns ``(n,)`` with ``(n, 1)``, and returns an
array without the last axis, except where it says otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from keratorch import config
from keratorch.metrics.alignment import (
    align,
    align_classes,
    as_array,
    as_float,
    class_labels,
    float_pair,
    mean_along,
    squeeze_or_expand_to_same_rank,
)
from keratorch.metrics.correlation_functions import (
    concordance_correlation,
    pearson_correlation,
)
from keratorch.metrics.differentiable import as_loss, as_score
from keratorch.metrics.margin_functions import categorical_hinge, hinge, squared_hinge
from keratorch.metrics.probability_functions import (
    binary_crossentropy,
    binary_focal_crossentropy,
    categorical_crossentropy,
    categorical_focal_crossentropy,
    kl_divergence,
    poisson,
    sparse_categorical_crossentropy,
)


@as_score
def accuracy(y_true: Any, y_pred: Any) -> np.ndarray:
    """Return 1 where ``y_true == y_pred``, else 0, in their shape.

    Examples
    --------
    >>> accuracy([1, 2], [1, 3])
    array([1., 0.], dtype=float32)
    """
    y_true, y_pred = align(as_array(y_true), as_array(y_pred))
    return (y_true == y_pred).astype(config.floatx())


@as_score
def binary_accuracy(y_true: Any, y_pred: Any, threshold: float = 0.5) -> np.ndarray:
    """Return 1 where ``y_true == (y_pred > threshold)``, else 0, in their shape.

    Examples
    --------
    >>> binary_accuracy([1, 0], [0.9, 0.6])
    array([1., 0.], dtype=float32)
    """
    y_true, y_pred = align(as_array(y_true), as_array(y_pred))
    return (y_true == (y_pred > threshold)).astype(config.floatx())


@as_score
def categorical_accuracy(y_true: Any, y_pred: Any) -> np.ndarray:
    """Return 1 where one-hot labels and predictions have one argmax, else 0.

    Examples
    --------
    >>> categorical_accuracy([[0, 1], [1, 0]], [[0.2, 0.8], [0.3, 0.7]])
    array([1., 0.], dtype=float32)
    """
    y_true, y_pred = _one_hot(y_true, y_pred)
    matches = y_true.argmax(axis=-1) == y_pred.argmax(axis=-1)
    return np.asarray(matches, config.floatx())


@as_score
def sparse_categorical_accuracy(y_true: Any, y_pred: Any) -> np.ndarray:
    """Return 1 where the integer label is the argmax of the prediction, else 0.

    Parameters
    ----------
    y_true : (...) or (..., 1), labels.
    y_pred : (..., classes), scores.

    Examples
    --------
    >>> sparse_categorical_accuracy([1, 0], [[0.2, 0.8], [0.3, 0.7]])
    array([1., 0.], dtype=float32)
    """
    y_true, y_pred = align_classes(as_array(y_true), as_array(y_pred))
    return np.asarray(y_true == y_pred.argmax(axis=-1), config.floatx())


@as_score
def top_k_categorical_accuracy(y_true: Any, y_pred: Any, k: int = 5) -> np.ndarray:
    """Return 1 where the one-hot label's score is among the `k` highest, else 0.

    Examples
    --------
    >>> top_k_categorical_accuracy([[0, 0, 1]], [[0.5, 0.1, 0.4]], k=2)
    array([1.], dtype=float32)
    """
    y_true, y_pred = _one_hot(y_true, y_pred)
    return _in_top_k(y_true.argmax(axis=-1), y_pred, k)


@as_score
def sparse_top_k_categorical_accuracy(
    y_true: Any, y_pred: Any, k: int = 5, from_sorted_ids: bool = False
) -> np.ndarray:
    """Return 1 where the integer label is among the `k` best classes, else 0.

    Parameters
    ----------
    y_true : (...) or (..., 1), labels.
    y_pred : (..., classes), scores; with `from_sorted_ids` (..., n), the numbers of
        the best n classes, best first.
    k : int > 0.

    Examples
    --------
    >>> sparse_top_k_categorical_accuracy([2, 1], [[0.5, 0.1, 0.4]] * 2, k=2)
    array([1., 0.], dtype=float32)
    """
    y_true, y_pred = align_classes(as_array(y_true), as_array(y_pred))
    if not from_sorted_ids:
        return _in_top_k(class_labels(y_true, y_pred.shape[-1]), y_pred, k)
    matches = (y_true[..., None] == y_pred[..., : _checked_k(k)]).any(axis=-1)
    return np.asarray(matches, config.floatx())


@as_loss
def mean_squared_error(y_true: Any, y_pred: Any) -> np.ndarray:
    """Return ``mean((y_true - y_pred)**2)`` over the last axis.

    Examples
    --------
    >>> mean_squared_error([[0.0, 1.0]], [[1.0, 1.0]])
    array([0.5], dtype=float32)
    """
    y_true, y_pred = float_pair(y_true, y_pred)
    return mean_along(np.square(y_true - y_pred))


@as_loss
def mean_absolute_error(y_true: Any, y_pred: Any) -> np.ndarray:
    """Return ``mean(abs(y_true - y_pred))`` over the last axis.

    Examples
    --------
    >>> mean_absolute_error([[0.0, 1.0]], [[3.0, 1.0]])
    array([1.5], dtype=float32)
    """
    y_true, y_pred = float_pair(y_true, y_pred)
    return mean_along(np.abs(y_true - y_pred))


@as_loss
def mean_absolute_percentage_error(y_true: Any, y_pred: Any) -> np.ndarray:
    """Return ``100 * mean(abs((y_true - y_pred) / y_true))`` over the last axis.

    `y_true` is taken as at least `epsilon()` away from 0.

    Examples
    --------
    >>> mean_absolute_percentage_error([[2.0, 4.0]], [[1.0, 4.0]])
    array([25.], dtype=float32)
    """
    y_true, y_pred = float_pair(y_true, y_pred)
    ratio = (y_true - y_pred) / np.maximum(np.abs(y_true), config.epsilon())
    return 100 * mean_along(np.abs(ratio))


@as_loss
def mean_squared_logarithmic_error(y_true: Any, y_pred: Any) -> np.ndarray:
    """Return ``mean((log(y_true + 1) - log(y_pred + 1))**2)`` over the last axis.

    Values below `epsilon()` are taken as `epsilon()`.

    Examples
    --------
    >>> mean_squared_logarithmic_error([[0.0, 1.0]], [[0.0, 1.0]])
    array([0.], dtype=float32)
    """
    y_true, y_pred = float_pair(y_true, y_pred)
    log_pred = np.log(np.maximum(y_pred, config.epsilon()) + 1)
    log_true = np.log(np.maximum(y_true, config.epsilon()) + 1)
    return mean_along(np.square(log_pred - log_true))


@as_loss
def huber(y_true: Any, y_pred: Any, delta: float = 1.0) -> np.ndarray:
    """Return the mean over the last axis of a square that goes on as a line.

    With e = y_pred - y_true: ``e**2 / 2`` where ``abs(e) <= delta``, else
    ``delta * abs(e) - delta**2 / 2``.

    Examples
    --------
    >>> huber([[0.0, 0.0]], [[1.0, 3.0]])
    array([1.5], dtype=float32)
    """
    y_true, y_pred = float_pair(y_true, y_pred)
    error = np.abs(y_pred - y_true)
    line = delta * error - 0.5 * delta * delta
    return mean_along(np.where(error <= delta, 0.5 * np.square(error), line))


@as_loss
def log_cosh(y_true: Any, y_pred: Any) -> np.ndarray:
    """Return ``mean(log(cosh(y_pred - y_true)))`` over the last axis.

    Examples
    --------
    >>> log_cosh([[0.0, 1.0]], [[0.0, 1.0]])
    array([0.], dtype=float32)
    """
    y_true, y_pred = float_pair(y_true, y_pred)
    error = np.abs(y_pred - y_true)
    # log(cosh(x)) = x + log(1 + exp(-2x)) - log(2): cosh would overflow
    return mean_along(error + np.log1p(np.exp(-2 * error)) - math.log(2))


@as_score
def cosine_similarity(y_true: Any, y_pred: Any, axis: int = -1) -> np.ndarray:
    """Return ``sum(y_true * y_pred) / (norm(y_true) * norm(y_pred))`` along `axis`.

    Examples
    --------
    >>> cosine_similarity([[1.0, 0.0]], [[2.0, 0.0]])
    array([1.], dtype=float32)
    """
    pair = squeeze_or_expand_to_same_rank(as_float(y_true), as_float(y_pred))
    y_true, y_pred = float_pair(*(_unit(x, axis) for x in pair))
    return np.sum(y_true * y_pred, axis=axis)


#: The functions of which less is better.
ERRORS = (
    binary_crossentropy,
    binary_focal_crossentropy,
    categorical_crossentropy,
    categorical_focal_crossentropy,
    categorical_hinge,
    hinge,
    huber,
    kl_divergence,
    log_cosh,
    mean_absolute_error,
    mean_absolute_percentage_error,
    mean_squared_error,
    mean_squared_logarithmic_error,
    poisson,
    sparse_categorical_crossentropy,
    squared_hinge,
)
_SCORES = (
    accuracy,
    binary_accuracy,
    categorical_accuracy,
    concordance_correlation,
    cosine_similarity,
    pearson_correlation,
    sparse_categorical_accuracy,
    sparse_top_k_categorical_accuracy,
    top_k_categorical_accuracy,
)
#: Each function by its name.
FUNCTIONS: dict[str, Callable[..., np.ndarray]] = {
    function.__name__: function for function in (*ERRORS, *_SCORES)
}


def _one_hot(y_true: Any, y_pred: Any) -> tuple[np.ndarray, np.ndarray]:
    y_true, y_pred = as_array(y_true), as_array(y_pred)
    if y_true.shape != y_pred.shape:
        raise ValueError(
            f"y_true must be one-hot, of y_pred's shape {y_pred.shape}; received shape "
            f"{y_true.shape}. For integer labels use the metric with 'sparse' in its "
            "name, or to_categorical(y_true)."
        )
    return y_true, y_pred


def _checked_k(k: int) -> int:
    if k < 1:
        raise ValueError(f"k must be an int > 0; received {k}.")
    return k


def _in_top_k(labels: np.ndarray, scores: np.ndarray, k: int) -> np.ndarray:
    best = min(_checked_k(k), scores.shape[-1])
    # Scores equal to the k-th are in, as in Keras.
    last = np.partition(scores, -best, axis=-1)[..., -best]
    own = np.take_along_axis(scores, labels[..., None], axis=-1)[..., 0]
    return np.asarray(own >= last, config.floatx())


def _unit(x: np.ndarray, axis: int) -> np.ndarray:
    norm = np.sqrt(np.sum(np.square(x), axis=axis, keepdims=True))
    return x / np.maximum(norm, config.epsilon())
