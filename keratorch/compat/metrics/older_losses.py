"""Names of reductions in Keras 2, and what its scripts asked of a loss."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from keratorch import lazy

losses = lazy.Postponed("keratorch.losses")


class Reduction:
    """The names of what becomes of the losses of samples, as attributes."""

    AUTO = "auto"
    NONE = "none"
    SUM = "sum"
    SUM_OVER_BATCH_SIZE = "sum_over_batch_size"

    @classmethod
    def all(cls) -> tuple[str, ...]:
        """Return all names."""
        return (cls.AUTO, cls.NONE, cls.SUM, cls.SUM_OVER_BATCH_SIZE)


def knowing_auto(standardize: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return the check of a reduction to which 'auto' is the mean over the batch."""

    @functools.wraps(standardize)
    def known(reduction: Any) -> Any:
        automatic = isinstance(reduction, str) and reduction.lower() == "auto"
        return standardize(Reduction.SUM_OVER_BATCH_SIZE if automatic else reduction)

    return known


def root_mean_squared_error(y_true: Any, y_pred: Any) -> Any:
    """Return the root of each sample's mean squared error: a loss of Keras 0.

    Examples
    --------
    >>> root_mean_squared_error([[0.0, 0.0]], [[3.0, 3.0]]).tolist()
    [3.0]
    """
    return np.sqrt(losses.mean_squared_error(y_true, y_pred))


def is_categorical_crossentropy(loss: Any) -> bool:
    """Return whether a loss is the crossentropy of one-hot labels.

    Parameters
    ----------
    loss : name, function or `Loss`.

    Examples
    --------
    >>> is_categorical_crossentropy("categorical_crossentropy")
    True
    >>> is_categorical_crossentropy(losses.SparseCategoricalCrossentropy())
    False
    """
    name = "categorical_crossentropy"
    if isinstance(loss, losses.CategoricalCrossentropy) or loss == name:
        return True
    return getattr(getattr(loss, "fn", loss), "__name__", None) == name
