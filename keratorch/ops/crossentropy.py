"""Cross entropies: how badly probabilities, or logits, fit what came true.

Probabilities are kept `epsilon()` away from 0 and 1, where the logarithm is infinite;
one that was clipped has no gradient.  But what `sigmoid` or `softmax` returned carries
its logits (see `keratorch.logits`), and these are what is then compared, as in Keras on
TensorFlow: exactly, whatever their size.  The gradient goes to the logits past the
probabilities, which get none.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.core import GradArray
from keratorch.grads.loss import (
    BinaryCrossEntropyGrad,
    CategoricalCrossEntropyGrad,
    SparseCategoricalCrossEntropyGrad,
)
from keratorch.grads.neural import (
    SigmoidCrossEntropyGrad,
    SoftmaxCrossEntropyGrad,
    SparseSoftmaxCrossEntropyGrad,
)
from keratorch.logits import logits_behind
from keratorch.ops.arrays import as_floats, as_numbers, cast


def binary_crossentropy(target: Any, output: Any, from_logits: bool = False) -> Any:
    """-target * log(output) - (1 - target) * log(1 - output), element by element.

    Parameters
    ----------
    target, output : array_like of one shape. Probabilities are kept `epsilon()` away
        from 0 and 1, but for those that `sigmoid` returned.
    from_logits : bool, whether `output` is given before its sigmoid.

    Raises
    ------
    ValueError : different shapes.

    >>> binary_crossentropy([1.0, 0.0], [0.5, 0.5]).numpy().round(3)
    array([0.693, 0.693], dtype=float32)
    """
    output = as_floats(output)
    target = cast(target, output._array.dtype)
    _check_shape("binary_crossentropy", target, output)
    if (logits := logits_behind(output)) is not None:
        output, from_logits = logits, True
    loss = SigmoidCrossEntropyGrad if from_logits else BinaryCrossEntropyGrad
    return loss.apply(output, target)


def categorical_crossentropy(
    target: Any, output: Any, from_logits: bool = False, axis: int = -1
) -> Any:
    """-sum(target * log(output / sum(output))) along an axis.

    Parameters
    ----------
    target, output : array_like of one shape. Probabilities are kept `epsilon()` away
        from 0 and 1, but for those that `softmax` returned.
    from_logits : bool, whether `output` is given before its softmax.
    axis : int, the axis of the classes.

    Raises
    ------
    ValueError : different shapes.

    >>> categorical_crossentropy([[0.0, 1.0]], [[0.25, 0.75]]).numpy().round(3)
    array([0.288], dtype=float32)
    """
    output = as_floats(output)
    target = cast(target, output._array.dtype)
    _check_shape("categorical_crossentropy", target, output)
    if (logits := logits_behind(output, axis)) is not None:
        output, from_logits = logits, True
    loss = SoftmaxCrossEntropyGrad if from_logits else CategoricalCrossEntropyGrad
    return loss.apply(_axis_last(output, axis), _axis_last(target, axis))


def sparse_categorical_crossentropy(
    target: Any, output: Any, from_logits: bool = False, axis: int = -1
) -> Any:
    """-log(output / sum(output)) along an axis, at the integer label of each sample.

    Parameters
    ----------
    target : array_like of integers, of the shape of `output` without the axis, or with
        it at length 1.
    output : array_like. Probabilities are kept `epsilon()` away from 0 and 1, but for
        those that `softmax` returned.
    from_logits : bool, whether `output` is given before its softmax.
    axis : int, the axis of the classes.

    Raises
    ------
    ValueError : shapes that do not fit, or a label that is no class.

    >>> sparse_categorical_crossentropy([1], [[0.25, 0.75]]).numpy().round(3)
    array([0.288], dtype=float32)
    """
    output = as_floats(output)
    if (logits := logits_behind(output, axis)) is not None:
        output, from_logits = logits, True
    labels = as_numbers(target).astype(np.intp, copy=False)
    if labels.ndim == output.ndim and labels.shape[axis] == 1:
        labels = labels.squeeze(axis)
    output = _axis_last(output, axis)
    *expected, classes = output.shape
    if labels.shape != tuple(expected):
        one_hot = labels.shape == output.shape
        fix = " Of one-hot targets take np.argmax(target, axis=-1)." if one_hot else ""
        raise ValueError(
            "sparse_categorical_crossentropy needs one integer label per sample, of "
            f"shape {tuple(expected)}; received target of shape {labels.shape} for an "
            f"output with {classes} classes.{fix}"
        )
    # As an unsigned integer a negative label is larger than any other.
    if labels.size and np.maximum.reduce(labels.view(np.uintp), axis=None) >= classes:
        raise ValueError(
            f"labels must be integers from 0 to {classes - 1}, as output has {classes} "
            f"classes; received labels from {labels.min()} to {labels.max()}. Are they "
            "1-based? Then subtract 1."
        )
    loss: Any = SparseCategoricalCrossEntropyGrad
    if from_logits:
        loss = SparseSoftmaxCrossEntropyGrad
    return loss.apply(output, labels)


def _check_shape(name: str, target: Any, output: GradArray) -> None:
    if target.shape != output.shape:
        fix = "Reshape one of them, as in target[:, None]."
        if target.shape == output.shape[:-1] and output.shape[-1] != 1:
            fix = "Of integer labels take one_hot(target, classes)."
        raise ValueError(
            f"{name} needs target and output of one shape; received target of shape "
            f"{target.shape} and output of shape {output.shape}. {fix}"
        )


def _axis_last(x: Any, axis: int) -> Any:
    """Return `x` with an axis moved to the end."""
    axis = axis % x.ndim
    if axis == x.ndim - 1:
        return x
    return np.transpose(x, [i for i in range(x.ndim) if i != axis] + [axis])
