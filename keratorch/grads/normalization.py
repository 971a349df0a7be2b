"""Normalization: the heart of batch, layer, group, instance and RMS normalization.

Which axes are taken together is what tells these apart; `keratorch.ops` gives them
their names, their scales and their offsets.
"""

from __future__ import annotations

import numpy as np

from keratorch.core import Grad


class StandardizeGrad(Grad):
    """out = (x - mean) / s with s = sqrt(variance + epsilon), along some axes.

    Hence dL/dx = (dL/dout - mean(dL/dout) - out * mean(dL/dout * out)) / s, with means
    along these axes.  Equals `MeanGrad`, `VarGrad`, `SubtractGrad`, `SqrtGrad` and
    `DivideGrad`, in one node.

    Source: Ioffe & Szegedy (2015), Batch Normalization, section 3.
    """

    def __init__(self, x, axis=-1, epsilon=0.0):
        super().__init__(x)
        self.axis, self.epsilon = axis, epsilon

    def forward(self, x):
        deviation = x - _mean(x, self.axis)
        deviation /= np.sqrt(_mean(deviation * deviation, self.axis) + self.epsilon)
        return deviation

    def backward(self, grad):
        (x,) = self.inputs
        out = self.output
        deviation = x - _mean(x, self.axis)
        s = np.sqrt(_mean(deviation * deviation, self.axis) + self.epsilon)
        along = out * _mean(grad * out, self.axis)
        return (grad - _mean(grad, self.axis) - along) / s


class RmsNormalizeGrad(Grad):
    """out = x / s with s = sqrt(mean(x**2) + epsilon), along some axes.

    Hence dL/dx = (dL/dout - out * mean(dL/dout * out)) / s, with the mean along these
    axes.  Equals `SquareGrad`, `MeanGrad`, `SqrtGrad` and `DivideGrad`, in one node.

    Source: Zhang & Sennrich (2019), Root Mean Square Layer Normalization.
    """

    def __init__(self, x, axis=-1, epsilon=0.0):
        super().__init__(x)
        self.axis, self.epsilon = axis, epsilon

    def forward(self, x):
        return x / np.sqrt(_mean(x * x, self.axis) + self.epsilon)

    def backward(self, grad):
        (x,) = self.inputs
        out = self.output
        s = np.sqrt(_mean(x * x, self.axis) + self.epsilon)
        return (grad - out * _mean(grad * out, self.axis)) / s


def _mean(x, axis):
    return x.mean(axis=axis, keepdims=True)
