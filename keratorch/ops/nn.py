"""The functions of neural networks that NumPy has no name for.

Each takes array_like values and returns a GradArray of the same shape, differentiable
where the values are.  Floats keep their dtype; integers and lists become `floatx()`.

    >>> from keratorch import ops
    >>> ops.relu([-1.0, 2.0]).numpy()
    array([0., 2.], dtype=float32)
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from keratorch import config
from keratorch.core import GradArray
from keratorch.grads.activation import EluGrad, ErfGrad, SoftplusGrad
from keratorch.grads.loss import (
    BinaryCrossEntropyGrad,
    CategoricalCrossEntropyGrad,
    SparseCategoricalCrossEntropyGrad,
)
from keratorch.grads.neural import (
    LogSoftmaxGrad,
    ReluGrad,
    SigmoidCrossEntropyGrad,
    SigmoidGrad,
    SoftmaxCrossEntropyGrad,
    SoftmaxGrad,
    SparseSoftmaxCrossEntropyGrad,
)
from keratorch.ops.arrays import as_floats, as_numbers, cast

_SELU_ALPHA = 1.6732632423543772
_SELU_SCALE = 1.0507009873554805


def relu(x: Any) -> Any:
    """max(x, 0).

    >>> relu([-1.0, 2.0]).numpy()
    array([0., 2.], dtype=float32)
    """
    return ReluGrad.apply(as_floats(x))


def relu6(x: Any) -> Any:
    """min(max(x, 0), 6).

    >>> relu6([-1.0, 2.0, 9.0]).numpy()
    array([0., 2., 6.], dtype=float32)
    """
    return np.clip(as_floats(x), 0, 6)


def leaky_relu(x: Any, negative_slope: float = 0.2) -> Any:
    """x where x > 0, else negative_slope * x.

    >>> leaky_relu([-1.0, 2.0]).numpy()
    array([-0.2,  2. ], dtype=float32)
    """
    x = as_floats(x)
    return np.where(x > 0, x, negative_slope * x)


def elu(x: Any, alpha: float = 1.0) -> Any:
    """x where x > 0, else alpha * (exp(x) - 1).

    Source: Clevert et al. (2016).

    >>> elu([-1.0, 2.0]).numpy().round(3)
    array([-0.632,  2.   ], dtype=float32)
    """
    return EluGrad.apply(as_floats(x), alpha)


def selu(x: Any) -> Any:
    """scale * elu(x, alpha), with the constants that keep mean 0 and variance 1.

    Source: Klambauer et al. (2017): alpha = 1.6733, scale = 1.0507.

    >>> selu([-1.0, 2.0]).numpy().round(3)
    array([-1.111,  2.101], dtype=float32)
    """
    return _SELU_SCALE * elu(x, _SELU_ALPHA)


def celu(x: Any, alpha: float = 1.0) -> Any:
    """x where x > 0, else alpha * (exp(x / alpha) - 1): smooth for each alpha.

    Source: Barron (2017).

    >>> celu([-1.0, 2.0], alpha=0.5).numpy().round(3)
    array([-0.432,  2.   ], dtype=float32)
    """
    return alpha * EluGrad.apply(as_floats(x) / alpha)


def sigmoid(x: Any) -> Any:
    """1 / (1 + exp(-x)).

    >>> sigmoid([0.0, 2.0]).numpy().round(3)
    array([0.5  , 0.881], dtype=float32)
    """
    return SigmoidGrad.apply(as_floats(x))


def log_sigmoid(x: Any) -> Any:
    """log(sigmoid(x)) = -softplus(-x).

    >>> log_sigmoid([0.0, 2.0]).numpy().round(3)
    array([-0.693, -0.127], dtype=float32)
    """
    return -SoftplusGrad.apply(-as_floats(x))


def hard_sigmoid(x: Any) -> Any:
    """x / 6 + 1/2, clipped to [0, 1].

    >>> hard_sigmoid([-4.0, 0.0, 1.5]).numpy()
    array([0.  , 0.5 , 0.75], dtype=float32)
    """
    return np.clip(as_floats(x) / 6 + 0.5, 0, 1)


def sparse_sigmoid(x: Any) -> Any:
    """(x + 1) / 2, clipped to [0, 1].

    >>> sparse_sigmoid([-4.0, 0.0, 0.5]).numpy()
    array([0.  , 0.5 , 0.75], dtype=float32)
    """
    return np.clip((as_floats(x) + 1) / 2, 0, 1)


def silu(x: Any) -> Any:
    """x * sigmoid(x), also called swish.

    Source: Ramachandran et al. (2017).

    >>> silu([-1.0, 2.0]).numpy().round(3)
    array([-0.269,  1.762], dtype=float32)
    """
    x = as_floats(x)
    return x * SigmoidGrad.apply(x)


def hard_silu(x: Any) -> Any:
    """x * hard_sigmoid(x), also called hard swish.

    Source: Howard et al. (2019).

    >>> hard_silu([-4.0, 1.5]).numpy()
    array([-0.   ,  1.125], dtype=float32)
    """
    x = as_floats(x)
    return x * hard_sigmoid(x)


def gelu(x: Any, approximate: bool = True) -> Any:
    """x * P(X <= x) for a standard normal X: x / 2 * (1 + erf(x / sqrt(2))).

    `approximate` computes x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x**3))).

    Source: Hendrycks & Gimpel (2016).

    >>> gelu([-1.0, 2.0], approximate=False).numpy().round(4)
    array([-0.1587,  1.9545], dtype=float32)
    """
    x = as_floats(x)
    if approximate:
        cubic = x + 0.044715 * (x * x * x)
        # (1 + tanh(u)) / 2 = sigmoid(2 * u), which is exact where tanh is almost -1
        return x * SigmoidGrad.apply(math.sqrt(8 / math.pi) * cubic)
    return 0.5 * x * (1 + ErfGrad.apply(x * math.sqrt(0.5)))


def erf(x: Any) -> Any:
    """The error function: 2 / sqrt(pi) * the integral of exp(-t * t) from 0 to x.

    >>> erf([0.0, 1.0]).numpy().round(4)
    array([0.    , 0.8427], dtype=float32)
    """
    return ErfGrad.apply(as_floats(x))


def hard_tanh(x: Any) -> Any:
    """x, clipped to [-1, 1].

    >>> hard_tanh([-2.0, 0.5]).numpy()
    array([-1. ,  0.5], dtype=float32)
    """
    return np.clip(as_floats(x), -1, 1)


def tanh_shrink(x: Any) -> Any:
    """x - tanh(x).

    >>> tanh_shrink([0.0, 2.0]).numpy().round(3)
    array([0.   , 1.036], dtype=float32)
    """
    x = as_floats(x)
    return x - np.tanh(x)


def hard_shrink(x: Any, threshold: float = 0.5) -> Any:
    """x where abs(x) > threshold, else 0.

    >>> hard_shrink([-2.0, 0.25, 0.75]).numpy()
    array([-2.  ,  0.  ,  0.75], dtype=float32)
    """
    x = as_floats(x)
    return np.where(np.abs(x) > threshold, x, 0)


def soft_shrink(x: Any, threshold: float = 0.5) -> Any:
    """x moved towards 0 by threshold, and 0 where abs(x) <= threshold.

    >>> soft_shrink([-2.0, 0.25, 0.75]).numpy()
    array([-1.5 ,  0.  ,  0.25], dtype=float32)
    """
    x = as_floats(x)
    return np.where(np.abs(x) > threshold, x - threshold * np.sign(x), 0)


def threshold(x: Any, threshold: float, default_value: float) -> Any:
    """x where x > threshold, else default_value.

    >>> threshold([-2.0, 2.0], 1.0, default_value=0.5).numpy()
    array([0.5, 2. ], dtype=float32)
    """
    x = as_floats(x)
    return np.where(x > threshold, x, default_value)


def softplus(x: Any) -> Any:
    """log(1 + exp(x)).

    >>> softplus([0.0, 2.0]).numpy().round(3)
    array([0.693, 2.127], dtype=float32)
    """
    return SoftplusGrad.apply(as_floats(x))


def squareplus(x: Any, b: float = 4) -> Any:
    """(x + sqrt(x**2 + b)) / 2.

    Source: Barron (2021).

    >>> squareplus([0.0, 1.5]).numpy()
    array([1., 2.], dtype=float32)
    """
    x = as_floats(x)
    return (x + np.sqrt(x * x + b)) / 2


def sparse_plus(x: Any) -> Any:
    """0 where x <= -1, x where x >= 1, and (x + 1)**2 / 4 between.

    >>> sparse_plus([-2.0, 0.0, 3.0]).numpy()
    array([0.  , 0.25, 3.  ], dtype=float32)
    """
    x = as_floats(x)
    return np.where(x >= 1, x, np.square(np.clip(x + 1, 0, 2)) / 4)


def softsign(x: Any) -> Any:
    """x / (1 + abs(x)).

    >>> softsign([-1.0, 3.0]).numpy()
    array([-0.5 ,  0.75], dtype=float32)
    """
    x = as_floats(x)
    return x / (1 + np.abs(x))


def softmax(x: Any, axis: Any = -1) -> Any:
    """exp(x) / sum(exp(x)) along an axis (an int, a tuple, or None for all).

    >>> softmax([0.0, 0.0, 0.0, 0.0]).numpy()
    array([0.25, 0.25, 0.25, 0.25], dtype=float32)
    """
    return SoftmaxGrad.apply(as_floats(x), axis=axis)


def log_softmax(x: Any, axis: Any = -1) -> Any:
    """x - log(sum(exp(x))) along an axis (an int, a tuple, or None for all).

    >>> log_softmax([0.0, 0.0]).numpy().round(3)
    array([-0.693, -0.693], dtype=float32)
    """
    return LogSoftmaxGrad.apply(as_floats(x), axis=axis)


def sparsemax(x: Any, axis: int = -1) -> Any:
    """max(x - tau, 0) with the tau that makes the sum along an axis 1.

    Keras 3.15 finds another tau where two or more numbers stay above 0, and then its
    sum is not 1.

    Source: Martins & Astudillo (2016), Algorithm 1.

    >>> sparsemax([1.5, 1.0, -1.0]).numpy()
    array([0.75, 0.25, 0.  ], dtype=float32)
    """
    x = as_floats(x)
    # Which elements stay above 0 is a constant for the derivative.
    falling = -np.sort(-x.numpy(), axis=axis)
    shape = [1] * x.ndim
    shape[axis] = -1
    ranks = np.arange(1, x.shape[axis] + 1).reshape(shape)
    count = (falling * ranks > falling.cumsum(axis) - 1).sum(axis, keepdims=True)
    last = np.take_along_axis(falling, count - 1, axis)
    kept = np.where(x >= last, x, 0)
    tau = (kept.sum(axis=axis, keepdims=True) - 1) / count.astype(x.dtype)
    return ReluGrad.apply(x - tau)


def glu(x: Any, axis: int = -1) -> Any:
    """a * sigmoid(b) for the two halves a and b of x along an axis.

    Source: Dauphin et al. (2017).

    Raises
    ------
    ValueError : an axis of odd length.

    >>> glu([2.0, 4.0, 0.0, 0.0]).numpy()
    array([1., 2.], dtype=float32)
    """
    x = as_floats(x)
    half, odd = divmod(x.shape[axis], 2)
    if odd:
        raise ValueError(
            f"glu splits axis {axis} into two halves; received shape {x.shape}, where "
            f"its length {x.shape[axis]} is odd."
        )
    index = [slice(None)] * x.ndim
    index[axis] = slice(0, half)
    first = x[tuple(index)]
    index[axis] = slice(half, None)
    return first * SigmoidGrad.apply(x[tuple(index)])


def one_hot(
    x: Any, num_classes: int, axis: int = -1, dtype: Any = None, sparse: bool = False
) -> np.ndarray:
    """1 at each label and 0 elsewhere, along a new axis; all 0 for other labels.

    Parameters
    ----------
    x : array_like of integer labels, of any shape.
    num_classes : int, the length of the new axis.
    axis : int, where the new axis goes.
    dtype : dtype, by default `floatx()`.
    sparse : False; NumPy has no sparse arrays.

    >>> one_hot([0, 2], 3)
    array([[1., 0., 0.],
           [0., 0., 1.]], dtype=float32)
    """
    if sparse:
        raise ValueError("one_hot: sparse=True is not supported. Leave it out.")
    labels = np.expand_dims(as_numbers(x), axis)
    shape = [1] * labels.ndim
    shape[axis] = -1
    hit = labels == np.arange(num_classes).reshape(shape)
    return hit.astype(dtype or config.floatx())


def binary_crossentropy(target: Any, output: Any, from_logits: bool = False) -> Any:
    """-target * log(output) - (1 - target) * log(1 - output), element by element.

    Parameters
    ----------
    target, output : array_like of one shape. Probabilities are kept `epsilon()` away
        from 0 and 1.
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
    loss = SigmoidCrossEntropyGrad if from_logits else BinaryCrossEntropyGrad
    return loss.apply(output, target)


def categorical_crossentropy(
    target: Any, output: Any, from_logits: bool = False, axis: int = -1
) -> Any:
    """-sum(target * log(output / sum(output))) along an axis.

    Parameters
    ----------
    target, output : array_like of one shape. Probabilities are kept `epsilon()` away
        from 0 and 1.
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
    output : array_like. Probabilities are kept `epsilon()` away from 0 and 1.
    from_logits : bool, whether `output` is given before its softmax.
    axis : int, the axis of the classes.

    Raises
    ------
    ValueError : shapes that do not fit, or a label that is no class.

    >>> sparse_categorical_crossentropy([1], [[0.25, 0.75]]).numpy().round(3)
    array([0.288], dtype=float32)
    """
    output = as_floats(output)
    labels = as_numbers(target).astype(np.intp, copy=False)
    if labels.ndim == output.ndim and labels.shape[axis] == 1:
        labels = labels.squeeze(axis)
    output = _axis_last(output, axis)
    *expected, classes = output.shape
    if labels.shape != tuple(expected):
        raise ValueError(
            "sparse_categorical_crossentropy needs one integer label per sample, of "
            f"shape {tuple(expected)}; received target of shape {labels.shape} for an "
            f"output with {classes} classes."
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
        raise ValueError(
            f"{name} needs target and output of one shape; received target of shape "
            f"{target.shape} and output of shape {output.shape}. Reshape one of them, "
            "as in target[:, None]."
        )


def _axis_last(x: Any, axis: int) -> Any:
    """Return `x` with an axis moved to the end."""
    axis = axis % x.ndim
    if axis == x.ndim - 1:
        return x
    return np.transpose(x, [i for i in range(x.ndim) if i != axis] + [axis])
