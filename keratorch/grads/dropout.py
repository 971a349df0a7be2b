"""Dropout: factors that are drawn when the operation is computed."""

from __future__ import annotations

from keratorch.core import Grad


class DropoutGrad(Grad):
    """out = x * factors, hence dL/dx = dL/dout * factors.

    Parameters
    ----------
    x : array
    draw : function of the array that returns the factors: 0 for what is dropped,
        1 / (1 - rate) for what stays
    """

    def __init__(self, x, draw):
        super().__init__(x)
        self.draw = draw

    def forward(self, x):
        self.factors = self.draw(x)
        return x * self.factors

    def backward(self, grad):
        return grad * self.factors
