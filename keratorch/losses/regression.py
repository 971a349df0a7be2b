"""Losses of numbers: the distance of predictions from targets.

The functions return a loss per sample, the mean over the last axis; the classes weight
and reduce it.  Shapes of all: y_true, y_pred : (batch, ..., outputs).
"""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np

from keratorch import config
from keratorch.grads.loss import MeanSquaredErrorGrad
from keratorch.losses.alignment import paired
from keratorch.losses.loss import NamedLoss
from keratorch.losses.targets import expects, same_shape
from keratorch.ops import softplus
from keratorch.ops.arrays import as_floats, cast


@expects(same_shape)
def mean_squared_error(y_true: Any, y_pred: Any) -> Any:
    """mean((y_true - y_pred)**2) over the last axis.

    Raises
    ------
    ValueError : different shapes.

    Examples
    --------
    >>> from keratorch import losses
    >>> losses.mean_squared_error([[0.0, 1.0]], [[1.0, 3.0]]).numpy()
    array([2.5], dtype=float32)
    """
    y_true, y_pred = paired(y_true, y_pred)
    return MeanSquaredErrorGrad.apply(y_pred, y_true)


@expects(same_shape)
def mean_absolute_error(y_true: Any, y_pred: Any) -> Any:
    """mean(abs(y_true - y_pred)) over the last axis.

    Raises
    ------
    ValueError : different shapes.

    Examples
    --------
    >>> from keratorch import losses
    >>> losses.mean_absolute_error([[0.0, 1.0]], [[1.0, 3.0]]).numpy()
    array([1.5], dtype=float32)
    """
    y_true, y_pred = paired(y_true, y_pred)
    return np.abs(y_pred - y_true).mean(axis=-1)


@expects(same_shape)
def mean_absolute_percentage_error(y_true: Any, y_pred: Any) -> Any:
    """100 * mean(abs(y_true - y_pred) / max(abs(y_true), epsilon)), last axis.

    Raises
    ------
    ValueError : different shapes.

    Examples
    --------
    >>> from keratorch import losses
    >>> losses.mean_absolute_percentage_error([[2.0, 4.0]], [[1.0, 5.0]]).numpy()
    array([37.5], dtype=float32)
    """
    y_true, y_pred = paired(y_true, y_pred)
    size = np.maximum(np.abs(y_true), config.epsilon())
    return 100 * np.abs((y_pred - y_true) / size).mean(axis=-1)


@expects(same_shape)
def mean_squared_logarithmic_error(y_true: Any, y_pred: Any) -> Any:
    """mean((log(y_true + 1) - log(y_pred + 1))**2) over the last axis.

    Numbers below `epsilon()` count as that.

    Raises
    ------
    ValueError : different shapes.

    Examples
    --------
    >>> from keratorch import losses
    >>> losses.mean_squared_logarithmic_error([[0.0]], [[1.0]]).numpy().round(4)
    array([0.4805], dtype=float32)
    """
    y_true, y_pred = paired(y_true, y_pred)
    epsilon = config.epsilon()
    true_log = np.log(np.maximum(y_true, epsilon) + 1)
    pred_log = np.log(np.maximum(y_pred, epsilon) + 1)
    return np.square(pred_log - true_log).mean(axis=-1)


@expects(same_shape)
def huber(y_true: Any, y_pred: Any, delta: float = 1.0) -> Any:
    """The mean over the last axis of a square that goes on as a line.

    With e = y_pred - y_true: e**2 / 2 where abs(e) <= delta, else
    delta * abs(e) - delta**2 / 2.

    Raises
    ------
    ValueError : different shapes.

    Source: Huber (1964).

    Examples
    --------
    >>> from keratorch import losses
    >>> losses.huber([[0.0, 0.0]], [[1.0, 3.0]]).numpy()
    array([1.5], dtype=float32)
    """
    y_true, y_pred = paired(y_true, y_pred)
    error = y_pred - y_true
    size = np.abs(error)
    line = delta * size - 0.5 * delta * delta
    return np.where(size <= delta, 0.5 * np.square(error), line).mean(axis=-1)


@expects(same_shape)
def log_cosh(y_true: Any, y_pred: Any) -> Any:
    """mean(log(cosh(y_pred - y_true))) over the last axis.

    Computed as e + softplus(-2 * e) - log(2), which cannot overflow.

    Raises
    ------
    ValueError : different shapes.

    Examples
    --------
    >>> from keratorch import losses
    >>> losses.log_cosh([[0.0, 0.0]], [[1.0, 3.0]]).numpy().round(3)
    array([1.372], dtype=float32)
    """
    y_true, y_pred = paired(y_true, y_pred)
    error = y_pred - y_true
    return (error + softplus(-2 * error) - math.log(2)).mean(axis=-1)


@expects(same_shape)
def cosine_similarity(y_true: Any, y_pred: Any, axis: int = -1) -> Any:
    """-sum(y_true / norm(y_true) * y_pred / norm(y_pred)) along an axis.

    -1 for the same direction, 0 for right angles, 1 for the opposite direction.

    Raises
    ------
    ValueError : different shapes.

    Examples
    --------
    >>> from keratorch import losses
    >>> losses.cosine_similarity([[0.0, 2.0]], [[3.0, 4.0]]).numpy()
    array([-0.8], dtype=float32)
    """
    y_pred = as_floats(y_pred)
    y_true = cast(y_true, y_pred._array.dtype)
    y_true, y_pred = paired(_unit(y_true, axis), _unit(y_pred, axis))
    return -(y_true * y_pred).sum(axis=axis)


def _unit(x: Any, axis: int) -> Any:
    """Return vectors scaled to length 1; those of almost no length stay short."""
    squares = np.square(x).sum(axis=axis, keepdims=True)
    return x / np.sqrt(np.maximum(squares, config.epsilon() ** 2))


class MeanSquaredError(NamedLoss):
    """Mean of `mean_squared_error` over the samples.

    Parameters
    ----------
    reduction, name, dtype : as for `Loss`.

    Examples
    --------
    >>> from keratorch.losses import MeanSquaredError
    >>> MeanSquaredError()([[0.0], [1.0]], [[1.0], [3.0]]).item()
    2.5
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str = "mean_squared_error",
        dtype: Any = None,
    ):
        super().__init__(mean_squared_error, reduction, name, dtype)


class MeanAbsoluteError(NamedLoss):
    """Mean of `mean_absolute_error` over the samples.

    Parameters
    ----------
    reduction, name, dtype : as for `Loss`.

    Examples
    --------
    >>> from keratorch.losses import MeanAbsoluteError
    >>> MeanAbsoluteError()([[0.0], [1.0]], [[1.0], [3.0]]).item()
    1.5
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str = "mean_absolute_error",
        dtype: Any = None,
    ):
        super().__init__(mean_absolute_error, reduction, name, dtype)


class MeanAbsolutePercentageError(NamedLoss):
    """Mean of `mean_absolute_percentage_error` over the samples.

    Parameters
    ----------
    reduction, name, dtype : as for `Loss`.

    Examples
    --------
    >>> from keratorch.losses import MeanAbsolutePercentageError
    >>> MeanAbsolutePercentageError()([[2.0], [4.0]], [[1.0], [5.0]]).item()
    37.5
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str = "mean_absolute_percentage_error",
        dtype: Any = None,
    ):
        super().__init__(mean_absolute_percentage_error, reduction, name, dtype)


class MeanSquaredLogarithmicError(NamedLoss):
    """Mean of `mean_squared_logarithmic_error` over the samples.

    Parameters
    ----------
    reduction, name, dtype : as for `Loss`.

    Examples
    --------
    >>> from keratorch.losses import MeanSquaredLogarithmicError
    >>> round(MeanSquaredLogarithmicError()([[0.0]], [[1.0]]).item(), 4)
    0.4805
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str = "mean_squared_logarithmic_error",
        dtype: Any = None,
    ):
        super().__init__(mean_squared_logarithmic_error, reduction, name, dtype)


class Huber(NamedLoss):
    """Mean of `huber` over the samples.

    Parameters
    ----------
    delta : float > 0, the size of the error from which the loss goes on as a line.
    reduction, name, dtype : as for `Loss`.

    Raises
    ------
    ValueError : a delta that is not positive.

    Examples
    --------
    >>> from keratorch.losses import Huber
    >>> Huber()([[0.0], [0.0]], [[1.0], [3.0]]).item()
    1.5
    """

    _unwritten: ClassVar[dict[str, Any]] = {"delta": 1.0}

    def __init__(
        self,
        delta: float = 1.0,
        reduction: str | None = "sum_over_batch_size",
        name: str = "huber_loss",
        dtype: Any = None,
    ):
        if not delta > 0:
            raise ValueError(f"Huber: delta must be positive; received {delta!r}.")
        super().__init__(huber, reduction, name, dtype, delta=delta)


class LogCosh(NamedLoss):
    """Mean of `log_cosh` over the samples.

    Parameters
    ----------
    reduction, name, dtype : as for `Loss`.

    Examples
    --------
    >>> from keratorch.losses import LogCosh
    >>> round(LogCosh()([[0.0], [0.0]], [[1.0], [3.0]]).item(), 3)
    1.372
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str = "log_cosh",
        dtype: Any = None,
    ):
        super().__init__(log_cosh, reduction, name, dtype)


class CosineSimilarity(NamedLoss):
    """Mean of `cosine_similarity` over the samples.

    Parameters
    ----------
    axis : int, along which the vectors lie.
    reduction, name, dtype : as for `Loss`.

    Examples
    --------
    >>> from keratorch.losses import CosineSimilarity
    >>> round(CosineSimilarity()([[0.0, 2.0]], [[3.0, 4.0]]).item(), 4)
    -0.8
    """

    _unwritten: ClassVar[dict[str, Any]] = {"axis": -1}

    def __init__(
        self,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str = "cosine_similarity",
        dtype: Any = None,
    ):
        super().__init__(cosine_similarity, reduction, name, dtype, axis=axis)
