"""Complex numbers: their parts, their conjugate, their angle.

These functions have no complex derivative.  What travels for z = a + ib is
dL/da - i dL/db, so that each formula here follows from those of a and b.
"""

from __future__ import annotations

import math

import numpy as np

from keratorch import graph
from keratorch.core import Grad
from keratorch.registry import composed


class RealGrad(Grad, of=np.real):
    """out = a for z = a + ib, hence dL/dz = dL/dout."""

    def backward(self, grad):
        return grad


class ImagGrad(Grad, of=np.imag):
    """out = b for z = a + ib, hence dL/dz = -i dL/dout; of a real number it is 0."""

    def backward(self, grad):
        (z,) = self.inputs
        return grad * (-1j if z.dtype.kind == "c" else 0.0)


class ConjugateGrad(Grad, of=np.conjugate):
    """out = a - ib for z = a + ib, hence dL/dz = the conjugate of dL/dout."""

    def backward(self, grad):
        return np.conjugate(grad)


@composed(np.angle)
def angle(z, deg=False):
    """Return arctan2(imag(z), real(z)), in radians or degrees."""
    radians = np.arctan2(np.imag(z), np.real(z))
    return radians * (180 / math.pi) if deg else radians


@composed(np.real_if_close)
def real_if_close(a, tol=100):
    """Return real(a) where NumPy finds no imaginary part worth keeping, else a."""
    close = np.isrealobj(np.real_if_close(graph.value(a), tol))
    return np.real(a) if close else a
