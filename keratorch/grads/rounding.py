"""Functions that are constant between jumps, and what is left: floor, remainder.

A step has slope 0 wherever it has one; at the jumps it gets 0 too.
"""

from __future__ import annotations

import numpy as np

from keratorch import graph
from keratorch.core import Grad
from keratorch.registry import composed


class _Step(Grad):
    """A function that is constant between jumps: no gradient passes."""

    def backward(self, grad):
        # zeros whatever the gradient, and yet a part of its graph
        return (np.where(False, grad, 0.0),) * len(self.inputs)


class FloorGrad(_Step, of=np.floor):
    """out = the largest whole number up to x, hence dL/dx = 0."""


class CeilGrad(_Step, of=np.ceil):
    """out = the smallest whole number from x on, hence dL/dx = 0."""


class RintGrad(_Step, of=np.rint):
    """out = the whole number nearest to x, hence dL/dx = 0."""


class TruncGrad(_Step, of=np.trunc):
    """out = x without its fraction, hence dL/dx = 0."""


class FixGrad(_Step, of=np.fix):
    """out = x without its fraction, hence dL/dx = 0."""


class RoundGrad(_Step, of=np.round):
    """out = x rounded to a number of decimals, hence dL/dx = 0."""

    def __init__(self, a, decimals=0):
        super().__init__(a)
        self.decimals = decimals

    def forward(self, x):
        return np.round(x, self.decimals)


@composed(np.around)
def around(a, decimals=0):
    """Return round(a, decimals)."""
    return np.round(a, decimals)


class FloorDivideGrad(_Step, of=np.floor_divide):
    """out = floor(a / b), hence dL/da = 0 and dL/db = 0."""

    notation = "{} // {}"


class RemainderGrad(Grad, of=np.remainder):
    """out = a - b * floor(a / b).

    Hence dL/da = dL/dout and dL/db = -dL/dout * floor(a / b).
    """

    notation = "{} % {}"

    def backward(self, grad):
        a, b = self.inputs
        return grad, -grad * np.floor_divide(a, b) if self.needs(1) else None


class FmodGrad(Grad, of=np.fmod):
    """out = a - b * trunc(a / b).

    Hence dL/da = dL/dout and dL/db = -dL/dout * trunc(a / b).
    """

    def backward(self, grad):
        a, b = self.inputs
        db = None
        if self.needs(1):
            # a / b could be rounded up to a whole number
            db = -grad * np.rint((a - self.output) / b)
        return grad, db


@composed(np.divmod)
def divmod(x1, x2):
    """Return x1 // x2 and x1 % x2."""
    return np.floor_divide(x1, x2), np.remainder(x1, x2)


class FractionGrad(Grad):
    """out = x without its whole part, of the sign of x, hence dL/dx = dL/dout."""

    def forward(self, x):
        return np.modf(x)[0]

    def backward(self, grad):
        return grad


@composed(np.modf)
def modf(x):
    """Return the fraction of x and trunc(x)."""
    return FractionGrad.apply(x), np.trunc(x)


class LdexpGrad(Grad, of=np.ldexp):
    """out = x * 2 ** n for whole numbers n, hence dL/dx = dL/dout * 2 ** n."""

    def __init__(self, x1, x2):
        super().__init__(x1)
        self.exponent = np.array(graph.plain(x2))

    def forward(self, x):
        return np.ldexp(x, self.exponent)

    def backward(self, grad):
        return np.ldexp(grad, self.exponent)


@composed(np.frexp)
def frexp(x):
    """Return ldexp(x, -exponent) and the exponent, which is constant between jumps."""
    exponent = np.frexp(graph.value(x))[1]
    return np.ldexp(x, -exponent), exponent
