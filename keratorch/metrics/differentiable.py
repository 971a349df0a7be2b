"""Metrics' formulas on arrays of a graph: what a metric computes there can go on."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from keratorch import losses
from keratorch.core import GradArray
from keratorch.symbolic import KerasTensor, lifted

_Formula = TypeVar("_Formula", bound=Callable[..., Any])
_TRACED = (GradArray, KerasTensor)


def as_loss(formula: _Formula) -> _Formula:
    """Hand arrays that ask for a gradient, and symbolic ones, to the loss of that name.

    The formula itself computes on ndarrays, faster.

    Examples
    --------
    >>> import keratorch as keras
    >>> x = keras.GradArray([[1.0, 3.0]])
    >>> keras.metrics.mean_squared_error([[0.0, 0.0]], x).sum().backward()
    >>> x.grad
    array([[1., 3.]])
    """
    loss = getattr(losses, formula.__name__)

    @functools.wraps(formula)
    def door(y_true: Any, y_pred: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(y_pred, _TRACED) or isinstance(y_true, _TRACED):
            return loss(y_true, y_pred, *args, **kwargs)
        return formula(y_true, y_pred, *args, **kwargs)

    return door  # type: ignore[return-value]


def as_score(formula: _Formula) -> _Formula:
    """Let a formula without a derivative take symbolic arrays, and be part of a model.

    Examples
    --------
    >>> import keratorch as keras
    >>> x = keras.Input((3,))
    >>> keras.metrics.binary_accuracy(x, x * 2).shape
    (None, 3)
    """

    @functools.wraps(formula)
    def door(y_true: Any, y_pred: Any, *args: Any, **kwargs: Any) -> Any:
        result = formula(y_true, y_pred, *args, **kwargs)
        traced = isinstance(y_pred, GradArray) or isinstance(y_true, GradArray)
        return GradArray(result, requires_grad=False) if traced else result

    return lifted(door)  # type: ignore[return-value]
