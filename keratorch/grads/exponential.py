"""Exponentials, logarithms, squares and roots of each element."""

from __future__ import annotations

import math

import numpy as np

from keratorch import graph
from keratorch.core import Grad
from keratorch.grads.neural import SigmoidGrad


class ExpGrad(Grad, of=np.exp):
    """out = e ** x, hence dL/dx = dL/dout * out."""

    def backward(self, grad):
        return grad * self.output


class Exp2Grad(Grad, of=np.exp2):
    """out = 2 ** x, hence dL/dx = dL/dout * out * log(2)."""

    def backward(self, grad):
        return grad * (self.output * math.log(2))


class Expm1Grad(Grad, of=np.expm1):
    """out = e ** x - 1, hence dL/dx = dL/dout * (out + 1)."""

    def backward(self, grad):
        return grad * (self.output + 1)


class LogGrad(Grad, of=np.log):
    """out = log(x), hence dL/dx = dL/dout / x, which is infinite at 0."""

    def backward(self, grad):
        (x,) = self.inputs
        return grad / x


class Log2Grad(Grad, of=np.log2):
    """out = log2(x), hence dL/dx = dL/dout / (x * log(2))."""

    def backward(self, grad):
        (x,) = self.inputs
        return grad / (x * math.log(2))


class Log10Grad(Grad, of=np.log10):
    """out = log10(x), hence dL/dx = dL/dout / (x * log(10))."""

    def backward(self, grad):
        (x,) = self.inputs
        return grad / (x * math.log(10))


class Log1pGrad(Grad, of=np.log1p):
    """out = log(1 + x), hence dL/dx = dL/dout / (1 + x)."""

    def backward(self, grad):
        (x,) = self.inputs
        return grad / (1 + x)


class LogAddExpGrad(Grad, of=np.logaddexp):
    """out = log(exp(a) + exp(b)).

    Hence dL/da = dL/dout * sigmoid(a - b) and dL/db = dL/dout * sigmoid(b - a): half of
    it each where both are equal, also where both are -inf or both inf.
    """

    scale = 1.0  # of a - b, before the sigmoid

    def backward(self, grad):
        a, b = self.inputs
        infinite = np.isinf(graph.value(self.output))
        if np.count_nonzero(infinite):  # inf - inf is NaN
            alike = infinite & (a == b)
            a, b = np.where(alike, 0, a), np.where(alike, 0, b)
        lead = self.scale * (a - b)
        return (
            grad * SigmoidGrad.apply(lead) if self.needs(0) else None,
            grad * SigmoidGrad.apply(-lead) if self.needs(1) else None,
        )


class LogAddExp2Grad(LogAddExpGrad, of=np.logaddexp2):
    """out = log2(2 ** a + 2 ** b).

    Hence dL/da = dL/dout * sigmoid((a - b) * log(2)), and dL/db likewise with b - a:
    half of it each where both are equal, also where both are -inf or both inf.
    """

    scale = math.log(2)


class SquareGrad(Grad, of=np.square):
    """out = x ** 2, hence dL/dx = dL/dout * 2 * x."""

    def backward(self, grad):
        (x,) = self.inputs
        return grad * (x + x)


class SqrtGrad(Grad, of=np.sqrt):
    """out = sqrt(x), hence dL/dx = dL/dout / (2 * out), which is infinite at 0."""

    def backward(self, grad):
        out = self.output
        return grad / (out + out)


class CbrtGrad(Grad, of=np.cbrt):
    """out = x ** (1/3), hence dL/dx = dL/dout / (3 * out ** 2), infinite at 0."""

    def backward(self, grad):
        out = self.output
        return grad / (3 * out * out)
