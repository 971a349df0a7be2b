"""Metrics that Keras 1 had: each is computed on a batch, and averaged over batches.

    model.compile("adam", "binary_crossentropy", metrics=[keras.metrics.fmeasure])

Keras dropped them: the mean over batches is not the score of all samples, which the
classes `Precision`, `Recall` and `F1Score` compute.
"""

from __future__ import annotations

import functools
import importlib
import inspect
from collections.abc import Callable
from typing import Any

from keratorch import compat, lazy
from keratorch.compat.spoken import say_modern

backend = lazy.Postponed("keratorch.backend")


def precision(y_true: Any, y_pred: Any) -> Any:
    """Return the share of what was found that is right."""
    say_modern("keras.metrics.precision", "keras.metrics.Precision()")
    return _right(y_true, y_pred) / (_ones(y_pred) + backend.epsilon())


def recall(y_true: Any, y_pred: Any) -> Any:
    """Return the share of what is right that was found."""
    say_modern("keras.metrics.recall", "keras.metrics.Recall()")
    return _right(y_true, y_pred) / (_ones(y_true) + backend.epsilon())


def fbeta_score(y_true: Any, y_pred: Any, beta: float = 1) -> Any:
    """Return the mean of precision and recall that weighs recall by beta**2.

    (1 + beta**2) * p * r / (beta**2 * p + r)

    Parameters
    ----------
    y_true, y_pred : arrays of one shape, in [0, 1].
    beta : float >= 0.

    Raises
    ------
    ValueError : a beta below 0.
    """
    if beta < 0:
        raise ValueError(f"fbeta_score: beta must be >= 0; received {beta}.")
    p, r = precision(y_true, y_pred), recall(y_true, y_pred)
    return (1 + beta**2) * p * r / (beta**2 * p + r + backend.epsilon())


def fmeasure(y_true: Any, y_pred: Any) -> Any:
    """Return the harmonic mean of precision and recall.

    Examples
    --------
    >>> import warnings
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     round(float(fmeasure([1.0, 1.0, 0.0], [0.9, 0.2, 0.8])), 4)
    0.5
    """
    return fbeta_score(y_true, y_pred, beta=1)


def matthews_correlation(y_true: Any, y_pred: Any) -> Any:
    """Return Matthews's correlation of two classes, in [-1, 1].

    (tp * tn - fp * fn) / sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn))
    """
    found, held = _rounded(y_pred), _rounded(_like(y_true, y_pred))
    tp, tn = backend.sum(held * found), backend.sum((1 - held) * (1 - found))
    fp, fn = backend.sum((1 - held) * found), backend.sum(held * (1 - found))
    product = (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)
    return (tp * tn - fp * fn) / (backend.sqrt(product) + backend.epsilon())


def acc(y_true: Any, y_pred: Any) -> Any:
    """Return whether each value is equal to its target.

    A file of Keras 2 that names a function 'acc' of the script's own means this one,
    unless `custom_objects` has that function.
    """
    return importlib.import_module("keratorch.metrics").accuracy(y_true, y_pred)


_FUNCTIONS = {
    function.__name__: function
    for function in (acc, fbeta_score, fmeasure, matthews_correlation)
}


def knowing_older(find: Callable[..., Any]) -> Callable[..., Any]:
    """Return what finds a metric by its name, and in scripts for Keras these as well.

    metrics=["fmeasure"]; 'precision' and 'recall' are the classes of today.
    """

    @functools.wraps(find)
    def found(name: str, known: Any) -> Any:
        if name in known or name not in _FUNCTIONS or not compat._finder.serves_keras:
            return find(name, known)
        asks_functions = inspect.isfunction(known.get("mean_squared_error"))
        if asks_functions:  # not classes, of which an object will be made
            return _FUNCTIONS[name]
        metrics = importlib.import_module("keratorch.metrics")
        return functools.partial(metrics.MeanMetricWrapper, _FUNCTIONS[name], name=name)

    return found


def _right(y_true: Any, y_pred: Any) -> Any:
    return backend.sum(_rounded(_like(y_true, y_pred) * y_pred))


def _ones(y: Any) -> Any:
    return backend.sum(_rounded(y))


def _rounded(y: Any) -> Any:
    return backend.round(backend.clip(y, 0, 1))


def _like(y_true: Any, y_pred: Any) -> Any:
    """Return targets of the outputs' type, (samples, 1) where these have one column."""
    y_true = backend.cast(y_true, backend.floatx())
    return (
        y_true
        if backend.ndim(y_true) == backend.ndim(y_pred)
        else backend.expand_dims(y_true)
    )


__all__ = ["fbeta_score", "fmeasure", "matthews_correlation", "precision", "recall"]
