"""Reductions: many numbers to one, along some axes or all."""

from __future__ import annotations

import numpy as np

from keratorch.core import Grad


class _Reduction(Grad):
    """What reductions share: their axes, and how to put these back."""

    def __init__(self, a, axis=None, *, keepdims=False):
        super().__init__(a)
        self.axis, self.keepdims = axis, keepdims

    def forward(self, x):
        return self.of(x, axis=self.axis, keepdims=self.keepdims)

    def restore(self, reduced):
        """Return a reduced array with the lost axes back, at length 1."""
        if self.keepdims or self.axis is None:
            return reduced
        return np.expand_dims(reduced, self.axis)

    def count(self, x):
        """Return how many elements of x were reduced to one."""
        axes = range(x.ndim) if self.axis is None else np.atleast_1d(self.axis)
        return int(np.prod([x.shape[axis] for axis in axes]))


class SumGrad(_Reduction, of=np.sum):
    """out = sum of x, hence dL/dx = dL/dout for each element that was summed."""

    def backward(self, grad):
        (x,) = self.inputs
        return np.broadcast_to(self.restore(grad), x.shape)


class MeanGrad(_Reduction, of=np.mean):
    """out = sum of x / n, hence dL/dx = dL/dout / n for each of the n elements."""

    def backward(self, grad):
        (x,) = self.inputs
        return np.broadcast_to(self.restore(grad) / self.count(x), x.shape)


class _Extremum(_Reduction):
    """The gradient goes to the elements that equal the result, in equal shares."""

    def backward(self, grad):
        (x,) = self.inputs
        chosen = x == self.restore(self.output)
        axis = None if self.axis is None else tuple(np.atleast_1d(self.axis))
        share = chosen / chosen.sum(axis=axis, keepdims=True)
        return self.restore(grad) * share.astype(grad.dtype)


class MaxGrad(_Extremum, of=np.max):
    """out = largest x: dL/dx = dL/dout there, shared equally among ties."""


class MinGrad(_Extremum, of=np.min):
    """out = smallest x: dL/dx = dL/dout there, shared equally among ties."""


class VarGrad(_Reduction, of=np.var):
    """out = sum((x - mean) ** 2) / m with m = n - ddof.

    Hence dL/dx = dL/dout * 2 * (x - mean) / m.
    """

    def __init__(self, a, axis=None, *, ddof=0, keepdims=False):
        super().__init__(a, axis, keepdims=keepdims)
        self.ddof = ddof

    def forward(self, x):
        return self.of(x, axis=self.axis, ddof=self.ddof, keepdims=self.keepdims)

    def scaled_deviation(self, x):
        """Return (x - mean) / m."""
        deviation = x - x.mean(axis=self.axis, keepdims=True)
        return deviation / (self.count(x) - self.ddof)

    def backward(self, grad):
        (x,) = self.inputs
        return self.restore(grad) * 2 * self.scaled_deviation(x)


class StdGrad(VarGrad, of=np.std):
    """out = sqrt(var(x)), hence dL/dx = dL/dout * (x - mean) / m / out.

    Where all x are equal, dL/dx is 0.
    """

    def backward(self, grad):
        (x,) = self.inputs
        out = self.output
        divisor = np.where(out == 0, 1, out)  # there the deviation is 0 as well
        return self.restore(grad / divisor) * self.scaled_deviation(x)
