"""Losses of distributions and of counts: how unlikely the targets are.

The functions return a loss per sample; the classes weight and reduce it.  Shapes of
all: y_true, y_pred : (batch, ..., outputs).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import config
from keratorch.losses.alignment import paired
from keratorch.losses.loss import NamedLoss
from keratorch.losses.targets import expects, probabilities, rates, same_shape


@expects(same_shape, probabilities)
def kl_divergence(y_true: Any, y_pred: Any) -> Any:
    """sum(y_true * log(y_true / y_pred)) over the last axis.

    Probabilities are kept at least `epsilon()`, and at most 1.

    Raises
    ------
    ValueError : different shapes.

    Source: Kullback & Leibler (1951).

    Examples
    --------
    >>> from keratorch import losses
    >>> losses.kl_divergence([[0.5, 0.5]], [[0.25, 0.75]]).numpy().round(4)
    array([0.1438], dtype=float32)
    """
    y_true, y_pred = paired(y_true, y_pred)
    y_true = np.clip(y_true, config.epsilon(), 1)
    y_pred = np.clip(y_pred, config.epsilon(), 1)
    return (y_true * np.log(y_true / y_pred)).sum(axis=-1)


@expects(same_shape, rates)
def poisson(y_true: Any, y_pred: Any) -> Any:
    """mean(y_pred - y_true * log(y_pred + epsilon)) over the last axis.

    The negative log-likelihood of counts y_true whose expected number is y_pred,
    without the terms that do not depend on y_pred.

    Raises
    ------
    ValueError : different shapes.

    Examples
    --------
    >>> from keratorch import losses
    >>> losses.poisson([[1.0, 3.0]], [[1.0, 2.0]]).numpy().round(4)
    array([0.4603], dtype=float32)
    """
    y_true, y_pred = paired(y_true, y_pred)
    return (y_pred - y_true * np.log(y_pred + config.epsilon())).mean(axis=-1)


class KLDivergence(NamedLoss):
    """Mean of `kl_divergence` over the samples.

    Parameters
    ----------
    reduction, name, dtype : as for `Loss`.

    Examples
    --------
    >>> from keratorch.losses import KLDivergence
    >>> round(KLDivergence()([[0.5, 0.5]], [[0.25, 0.75]]).item(), 4)
    0.1438
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str = "kl_divergence",
        dtype: Any = None,
    ):
        super().__init__(kl_divergence, reduction, name, dtype)


class Poisson(NamedLoss):
    """Mean of `poisson` over the samples: for counts.

    Parameters
    ----------
    reduction, name, dtype : as for `Loss`.

    Examples
    --------
    >>> from keratorch.losses import Poisson
    >>> round(Poisson()([[1.0], [3.0]], [[1.0], [2.0]]).item(), 4)
    0.4603
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str = "poisson",
        dtype: Any = None,
    ):
        super().__init__(poisson, reduction, name, dtype)
