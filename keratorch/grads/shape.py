"""Functions that move elements and change none."""

from __future__ import annotations

import numpy as np

from keratorch.core import Grad


class ReshapeGrad(Grad, of=np.reshape):
    """out = the elements of x in another shape; dL/dx = dL/dout in the shape of x."""

    def __init__(self, a, shape, order="C"):
        super().__init__(a)
        if order not in ("C", "F"):
            raise ValueError(
                f"reshape: order must be 'C' or 'F'; received {order!r}, whose result "
                "depends on the memory layout."
            )
        self.new_shape, self.order = shape, order

    def forward(self, x):
        return np.reshape(x, self.new_shape, order=self.order)

    def backward(self, grad):
        (x,) = self.inputs
        return np.reshape(grad, x.shape, order=self.order)


class TransposeGrad(Grad, of=np.transpose):
    """out = x with its axes in another order; dL/dx = dL/dout with them put back."""

    notation = "{}.T"

    def __init__(self, a, axes=None):
        super().__init__(a)
        self.axes = None if axes is None else tuple(axes)

    def forward(self, x):
        return np.transpose(x, self.axes)

    def backward(self, grad):
        if self.axes is None:
            return np.transpose(grad)
        forwards = [axis % len(self.axes) for axis in self.axes]
        return np.transpose(grad, np.argsort(forwards))


class SwapaxesGrad(Grad, of=np.swapaxes):
    """out = x with two axes swapped; dL/dx = dL/dout with them swapped again."""

    def __init__(self, a, axis1, axis2):
        super().__init__(a)
        self.axes = axis1, axis2

    def forward(self, x):
        return np.swapaxes(x, *self.axes)

    def backward(self, grad):
        return np.swapaxes(grad, *self.axes)


class ExpandDimsGrad(Grad, of=np.expand_dims):
    """out = x with axes of length 1 added; dL/dx = dL/dout without them."""

    def __init__(self, a, axis):
        super().__init__(a)
        self.axis = axis

    def forward(self, x):
        return np.expand_dims(x, self.axis)

    def backward(self, grad):
        (x,) = self.inputs
        return np.reshape(grad, x.shape)


class SqueezeGrad(Grad, of=np.squeeze):
    """out = x without axes of length 1; dL/dx = dL/dout with them put back."""

    def __init__(self, a, axis=None):
        super().__init__(a)
        self.axis = axis

    def forward(self, x):
        return np.squeeze(x, self.axis)

    def backward(self, grad):
        (x,) = self.inputs
        return np.reshape(grad, x.shape)


class BroadcastToGrad(Grad, of=np.broadcast_to):
    """out = x repeated to a shape; dL/dx = dL/dout summed over the repetitions."""

    def __init__(self, array, shape):
        super().__init__(array)
        self.shape = shape

    def forward(self, x):
        return np.broadcast_to(x, self.shape)

    def backward(self, grad):
        return grad  # the walk sums over the axes that were broadcast


class ConcatenateGrad(Grad, of=np.concatenate):
    """out = arrays joined along an axis; each dL/darray is its piece of dL/dout."""

    def __init__(self, arrays, axis=0):
        super().__init__(*arrays)
        self.axis = axis

    def forward(self, *arrays):
        return np.concatenate(arrays, axis=self.axis)

    def backward(self, grad):
        pieces, start = [], 0
        for x in self.inputs:
            length = x.size if self.axis is None else x.shape[self.axis]
            index = [slice(None)] * grad.ndim
            index[self.axis or 0] = slice(start, start + length)
            pieces.append(np.reshape(grad[tuple(index)], x.shape))
            start += length
        return tuple(pieces)


class StackGrad(Grad, of=np.stack):
    """out = arrays joined along a new axis; each dL/darray is its slice of dL/dout."""

    def __init__(self, arrays, axis=0):
        super().__init__(*arrays)
        self.axis = axis

    def forward(self, *arrays):
        return np.stack(arrays, axis=self.axis)

    def backward(self, grad):
        before = (slice(None),) * (self.axis % grad.ndim)
        return tuple(grad[(*before, i)] for i in range(len(self.inputs)))
