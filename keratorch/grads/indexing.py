"""Indexing: ``x[...]`` in every form that NumPy knows, and its way back."""

from __future__ import annotations

import numpy as np

from keratorch import graph
from keratorch.core import Grad


def _selects_once(index):
    """Return whether an index can pick no element twice: only slices, ints, masks."""
    items = index if isinstance(index, tuple) else (index,)
    basic = (slice, int, np.integer, type(None), type(Ellipsis))
    return all(
        isinstance(item, basic) or getattr(item, "dtype", None) == np.bool_
        for item in items
    )


class GetItemGrad(Grad, of=np.ndarray.__getitem__):
    """out = x[index]; dL/dx is dL/dout added up at the places it was read from."""

    notation = "{}[...]"

    def __init__(self, x, index):
        super().__init__(x)
        self.index = graph.plain(index)

    def forward(self, x):
        return x[self.index]

    def backward(self, grad):
        (x,) = self.inputs
        return ScatterAddGrad.apply(grad, self.index, x.shape)


class ScatterAddGrad(Grad):
    """out = zeros of a shape with x added at an index; dL/dx = dL/dout[index]."""

    def __init__(self, x, index, shape):
        super().__init__(x)
        self.index, self.shape = index, shape

    def forward(self, x):
        out = np.zeros(self.shape, x.dtype)
        if _selects_once(self.index):
            out[self.index] = x
        else:
            np.add.at(out, self.index, x)
        return out

    def backward(self, grad):
        return grad[self.index]
