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
)


def accuracy(y_true: Any, y_pred: Any) -> np.ndarray:
    """Return 1 where ``y_true == y_pred``, else 0, in their shape.

    Examples
    --------
    >>> accuracy([1, 2], [1, 3])
    array([1., 0.], dtype=float32)
    """
    y_true, y_pred = align(as_array(y_true), as_array(y_pred))
    return (y_true == y_pred).astype(config.floatx())


def binary_accuracy(y_true: Any, y_pred: Any, threshold: float = 0.5) -> np.ndarray:
    """Return 1 where ``y_true == (y_pred > threshold)``, else 0, in their shape.

    Examples
    --------
    >>> binary_accuracy([1, 0], [0.9, 0.6])
    array([1., 0.], dtype=float32)
    """
    y_true, y_pred = align(as_array(y_true), as_array(y_pred))
    return (y_true == (y_pred > threshold)).astype(config.floatx())


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


def top_k_categorical_accuracy(y_true: Any, y_pred: Any, k: int = 5) -> np.ndarray:
    """Return 1 where the one-hot label's score is among the `k` highest, else 0.

    Examples
    --------
    >>> top_k_categorical_accuracy([[0, 0, 1]], [[0.5, 0.1, 0.4]], k=2)
    array([1.], dtype=float32)
    """
    y_true, y_pred = _one_hot(y_true, y_pred)
    return _in_top_k(y_true.argmax(axis=-1), y_pred, k)


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


def mean_squared_error(y_true: Any, y_pred: Any) -> np.ndarray:
    """Return ``mean((y_true - y_pred)**2)`` over the last axis.

    Examples
    --------
    >>> mean_squared_error([[0.0, 1.0]], [[1.0, 1.0]])
    array([0.5], dtype=float32)
    """
    y_true, y_pred = _floats(y_true, y_pred)
    return _mean(np.square(y_true - y_pred))


def mean_absolute_error(y_true: Any, y_pred: Any) -> np.ndarray:
    """Return ``mean(abs(y_true - y_pred))`` over the last axis.

    Examples
    --------
    >>> mean_absolute_error([[0.0, 1.0]], [[3.0, 1.0]])
    array([1.5], dtype=float32)
    """
    y_true, y_pred = _floats(y_true, y_pred)
    return _mean(np.abs(y_true - y_pred))


def mean_absolute_percentage_error(y_true: Any, y_pred: Any) -> np.ndarray:
    """Return ``100 * mean(abs((y_true - y_pred) / y_true))`` over the last axis.

    `y_true` is taken as at least `epsilon()` away from 0.

    Examples
    --------
    >>> mean_absolute_percentage_error([[2.0, 4.0]], [[1.0, 4.0]])
    array([25.], dtype=float32)
    """
    y_true, y_pred = _floats(y_true, y_pred)
    ratio = (y_true - y_pred) / np.maximum(np.abs(y_true), config.epsilon())
    return 100 * _mean(np.abs(ratio))


def mean_squared_logarithmic_error(y_true: Any, y_pred: Any) -> np.ndarray:
    """Return ``mean((log(y_true + 1) - log(y_pred + 1))**2)`` over the last axis.

    Values below `epsilon()` are taken as `epsilon()`.

    Examples
    --------
    >>> mean_squared_logarithmic_error([[0.0, 1.0]], [[0.0, 1.0]])
    array([0.], dtype=float32)
    """
    y_true, y_pred = _floats(y_true, y_pred)
    log_pred = np.log(np.maximum(y_pred, config.epsilon()) + 1)
    log_true = np.log(np.maximum(y_true, config.epsilon()) + 1)
    return _mean(np.square(log_pred - log_true))


def log_cosh(y_true: Any, y_pred: Any) -> np.ndarray:
    """Return ``mean(log(cosh(y_pred - y_true)))`` over the last axis.

    Examples
    --------
    >>> log_cosh([[0.0, 1.0]], [[0.0, 1.0]])
    array([0.], dtype=float32)
    """
    y_true, y_pred = _floats(y_true, y_pred)
    error = np.abs(y_pred - y_true)
    # log(cosh(x)) = x + log(1 + exp(-2x)) - log(2): cosh would overflow
    return _mean(error + np.log1p(np.exp(-2 * error)) - math.log(2))


def cosine_similarity(y_true: Any, y_pred: Any, axis: int = -1) -> np.ndarray:
    """Return ``sum(y_true * y_pred) / (norm(y_true) * norm(y_pred))`` along `axis`.

    Examples
    --------
    >>> cosine_similarity([[1.0, 0.0]], [[2.0, 0.0]])
    array([1.], dtype=float32)
    """
    y_true, y_pred = _floats(y_true, y_pred)
    return np.sum(_unit(y_true, axis) * _unit(y_pred, axis), axis=axis)


def binary_crossentropy(
    y_true: Any,
    y_pred: Any,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> np.ndarray:
    """Return the mean of ``-y log(p) - (1 - y) log(1 - p)`` along `axis`.

    Parameters
    ----------
    y_true, y_pred : (batch, ...), labels in [0, 1] and probabilities or logits.
    from_logits : bool, whether p is ``sigmoid(y_pred)``.
    label_smoothing : float in [0, 1], pulls the labels that far towards 0.5.

    Examples
    --------
    >>> binary_crossentropy([[1.0]], [[0.5]])
    array([0.6931472], dtype=float32)
    """
    y, p = _floats(y_true, y_pred)
    y = y * (1 - label_smoothing) + 0.5 * label_smoothing
    if from_logits:
        # log(1 + exp(-|p|)): exp would overflow
        loss = np.maximum(p, 0) - p * y + np.log1p(np.exp(-np.abs(p)))
    else:
        p = np.clip(p, config.epsilon(), 1 - config.epsilon())
        loss = -y * np.log(p) - (1 - y) * np.log1p(-p)
    return _mean(loss, axis)


def categorical_crossentropy(
    y_true: Any,
    y_pred: Any,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> np.ndarray:
    """Return ``-sum(y_true * log(p))`` along `axis`, p normalized to sum 1.

    Parameters
    ----------
    y_true, y_pred : (..., classes), one-hot labels and probabilities or logits.
    from_logits : bool, whether p is ``softmax(y_pred)``.
    label_smoothing : float in [0, 1], pulls the labels that far towards 1 / classes.

    Examples
    --------
    >>> categorical_crossentropy([[1.0, 0.0]], [[0.5, 0.5]])
    array([0.6931472], dtype=float32)
    """
    y_true, y_pred = _floats(y_true, y_pred)
    if label_smoothing:
        smooth = label_smoothing / y_true.shape[-1]
        y_true = y_true * (1 - label_smoothing) + smooth
    return -np.sum(y_true * _log_probabilities(y_pred, from_logits, axis), axis=axis)


def sparse_categorical_crossentropy(
    y_true: Any,
    y_pred: Any,
    from_logits: bool = False,
    ignore_class: int | None = None,
    axis: int = -1,
) -> np.ndarray:
    """Return ``-log(p[y_true])`` along `axis`, p normalized to sum 1.

    Parameters
    ----------
    y_true : (...) or (..., 1), labels.
    y_pred : (..., classes), probabilities or logits.
    from_logits : bool, whether p is ``softmax(y_pred)``.
    ignore_class : int, a label whose samples have the value 0; or None.

    Examples
    --------
    >>> sparse_categorical_crossentropy([0], [[0.5, 0.5]])
    array([0.6931472], dtype=float32)
    """
    labels, y_pred = align_classes(as_array(y_true), as_float(y_pred), axis)
    valid = labels != ignore_class
    labels = class_labels(np.where(valid, labels, 0), y_pred.shape[axis])
    logs = _log_probabilities(y_pred, from_logits, axis)
    chosen = np.take_along_axis(logs, np.expand_dims(labels, axis), axis)
    return np.where(valid, -np.squeeze(chosen, axis), logs.dtype.type(0))


#: Each function by its name.
FUNCTIONS: dict[str, Callable[..., np.ndarray]] = {
    "accuracy": accuracy,
    "binary_accuracy": binary_accuracy,
    "binary_crossentropy": binary_crossentropy,
    "categorical_accuracy": categorical_accuracy,
    "categorical_crossentropy": categorical_crossentropy,
    "cosine_similarity": cosine_similarity,
    "log_cosh": log_cosh,
    "mean_absolute_error": mean_absolute_error,
    "mean_absolute_percentage_error": mean_absolute_percentage_error,
    "mean_squared_error": mean_squared_error,
    "mean_squared_logarithmic_error": mean_squared_logarithmic_error,
    "sparse_categorical_accuracy": sparse_categorical_accuracy,
    "sparse_categorical_crossentropy": sparse_categorical_crossentropy,
    "sparse_top_k_categorical_accuracy": sparse_top_k_categorical_accuracy,
    "top_k_categorical_accuracy": top_k_categorical_accuracy,
}

#: The functions of which less is better.
ERRORS = (
    binary_crossentropy,
    categorical_crossentropy,
    log_cosh,
    mean_absolute_error,
    mean_absolute_percentage_error,
    mean_squared_error,
    mean_squared_logarithmic_error,
    sparse_categorical_crossentropy,
)


def _floats(y_true: Any, y_pred: Any) -> tuple[np.ndarray, np.ndarray]:
    y_true, y_pred = align(as_float(y_true), as_float(y_pred))
    return y_true.astype(y_pred.dtype, copy=False), y_pred


def _mean(values: np.ndarray, axis: int = -1) -> np.ndarray:
    if values.dtype.itemsize < 4:
        return values.mean(axis=axis)  # a sum in float16 would overflow
    # np.mean takes three times as long on a small batch
    return np.add.reduce(values, axis=axis) / values.shape[axis]


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


def _log_probabilities(y_pred: np.ndarray, from_logits: bool, axis: int) -> np.ndarray:
    if from_logits:
        # subtract the max: exp would overflow
        shifted = y_pred - y_pred.max(axis=axis, keepdims=True)
        return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))
    p = y_pred / y_pred.sum(axis=axis, keepdims=True)
    return np.log(np.clip(p, config.epsilon(), 1 - config.epsilon()))
