"""Diagonals and triangles of matrices."""

from __future__ import annotations

import numpy as np

from keratorch.core import Grad
from keratorch.registry import composed


class TrilGrad(Grad, of=np.tril):
    """out = x with zeros above a diagonal; dL/dx = dL/dout with zeros there."""

    def __init__(self, m, k=0):
        super().__init__(m)
        self.k = k

    def forward(self, x):
        return np.tril(x, self.k)

    def backward(self, grad):
        return np.tril(grad, self.k)


class TriuGrad(Grad, of=np.triu):
    """out = x with zeros below a diagonal; dL/dx = dL/dout with zeros there."""

    def __init__(self, m, k=0):
        super().__init__(m)
        self.k = k

    def forward(self, x):
        return np.triu(x, self.k)

    def backward(self, grad):
        return np.triu(grad, self.k)


class DiagonalGrad(Grad, of=np.diagonal):
    """out = a diagonal of x; dL/dx = zeros with dL/dout on that diagonal."""

    def __init__(self, a, offset=0, axis1=0, axis2=1):
        super().__init__(a)
        self.place = offset, axis1, axis2

    def forward(self, x):
        return x.diagonal(*self.place)

    def backward(self, grad):
        (x,) = self.inputs
        return DiagonalMatrixGrad.apply(grad, x.shape, *self.place)


class DiagonalMatrixGrad(Grad):
    """out = zeros of a shape with x on a diagonal; dL/dx = that diagonal of dL/dout."""

    def __init__(self, x, shape, offset=0, axis1=0, axis2=1):
        super().__init__(x)
        self.shape, self.place = shape, (offset, axis1, axis2)

    def forward(self, x):
        out = np.zeros(self.shape, x.dtype)
        diagonal = out.diagonal(*self.place)
        diagonal.setflags(write=True)
        diagonal[...] = x
        return out

    def backward(self, grad):
        return np.diagonal(grad, *self.place)


@composed(np.diag)
def diag(v, k=0):
    """Composed of np.diagonal of a matrix; a vector becomes a matrix with it there."""
    if v.ndim == 1:
        return np.diagflat(v, k)
    if v.ndim == 2:
        return np.diagonal(v, k)
    raise ValueError(
        f"diag takes a vector or a matrix; received shape {v.shape}. np.diagonal takes "
        "stacks of matrices."
    )


@composed(np.diagflat)
def diagflat(v, k=0):
    """The square matrix with the elements of x on a diagonal, elsewhere zeros."""
    length = v.size + abs(k)
    return DiagonalMatrixGrad.apply(np.ravel(v), (length, length), k)


@composed(np.trace)
def trace(a, offset=0, axis1=0, axis2=1, dtype=None):
    """Composed of np.sum of np.diagonal."""
    return np.sum(np.diagonal(a, offset, axis1, axis2), axis=-1, dtype=dtype)
