"""Activations: the bends between the layers of a network.

Each takes array_like values and returns a GradArray of the same shape, differentiable
where the values are.  Floats keep their dtype; integers and lists become `floatx()`,
but for those of `relu`, which stay what they are.

    >>> from keratorch import ops
    >>> ops.relu([-1.0, 2.0]).numpy()
    array([0., 2.], dtype=float32)
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from keratorch.core import GradArray
from keratorch.grads.activation import (
    EluGrad,
    GeluGrad,
    LeakyReluGrad,
    RampGrad,
    SiluGrad,
    SoftplusGrad,
)
from keratorch.grads.neural import LogSoftmaxGrad, ReluGrad, SigmoidGrad, SoftmaxGrad
from keratorch.logits import carrying_logits
from keratorch.ops.arrays import as_floats, as_real

_SELU_ALPHA = 1.6732632423543772
_SELU_SCALE = 1.0507009873554805


def relu(x: Any) -> Any:
    """max(x, 0).

    >>> relu([-1.0, 2.0]).numpy()
    array([0., 2.], dtype=float32)
    >>> relu([-1, 2]).numpy()
    array([0, 2], dtype=int32)
    """
    return ReluGrad.apply(as_real(x))


def relu6(x: Any) -> Any:
    """min(max(x, 0), 6).

    >>> relu6([-1.0, 2.0, 9.0]).numpy()
    array([0., 2., 6.], dtype=float32)
    """
    return RampGrad.apply(as_floats(x), 0, 6)


def leaky_relu(x: Any, negative_slope: float = 0.2) -> Any:
    """x where x > 0, else negative_slope * x.

    >>> leaky_relu([-1.0, 2.0]).numpy()
    array([-0.2,  2. ], dtype=float32)
    """
    return LeakyReluGrad.apply(as_floats(x), negative_slope)


def elu(x: Any, alpha: Any = 1.0) -> Any:
    """x where x > 0, else alpha * (exp(x) - 1); alpha may be a weight that is learned.

    Source: Clevert et al. (2016); Trottier et al. (2017) for an alpha that is learned.

    >>> elu([-1.0, 2.0]).numpy().round(3)
    array([-0.632,  2.   ], dtype=float32)
    """
    x = as_floats(x)
    if isinstance(alpha, GradArray):
        return np.where(x > 0, x, alpha * EluGrad.apply(x))
    return EluGrad.apply(x, alpha)


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
    x = as_floats(x)
    return carrying_logits(SigmoidGrad.apply(x), x, axis=None)


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
    return RampGrad.apply(as_floats(x) / 6 + 0.5, 0, 1)


def sparse_sigmoid(x: Any) -> Any:
    """(x + 1) / 2, clipped to [0, 1].

    >>> sparse_sigmoid([-4.0, 0.0, 0.5]).numpy()
    array([0.  , 0.5 , 0.75], dtype=float32)
    """
    return RampGrad.apply((as_floats(x) + 1) / 2, 0, 1)


def silu(x: Any) -> Any:
    """x * sigmoid(x), also called swish.

    Source: Ramachandran et al. (2017).

    >>> silu([-1.0, 2.0]).numpy().round(3)
    array([-0.269,  1.762], dtype=float32)
    """
    return SiluGrad.apply(as_floats(x))


def mish(x: Any) -> Any:
    """x * tanh(softplus(x)).

    Source: Misra (2019).

    >>> mish([-1.0, 2.0]).numpy().round(4)
    array([-0.3034,  1.944 ], dtype=float32)
    """
    x = as_floats(x)
    return x * np.tanh(softplus(x))


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
    return GeluGrad.apply(as_floats(x), approximate=approximate)


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

    It warns where the axis has length 1, as the result is 1 then whatever x is.

    >>> softmax([0.0, 0.0, 0.0, 0.0]).numpy()
    array([0.25, 0.25, 0.25, 0.25], dtype=float32)
    """
    x = as_floats(x)
    if x.ndim == 0:
        return np.reshape(softmax(np.reshape(x, (1,)), axis), ())
    if isinstance(axis, int) and -x.ndim <= axis < x.ndim and x.shape[axis] == 1:
        warnings.warn(
            f"softmax: axis {axis} of shape {x.shape} has length 1, so the result is "
            "1 everywhere. Use sigmoid(x) for one output, or give another axis.",
            stacklevel=2,
        )
    p = SoftmaxGrad.apply(x, axis=axis)
    return carrying_logits(p, x, axis) if isinstance(axis, int) else p


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
    if not -x.ndim <= axis < x.ndim:
        raise ValueError(f"glu: axis {axis} is out of range for shape {x.shape}.")
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
