"""Cross entropies that look away: from easy samples, or from wrong labels.

The focal ones count a sample the less, the surer its prediction is right; the
generalized one counts a sample less, the surer its prediction is wrong, as labels may
be. The functions return a loss per sample; the classes weight and reduce it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import config, ops
from keratorch.losses.alignment import paired
from keratorch.losses.loss import NamedLoss
from keratorch.losses.probabilistic import checked_smoothing
from keratorch.losses.targets import (
    bits,
    expects,
    integer_labels,
    one_hot,
    probabilities,
    sigmoid_outputs,
    softmax_outputs,
)
from keratorch.ops.arrays import as_floats, as_numbers


@expects(bits, sigmoid_outputs)
def binary_focal_crossentropy(
    y_true: Any,
    y_pred: Any,
    apply_class_balancing: bool = False,
    alpha: float = 0.25,
    gamma: float = 2.0,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> Any:
    """mean((1 - p)**gamma * binary crossentropy) along an axis.

    p = y_true * y_pred + (1 - y_true) * (1 - y_pred) is the probability of the target.

    Parameters
    ----------
    y_true : array_like (batch, ..., outputs), 0, 1 or a probability for each output.
    y_pred : array_like of the same shape.
    apply_class_balancing : bool, whether the outputs with target 1 count `alpha` and
        those with target 0 count 1 - `alpha`.
    alpha : float in [0, 1].
    gamma : float >= 0, how much less sure predictions count; 0 is not at all.
    from_logits : bool, whether `y_pred` is given before its sigmoid.
    label_smoothing : float in [0, 1], how far targets are moved towards 1/2.
    axis : int, along which the mean is taken.

    Raises
    ------
    ValueError : different shapes.

    Source: Lin et al. (2017), Focal Loss for Dense Object Detection.

    Examples
    --------
    >>> from keratorch import losses
    >>> losses.binary_focal_crossentropy([[1.0]], [[0.5]]).numpy().round(4)
    array([0.1733], dtype=float32)
    """
    y_true, y_pred = paired(y_true, y_pred)
    if label_smoothing:
        y_true = y_true * (1 - label_smoothing) + 0.5 * label_smoothing
    if from_logits:
        y_pred = ops.sigmoid(y_pred)
    right = y_true * y_pred + (1 - y_true) * (1 - y_pred)
    losses = (1 - right) ** gamma * ops.binary_crossentropy(y_true, y_pred)
    if apply_class_balancing:
        losses = (y_true * alpha + (1 - y_true) * (1 - alpha)) * losses
    return losses.mean(axis=axis)


@expects(one_hot, softmax_outputs)
def categorical_focal_crossentropy(
    y_true: Any,
    y_pred: Any,
    alpha: Any = 0.25,
    gamma: float = 2.0,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> Any:
    """-sum(alpha * (1 - p)**gamma * y_true * log(p)) along an axis.

    p = y_pred / sum(y_pred), kept `epsilon()` away from 0 and 1.

    Parameters
    ----------
    y_true : array_like (batch, ..., classes), one-hot or a distribution.
    y_pred : array_like of the same shape.
    alpha : float, or a list of one for each class, the weight of the classes.
    gamma : float >= 0, how much less sure predictions count; 0 is not at all.
    from_logits : bool, whether `y_pred` is given before its softmax.
    label_smoothing : float in [0, 1], how far targets are moved towards 1 / classes.
    axis : int, the axis of the classes.

    Raises
    ------
    ValueError : different shapes.

    Source: Lin et al. (2017), Focal Loss for Dense Object Detection.

    Examples
    --------
    >>> from keratorch import losses
    >>> losses.categorical_focal_crossentropy([[0, 1]], [[0.5, 0.5]]).numpy().round(4)
    array([0.0433], dtype=float32)
    """
    y_true, y_pred = paired(y_true, y_pred)
    if label_smoothing:
        # Keras counts the classes on the last axis, whatever `axis` says.
        spread = label_smoothing / y_true.shape[-1]
        y_true = y_true * (1 - label_smoothing) + spread
    if from_logits:
        y_pred = ops.softmax(y_pred, axis=axis)
    p = y_pred / y_pred.sum(axis=axis, keepdims=True)
    p = np.clip(p, config.epsilon(), 1 - config.epsilon())
    if not isinstance(alpha, (int, float)):
        alpha = np.asarray(alpha, y_pred.dtype)
    return -(alpha * (1 - p) ** gamma * (y_true * np.log(p))).sum(axis=axis)


@expects(integer_labels, probabilities, labels=True)
def categorical_generalized_cross_entropy(y_true: Any, y_pred: Any, q: float) -> Any:
    """(1 - p**q) / q, with p the probability of the integer label of each sample.

    Between the cross entropy (q near 0) and the mean absolute error (q near 1): the
    larger q, the less labels count that the predictions contradict.

    Parameters
    ----------
    y_true : array_like of integers, of the shape of `y_pred` without the last axis, or
        with it at length 1.
    y_pred : array_like (batch, ..., classes), probabilities.
    q : float in (0, 1).

    Source: Zhang & Sabuncu (2018), Generalized Cross Entropy Loss for Training Deep
    Neural Networks with Noisy Labels.

    Examples
    --------
    >>> from keratorch import losses
    >>> losses.categorical_generalized_cross_entropy([1], [[0.75, 0.25]], 0.5).numpy()
    array([1.], dtype=float32)
    """
    y_pred, labels = as_floats(y_pred), as_numbers(y_true)
    if labels.ndim == y_pred.ndim:
        labels = labels.squeeze(-1)
    own = labels[..., None] == np.arange(y_pred.shape[-1])
    p = (y_pred * own.astype(y_pred.dtype)).sum(axis=-1)
    return (1 - p**q) / q


class BinaryFocalCrossentropy(NamedLoss):
    """Mean of `binary_focal_crossentropy` over the samples: for rare events.

    Parameters
    ----------
    apply_class_balancing : bool, whether `alpha` is used.
    alpha : float in [0, 1], weight of target 1; target 0 has the weight 1 - alpha.
    gamma : float >= 0, how much less sure predictions count; 0 is not at all.
    from_logits : bool, whether predictions are given before their sigmoid.
    label_smoothing : float in [0, 1], how far targets are moved towards 1/2.
    axis : int, along which the mean of a sample is taken.
    reduction, name, dtype : as for `Loss`.

    Raises
    ------
    ValueError : label_smoothing outside [0, 1].

    Examples
    --------
    >>> from keratorch.losses import BinaryFocalCrossentropy
    >>> loss = BinaryFocalCrossentropy()
    >>> round(loss([[1.0], [0.0]], [[0.5], [0.5]]).item(), 4)
    0.1733
    """

    def __init__(
        self,
        apply_class_balancing: bool = False,
        alpha: float = 0.25,
        gamma: float = 2.0,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str = "binary_focal_crossentropy",
        dtype: Any = None,
    ):
        super().__init__(
            binary_focal_crossentropy,
            reduction,
            name,
            dtype,
            apply_class_balancing=apply_class_balancing,
            alpha=alpha,
            gamma=gamma,
            from_logits=from_logits,
            label_smoothing=checked_smoothing(label_smoothing),
            axis=axis,
        )
        self.apply_class_balancing = apply_class_balancing
        self.alpha = alpha
        self.gamma = gamma
        self.from_logits = from_logits
        self.label_smoothing = label_smoothing
        self.axis = axis


class CategoricalFocalCrossentropy(NamedLoss):
    """Mean of `categorical_focal_crossentropy` over the samples: for rare classes.

    Parameters
    ----------
    alpha : float, or a list of one for each class, the weight of the classes.
    gamma : float >= 0, how much less sure predictions count; 0 is not at all.
    from_logits : bool, whether predictions are given before their softmax.
    label_smoothing : float in [0, 1], how far targets are moved towards 1 / classes.
    axis : int, the axis of the classes.
    reduction, name, dtype : as for `Loss`.

    Raises
    ------
    ValueError : label_smoothing outside [0, 1].

    Examples
    --------
    >>> from keratorch.losses import CategoricalFocalCrossentropy
    >>> loss = CategoricalFocalCrossentropy()
    >>> round(loss([[0.0, 1.0]], [[0.5, 0.5]]).item(), 4)
    0.0433
    """

    def __init__(
        self,
        alpha: Any = 0.25,
        gamma: float = 2.0,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str = "categorical_focal_crossentropy",
        dtype: Any = None,
    ):
        super().__init__(
            categorical_focal_crossentropy,
            reduction,
            name,
            dtype,
            alpha=alpha,
            gamma=gamma,
            from_logits=from_logits,
            label_smoothing=checked_smoothing(label_smoothing),
            axis=axis,
        )
        self.alpha = alpha
        self.gamma = gamma
        self.from_logits = from_logits
        self.label_smoothing = label_smoothing
        self.axis = axis


class CategoricalGeneralizedCrossEntropy(NamedLoss):
    """Mean of `categorical_generalized_cross_entropy`: for labels partly wrong.

    Parameters
    ----------
    q : float in (0, 1), how little labels count that the predictions contradict.
    reduction, name, dtype : as for `Loss`.

    Raises
    ------
    ValueError : a q outside (0, 1).

    Examples
    --------
    >>> from keratorch.losses import CategoricalGeneralizedCrossEntropy
    >>> CategoricalGeneralizedCrossEntropy()([1], [[0.75, 0.25]]).item()
    1.0
    """

    def __init__(
        self,
        q: float = 0.5,
        reduction: str | None = "sum_over_batch_size",
        name: str = "categorical_generalized_cross_entropy",
        dtype: Any = None,
    ):
        if not 0 < q < 1:
            raise ValueError(
                "CategoricalGeneralizedCrossEntropy: q must be between 0 and 1; "
                f"received {q!r}."
            )
        super().__init__(
            categorical_generalized_cross_entropy, reduction, name, dtype, q=q
        )
        self.q = q
