"""Losses of probabilities: the cross entropy of predicted and true distributions.

The functions return a loss per sample; the classes weight and reduce it.  Predicted
probabilities are kept `epsilon()` away from 0 and 1, where the logarithm is infinite.
With ``from_logits=True`` predictions are given before their sigmoid or softmax, which
is exact for numbers of any size.  So is the loss of what a sigmoid or softmax returned:
a model's last layer, or `ops.sigmoid`; see `keratorch.logits`.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from keratorch import ops
from keratorch.losses.alignment import paired
from keratorch.losses.loss import NamedLoss
from keratorch.losses.targets import (
    bits,
    expects,
    integer_labels,
    one_hot,
    sigmoid_outputs,
    softmax_outputs,
)
from keratorch.ops.arrays import as_floats, as_numbers


@expects(bits, sigmoid_outputs)
def binary_crossentropy(
    y_true: Any,
    y_pred: Any,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> Any:
    """-mean(y_true * log(y_pred) + (1 - y_true) * log(1 - y_pred)) along an axis.

    Parameters
    ----------
    y_true : array_like (batch, ..., outputs), 0, 1 or a probability for each output.
    y_pred : array_like of the same shape.
    from_logits : bool, whether `y_pred` is given before its sigmoid.
    label_smoothing : float in [0, 1], how far targets are moved towards 1/2.
    axis : int, along which the mean is taken.

    Raises
    ------
    ValueError : different shapes.

    Examples
    --------
    >>> from keratorch import losses
    >>> losses.binary_crossentropy([[1.0], [0.0]], [[0.5], [0.25]]).numpy().round(3)
    array([0.693, 0.288], dtype=float32)
    """
    y_true, y_pred = paired(y_true, y_pred)
    if label_smoothing:
        y_true = y_true * (1 - label_smoothing) + 0.5 * label_smoothing
    losses = ops.binary_crossentropy(y_true, y_pred, from_logits)
    if losses.shape[axis] == 1:
        return np.squeeze(losses, axis)  # the mean of one number
    return losses.mean(axis=axis)


@expects(one_hot, softmax_outputs)
def categorical_crossentropy(
    y_true: Any,
    y_pred: Any,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> Any:
    """-sum(y_true * log(y_pred / sum(y_pred))) along an axis.

    Parameters
    ----------
    y_true : array_like (batch, ..., classes), one-hot or a distribution.
    y_pred : array_like of the same shape.
    from_logits : bool, whether `y_pred` is given before its softmax.
    label_smoothing : float in [0, 1], how far targets are moved towards 1 / classes.
    axis : int, the axis of the classes.

    Raises
    ------
    ValueError : different shapes.

    Examples
    --------
    >>> from keratorch import losses
    >>> losses.categorical_crossentropy([[0.0, 1.0]], [[0.25, 0.75]]).numpy().round(3)
    array([0.288], dtype=float32)
    """
    y_true, y_pred = paired(y_true, y_pred)
    if label_smoothing:
        # Keras counts the classes on the last axis, whatever `axis` says.
        spread = label_smoothing / y_true.shape[-1]
        y_true = y_true * (1 - label_smoothing) + spread
    return ops.categorical_crossentropy(y_true, y_pred, from_logits, axis)


def _with_a_label(
    y_true: Any, values: Any, ignore_class: int | None = None, **options: Any
) -> np.ndarray | None:
    """Return which samples are not of the class that is ignored."""
    if ignore_class is None:
        return None
    return (y_true != ignore_class).reshape(values.shape)


@expects(integer_labels, softmax_outputs, labels=True, mask=_with_a_label)
def sparse_categorical_crossentropy(
    y_true: Any,
    y_pred: Any,
    from_logits: bool = False,
    ignore_class: int | None = None,
    axis: int = -1,
) -> Any:
    """-log(y_pred / sum(y_pred)) along an axis, at the integer label of each sample.

    Parameters
    ----------
    y_true : array_like of integers, of the shape of `y_pred` without the axis, or with
        it at length 1.
    y_pred : array_like (batch, ..., classes).
    from_logits : bool, whether `y_pred` is given before its softmax.
    ignore_class : int, the label of samples whose loss is 0.
    axis : int, the axis of the classes.

    Raises
    ------
    ValueError : shapes that do not fit, or a label that is no class.

    Examples
    --------
    >>> from keratorch import losses
    >>> losses.sparse_categorical_crossentropy([1], [[0.25, 0.75]]).numpy().round(3)
    array([0.288], dtype=float32)
    """
    y_pred, labels = as_floats(y_pred), as_numbers(y_true)
    if ignore_class is None:
        return ops.sparse_categorical_crossentropy(labels, y_pred, from_logits, axis)
    counts = labels != ignore_class
    labels = np.where(counts, labels, 0)
    y_pred = np.reshape(y_pred, y_pred.shape)  # without its logits, as in Keras
    losses = ops.sparse_categorical_crossentropy(labels, y_pred, from_logits, axis)
    return np.where(counts.reshape(losses.shape), losses, 0)


class BinaryCrossentropy(NamedLoss):
    """Mean of `binary_crossentropy` over the samples: for yes or no, any number of.

    Parameters
    ----------
    from_logits : bool, whether predictions are given before their sigmoid.
    label_smoothing : float in [0, 1], how far targets are moved towards 1/2.
    axis : int, along which the mean of a sample is taken.
    reduction, name, dtype : as for `Loss`.

    Raises
    ------
    ValueError : label_smoothing outside [0, 1].

    Examples
    --------
    >>> from keratorch.losses import BinaryCrossentropy
    >>> loss = BinaryCrossentropy(from_logits=True)
    >>> round(loss([[1.0], [0.0]], [[0.0], [-2.0]]).item(), 4)
    0.41
    """

    def __init__(
        self,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str = "binary_crossentropy",
        dtype: Any = None,
    ):
        super().__init__(
            binary_crossentropy,
            reduction,
            name,
            dtype,
            from_logits=from_logits,
            label_smoothing=checked_smoothing(label_smoothing),
            axis=axis,
        )
        self.from_logits = from_logits
        self.label_smoothing = label_smoothing
        self.axis = axis


class CategoricalCrossentropy(NamedLoss):
    """Mean of `categorical_crossentropy` over the samples: for one-hot targets.

    Parameters
    ----------
    from_logits : bool, whether predictions are given before their softmax.
    label_smoothing : float in [0, 1], how far targets are moved towards 1 / classes.
    axis : int, the axis of the classes.
    reduction, name, dtype : as for `Loss`.

    Raises
    ------
    ValueError : label_smoothing outside [0, 1].

    Examples
    --------
    >>> from keratorch.losses import CategoricalCrossentropy
    >>> loss = CategoricalCrossentropy()
    >>> round(loss([[0.0, 1.0, 0.0]], [[0.25, 0.5, 0.25]]).item(), 4)
    0.6931
    """

    def __init__(
        self,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str = "categorical_crossentropy",
        dtype: Any = None,
    ):
        super().__init__(
            categorical_crossentropy,
            reduction,
            name,
            dtype,
            from_logits=from_logits,
            label_smoothing=checked_smoothing(label_smoothing),
            axis=axis,
        )
        self.from_logits = from_logits
        self.label_smoothing = label_smoothing
        self.axis = axis


class SparseCategoricalCrossentropy(NamedLoss):
    """Mean of `sparse_categorical_crossentropy` over the samples: for integer labels.

    Parameters
    ----------
    from_logits : bool, whether predictions are given before their softmax.
    ignore_class : int, the label of samples that do not count.
    reduction, name, dtype : as for `Loss`.
    axis : int, the axis of the classes.

    Examples
    --------
    >>> from keratorch.losses import SparseCategoricalCrossentropy
    >>> loss = SparseCategoricalCrossentropy()
    >>> round(loss([1], [[0.25, 0.5, 0.25]]).item(), 4)
    0.6931
    """

    _unwritten: ClassVar[dict[str, Any]] = {"axis": -1}

    def __init__(
        self,
        from_logits: bool = False,
        ignore_class: int | None = None,
        reduction: str | None = "sum_over_batch_size",
        axis: int = -1,
        name: str = "sparse_categorical_crossentropy",
        dtype: Any = None,
    ):
        super().__init__(
            sparse_categorical_crossentropy,
            reduction,
            name,
            dtype,
            from_logits=from_logits,
            ignore_class=ignore_class,
            axis=axis,
        )
        self.from_logits = from_logits
        self.ignore_class = ignore_class
        self.axis = axis


def checked_smoothing(value: float) -> float:
    """Return a share from 0 to 1, or raise."""
    if not 0 <= value <= 1:
        raise ValueError(
            "label_smoothing must be a share from 0 to 1, such as 0.1; received "
            f"{value!r}."
        )
    return value
