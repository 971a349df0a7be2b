"""The formulas of probabilities: one value per sample, on ndarrays.

Each takes ``y_true`` and ``y_pred``, aligns ``(n,)`` with ``(n, 1)``, and returns an
array without the axis of the classes or outputs.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import config
from keratorch.metrics.alignment import (
    align_classes,
    as_array,
    as_float,
    class_labels,
    float_pair,
    mean_along,
)
from keratorch.metrics.differentiable import as_loss


@as_loss
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
    y, p = float_pair(y_true, y_pred)
    y = y * (1 - label_smoothing) + 0.5 * label_smoothing
    if from_logits:
        # log(1 + exp(-|p|)): exp would overflow
        loss = np.maximum(p, 0) - p * y + np.log1p(np.exp(-np.abs(p)))
    else:
        p = np.clip(p, config.epsilon(), 1 - config.epsilon())
        loss = -y * np.log(p) - (1 - y) * np.log1p(-p)
    return mean_along(loss, axis)


@as_loss
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
    y_true, y_pred = float_pair(y_true, y_pred)
    if label_smoothing:
        smooth = label_smoothing / y_true.shape[-1]
        y_true = y_true * (1 - label_smoothing) + smooth
    return -np.sum(y_true * _log_probabilities(y_pred, from_logits, axis), axis=axis)


@as_loss
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


@as_loss
def binary_focal_crossentropy(
    y_true: Any,
    y_pred: Any,
    apply_class_balancing: bool = False,
    alpha: float = 0.25,
    gamma: float = 2.0,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> np.ndarray:
    """Return the mean of ``(1 - q)**gamma`` times the crossentropy along `axis`.

    q is the probability of the label: p for 1, 1 - p for 0.

    Parameters
    ----------
    y_true, y_pred : (batch, ...), labels in [0, 1] and probabilities or logits.
    apply_class_balancing : bool, whether label 1 counts `alpha`, and 0 1 - `alpha`.
    alpha : float in [0, 1].
    gamma : float >= 0, how much less sure predictions count.
    from_logits : bool, whether p is ``sigmoid(y_pred)``.
    label_smoothing : float in [0, 1], pulls the labels that far towards 0.5.

    Examples
    --------
    >>> binary_focal_crossentropy([[1.0]], [[0.5]])
    array([0.1732868], dtype=float32)
    """
    y, p = float_pair(y_true, y_pred)
    y = y * (1 - label_smoothing) + 0.5 * label_smoothing
    if from_logits:
        p = sigmoid(p)
    clipped = np.clip(p, config.epsilon(), 1 - config.epsilon())
    loss = -y * np.log(clipped) - (1 - y) * np.log1p(-clipped)
    loss = (1 - (y * p + (1 - y) * (1 - p))) ** gamma * loss
    if apply_class_balancing:
        loss = (y * alpha + (1 - y) * (1 - alpha)) * loss
    return mean_along(loss, axis)


@as_loss
def categorical_focal_crossentropy(
    y_true: Any,
    y_pred: Any,
    alpha: Any = 0.25,
    gamma: float = 2.0,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> np.ndarray:
    """Return ``-sum(alpha * (1 - p)**gamma * y_true * log(p))`` along `axis`.

    Parameters
    ----------
    y_true, y_pred : (..., classes), one-hot labels and probabilities or logits.
    alpha : float, or one for each class, the weight of the classes.
    gamma : float >= 0, how much less sure predictions count.
    from_logits : bool, whether p is ``softmax(y_pred)``.
    label_smoothing : float in [0, 1], pulls the labels that far towards 1 / classes.

    Examples
    --------
    >>> categorical_focal_crossentropy([[1.0, 0.0]], [[0.5, 0.5]]).round(4)
    array([0.0433], dtype=float32)
    """
    y, p = float_pair(y_true, y_pred)
    if label_smoothing:
        y = y * (1 - label_smoothing) + label_smoothing / y.shape[-1]
    if from_logits:
        p = np.exp(p - p.max(axis=axis, keepdims=True))
    p = p / p.sum(axis=axis, keepdims=True)
    p = np.clip(p, config.epsilon(), 1 - config.epsilon())
    weight = np.asarray(alpha, p.dtype) * (1 - p) ** gamma
    return -np.sum(weight * (y * np.log(p)), axis=axis)


@as_loss
def kl_divergence(y_true: Any, y_pred: Any) -> np.ndarray:
    """Return ``sum(y_true * log(y_true / y_pred))`` over the last axis.

    Probabilities are kept at least `epsilon()`, and at most 1.

    Examples
    --------
    >>> kl_divergence([[0.5, 0.5]], [[0.5, 0.5]])
    array([0.], dtype=float32)
    """
    y_true, y_pred = float_pair(y_true, y_pred)
    y_true = np.clip(y_true, config.epsilon(), 1)
    y_pred = np.clip(y_pred, config.epsilon(), 1)
    return np.sum(y_true * np.log(y_true / y_pred), axis=-1)


@as_loss
def poisson(y_true: Any, y_pred: Any) -> np.ndarray:
    """Return ``mean(y_pred - y_true * log(y_pred + epsilon))`` over the last axis.

    Examples
    --------
    >>> poisson([[2.0]], [[1.0]]).round(4)
    array([1.], dtype=float32)
    """
    y_true, y_pred = float_pair(y_true, y_pred)
    with np.errstate(invalid="ignore"):  # an expected number below 0 gives NaN
        return mean_along(y_pred - y_true * np.log(y_pred + config.epsilon()))


def sigmoid(x: np.ndarray) -> np.ndarray:
    """Return ``1 / (1 + exp(-x))``.

    Examples
    --------
    >>> sigmoid(np.zeros(1))
    array([0.5])
    """
    small = np.exp(-np.abs(x))  # never overflows
    return np.where(x >= 0, 1, small) / (1 + small)


def _log_probabilities(y_pred: np.ndarray, from_logits: bool, axis: int) -> np.ndarray:
    if from_logits:
        # subtract the max: exp would overflow
        shifted = y_pred - y_pred.max(axis=axis, keepdims=True)
        return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))
    p = y_pred / y_pred.sum(axis=axis, keepdims=True)
    return np.log(np.clip(p, config.epsilon(), 1 - config.epsilon()))
