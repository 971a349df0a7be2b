"""Functions of each element alone."""

from __future__ import annotations

import numpy as np

from keratorch import graph
from keratorch.core import Grad


class ExpGrad(Grad, of=np.exp):
    """out = e ** x, hence dL/dx = dL/dout * out."""

    def backward(self, grad):
        return grad * self.output


class LogGrad(Grad, of=np.log):
    """out = log(x), hence dL/dx = dL/dout / x."""

    def backward(self, grad):
        (x,) = self.inputs
        return grad / x


class SqrtGrad(Grad, of=np.sqrt):
    """out = sqrt(x), hence dL/dx = dL/dout / (2 * out)."""

    def backward(self, grad):
        return grad / (2 * self.output)


class SquareGrad(Grad, of=np.square):
    """out = x ** 2, hence dL/dx = dL/dout * 2 * x."""

    def backward(self, grad):
        (x,) = self.inputs
        return grad * (2 * x)


class AbsGrad(Grad, of=np.absolute):
    """out = abs(x), hence dL/dx = dL/dout * sign(x), which is 0 at 0."""

    def backward(self, grad):
        (x,) = self.inputs
        return grad * np.sign(x)


class TanhGrad(Grad, of=np.tanh):
    """out = tanh(x), hence dL/dx = dL/dout * (1 - out ** 2)."""

    def backward(self, grad):
        out = self.output
        return grad * (1 - out * out)


class MaximumGrad(Grad, of=np.maximum):
    """out = max(a, b): the gradient goes to the larger, half to each if equal."""

    def backward(self, grad):
        a, b = self.inputs
        share = np.where(a == b, 0.5, a > b).astype(grad.dtype)
        return grad * share, grad * (1 - share)


class MinimumGrad(Grad, of=np.minimum):
    """out = min(a, b): the gradient goes to the smaller, half to each if equal."""

    def backward(self, grad):
        a, b = self.inputs
        share = np.where(a == b, 0.5, a < b).astype(grad.dtype)
        return grad * share, grad * (1 - share)


class ClipGrad(Grad, of=np.clip):
    """out = min(max(x, low), high): the gradient goes to the one that out equals.

    Inside the limits, and on them, it goes to x.
    """

    def __init__(self, a, a_min=None, a_max=None, *, min=None, max=None):
        low = a_min if min is None else min
        high = a_max if max is None else max
        super().__init__(a, _limit(a, low, -np.inf), _limit(a, high, np.inf))

    def forward(self, x, low, high):
        return np.minimum(np.maximum(x, low), high)

    def backward(self, grad):
        x, low, high = self.inputs
        return (
            grad * ((x >= low) & (x <= high)),
            grad * ((x < low) & (low < high)) if self.needs(1) else None,
            grad * ((x > high) | (high < low)) if self.needs(2) else None,
        )


class WhereGrad(Grad, of=np.where):
    """out = a where the condition holds, else b: the gradient goes the same way."""

    def __init__(self, condition, x, y):
        super().__init__(x, y)
        self.condition = np.asarray(graph.value(condition), dtype=bool)

    def forward(self, a, b):
        return np.where(self.condition, a, b)

    def backward(self, grad):
        return np.where(self.condition, grad, 0), np.where(self.condition, 0, grad)


class AstypeGrad(Grad, of=np.ndarray.astype):
    """out = x in another dtype, hence dL/dx = dL/dout in the dtype of x."""

    changes_dtype = True

    def __init__(self, x, dtype):
        super().__init__(x)
        self.dtype = np.dtype(dtype)

    def forward(self, x):
        return x.astype(self.dtype)

    def backward(self, grad):
        return grad  # the walk gives it the dtype of x


class CopyGrad(Grad, of=np.ndarray.copy):
    """out = a copy of x, hence dL/dx = dL/dout."""

    def __init__(self, x, order="C"):
        super().__init__(x)
        self.order = order

    def forward(self, x):
        return x.copy(self.order)

    def backward(self, grad):
        return grad


def _limit(x, limit, infinity):
    """Return a limit of clip; where there is none, one that no number passes."""
    if limit is not None:
        return limit
    dtype = np.asarray(graph.value(x)).dtype
    if dtype.kind not in "iu":
        return infinity
    return np.iinfo(dtype).min if infinity < 0 else np.iinfo(dtype).max
