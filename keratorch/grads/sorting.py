"""Sorted arrays: the gradient goes back to where each element came from."""

from __future__ import annotations

import numpy as np

from keratorch import graph
from keratorch.core import Grad
from keratorch.grads.indexing import ScatterAddGrad
from keratorch.grads.selection import places_along_axis
from keratorch.registry import constant

constant(np.lexsort)


class SortGrad(Grad, of=np.sort):
    """out = x sorted along an axis: dL/dx = dL/dout, put where each element came from.

    Equal elements are taken in the order in which they stand in x.
    """

    def __init__(self, a, axis=-1, kind=None, *, stable=None):
        super().__init__(a)
        self.axis = axis
        self.algorithm = {"kind": kind}
        if stable is not None:  # NumPy before 2 does not know it
            self.algorithm["stable"] = stable

    def forward(self, x):
        return np.sort(x, axis=self.axis, **self.algorithm)

    def backward(self, grad):
        (x,) = self.inputs
        return _put(grad, _order(x, self.axis), self.axis, x.shape)


class PartitionGrad(Grad, of=np.partition):
    """out = x with element kth where sorting puts it, smaller ones before it.

    dL/dx = dL/dout, put where each element came from.
    """

    def __init__(self, a, kth, axis=-1, kind="introselect"):
        super().__init__(a)
        self.kth, self.axis, self.kind = kth, axis, kind

    def forward(self, x):
        return np.partition(x, self.kth, axis=self.axis, kind=self.kind)

    def backward(self, grad):
        # Both are the same elements, so sorting leads from the one to the other.
        (x,) = self.inputs
        axis = 0 if self.axis is None else self.axis
        order = _order(self.output, axis)
        grad = np.take(grad, places_along_axis(order, axis, grad.shape))
        return _put(grad, _order(x, self.axis), self.axis, x.shape)


def _order(x, axis):
    return np.argsort(graph.value(x), axis=axis, kind="stable")


def _put(grad, order, axis, shape):
    """Return the gradient of x, given that of x taken in an order along an axis."""
    places = order if axis is None else places_along_axis(order, axis, shape)
    return ScatterAddGrad.apply(grad, places, (order.size,)).reshape(shape)
