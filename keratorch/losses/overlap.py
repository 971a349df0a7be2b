"""Losses of regions: how little the predicted and the true region overlap.

A region is given by a number from 0 to 1 for each pixel.  Shapes of all: y_true,
y_pred : (batch, ...).
"""

from __future__ import annotations

from typing import Any

from keratorch import config
from keratorch.losses.alignment import paired
from keratorch.losses.loss import NamedLoss
from keratorch.losses.targets import expects, same_shape


@expects(same_shape, by_sample=False)
def dice(y_true: Any, y_pred: Any, axis: Any = None) -> Any:
    """1 - 2 * sum(y_true * y_pred) / (sum(y_true) + sum(y_pred) + epsilon).

    Parameters
    ----------
    y_true, y_pred : array_like of one shape.
    axis : the axes of a region, an int or a tuple; None is all, so that the batch has
        one loss.

    Raises
    ------
    ValueError : different shapes.

    Source: Milletari et al. (2016), V-Net.

    Examples
    --------
    >>> from keratorch import losses
    >>> losses.dice([[0.0, 1.0]], [[0.5, 0.5]]).numpy()
    array(0.5, dtype=float32)
    """
    y_true, y_pred = paired(y_true, y_pred)
    axis = _axes(axis)
    both = (y_true * y_pred).sum(axis=axis)
    size = y_true.sum(axis=axis) + y_pred.sum(axis=axis)
    return 1 - 2 * both / (size + config.epsilon())


@expects(same_shape, by_sample=False)
def tversky(
    y_true: Any, y_pred: Any, alpha: float = 0.5, beta: float = 0.5, axis: Any = None
) -> Any:
    """1 - both / (both + alpha * missed + beta * added + epsilon).

    both = sum(y_true * y_pred), missed = sum(y_true * (1 - y_pred)) and
    added = sum((1 - y_true) * y_pred). With alpha = beta = 0.5 it is `dice`.

    Parameters
    ----------
    y_true, y_pred : array_like of one shape.
    alpha, beta : float >= 0, how much missed and added pixels cost, as in Keras; the
        paper has it the other way round.
    axis : the axes of a region, an int or a tuple; None is all, so that the batch has
        one loss.

    Raises
    ------
    ValueError : different shapes.

    Source: Salehi et al. (2017), Tversky loss function for image segmentation.

    Examples
    --------
    >>> from keratorch import losses
    >>> round(losses.tversky([[0, 1]], [[0.5, 0.5]], alpha=1.0, beta=0.0).item(), 4)
    0.5
    """
    y_true, y_pred = paired(y_true, y_pred)
    axis = _axes(axis)
    both = (y_true * y_pred).sum(axis=axis)
    missed = (y_true * (1 - y_pred)).sum(axis=axis)
    added = ((1 - y_true) * y_pred).sum(axis=axis)
    return 1 - both / (both + alpha * missed + beta * added + config.epsilon())


def _axes(axis: Any) -> Any:
    return tuple(axis) if isinstance(axis, list) else axis  # a list in JSON


class Dice(NamedLoss):
    """The `dice` loss: of the whole batch, or the mean over its regions.

    Parameters
    ----------
    reduction, name, dtype : as for `Loss`.
    axis : the axes of a region, an int or a tuple; None is all.

    Examples
    --------
    >>> from keratorch.losses import Dice
    >>> Dice(axis=-1)([[0.0, 1.0], [0.0, 1.0]], [[0.5, 0.5], [0.0, 1.0]]).item()
    0.25
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str = "dice",
        axis: Any = None,
        dtype: Any = None,
    ):
        super().__init__(dice, reduction, name, dtype, axis=axis)
        self.axis = axis


class Tversky(NamedLoss):
    """The `tversky` loss: of the whole batch, or the mean over its regions.

    Parameters
    ----------
    alpha, beta : float >= 0, how much missed and added pixels cost.
    reduction, name, dtype : as for `Loss`.
    axis : the axes of a region, an int or a tuple; None is all.

    Examples
    --------
    >>> from keratorch.losses import Tversky
    >>> round(Tversky(alpha=1.0, beta=0.0)([[0.0, 1.0]], [[0.5, 0.5]]).item(), 4)
    0.5
    """

    def __init__(
        self,
        alpha: float = 0.5,
        beta: float = 0.5,
        reduction: str | None = "sum_over_batch_size",
        name: str = "tversky",
        axis: Any = None,
        dtype: Any = None,
    ):
        super().__init__(
            tversky, reduction, name, dtype, alpha=alpha, beta=beta, axis=axis
        )
        self.alpha = alpha
        self.beta = beta
        self.axis = axis
