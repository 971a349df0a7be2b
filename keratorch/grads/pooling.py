"""Pooling: the maximum or the mean of the elements of each window.

Images are channels-last.  `keratorch.ops` gives the operations their names.
"""

from __future__ import annotations

import numpy as np

from keratorch import graph
from keratorch.core import Grad
from keratorch.grads.fused import Fused
from keratorch.grads.indexing import ScatterAddGrad
from keratorch.kernels import adaptive_pooling, pooling
from keratorch.kernels.windows import Windows
from keratorch.partial import ChosenGradient, is_taken

_MANY = 256  # places of which one is worth a gradient of its own kind


class MaxPoolGrad(Grad):
    """out = the maximum of each window, channel by channel.

    Hence dL/dx is dL/dout where the maximum stands: where the first does, in the order
    of memory, if the window has several.  That is `MaxUnpoolGrad`.

    Parameters
    ----------
    x : (batch, *lengths, channels), with any number of spatial axes
    pool_size, strides, padding : those of `keratorch.ops.max_pool`
    """

    def __init__(self, x, pool_size, strides=None, padding="valid"):
        super().__init__(x)
        self.windows = _windows(self._inputs[0], pool_size, strides, padding)

    def forward(self, x):
        return pooling.max_pool(x, self.windows)

    def backward(self, grad):
        x, out = graph.plain((*self.inputs, self.output))
        return MaxUnpoolGrad.apply(grad, x, out, self.windows)


class MaxUnpoolGrad(Grad):
    """out = each element of y where the first maximum of its window stands, added up.

    Hence dL/dy = dL/dout at these places: those of x, whose maxima were pooled.

    Parameters
    ----------
    y : (batch, *counts, channels)
    x : (batch, *lengths, channels), an ndarray
    maxima : (batch, *counts, channels), an ndarray
    windows : `Windows` on x
    """

    def __init__(self, y, x, maxima, windows):
        super().__init__(y)
        self.x, self.maxima, self.windows = x, maxima, windows

    def forward(self, y):
        return pooling.max_unpool(y, self.x, self.maxima, self.windows)

    def backward(self, grad):
        places = pooling.first_maximum(self.x, self.maxima, self.windows)
        return np.take(np.reshape(grad, -1), places)


class GlobalMaxPoolGrad(Fused):
    """out = the maximum of each channel over all places.

    Hence dL/dx is dL/dout there, shared equally among ties.  Equals `MaxGrad` along the
    spatial axes.  A convolution behind many places gets it as a `ChosenGradient`.

    Parameters
    ----------
    x : (batch, *lengths, channels), with any number of spatial axes
    keepdims : bool, keep the spatial axes, of length 1
    """

    def __init__(self, x, keepdims=False):
        super().__init__(x)
        self.params = {"keepdims": keepdims}

    @staticmethod
    def textbook(x, keepdims=False):
        return np.max(x, axis=tuple(range(1, x.ndim - 1)), keepdims=keepdims)

    def forward(self, x):
        return self.textbook(x, **self.params)

    def gradients(self, grad):
        (x,) = self.inputs
        shape = len(x), 1, x.shape[-1]
        pooled = grad.reshape(shape), x, self.output.reshape(shape)
        if _are_many(x.shape[1:-1], x) and is_taken(self._inputs[0]):
            return (ChosenGradient(*pooling.chosen_by_maxima(*pooled), x.shape),)
        return pooling.global_max_unpool(*pooled)


class AveragePoolGrad(Grad):
    """out = the mean of the elements of each window, without those of the padding.

    Hence dL/dx = the sum, over the windows that have x, of dL/dout / their elements.

    Parameters
    ----------
    x : (batch, *lengths, channels), with any number of spatial axes
    pool_size, strides, padding : those of `keratorch.ops.average_pool`
    """

    def __init__(self, x, pool_size, strides=None, padding="valid"):
        super().__init__(x)
        self.windows = _windows(self._inputs[0], pool_size, strides, padding)

    def forward(self, x):
        return pooling.average_pool(x, self.windows)

    def backward(self, grad):
        (x,) = self.inputs
        return AverageUnpoolGrad.apply(grad, self.windows, x.shape)


class AverageUnpoolGrad(Grad):
    """out = each element of y in equal shares, added up where its window lies.

    Hence dL/dy = the mean of dL/dout over each window, as of `AveragePoolGrad`.
    """

    def __init__(self, y, windows, shape):
        super().__init__(y)
        self.windows, self.shape = windows, shape

    def forward(self, y):
        return pooling.average_unpool(y, self.windows, self.shape)

    def backward(self, grad):
        size, strides, padding, _ = self.windows
        return AveragePoolGrad.apply(grad, size, strides, padding)


class AdaptiveMaxPoolGrad(Grad):
    """out = the maximum of each cell of a grid over the input, channel by channel.

    Hence dL/dx is dL/dout where the first maximum of the cell stands, added up over the
    cells, which may overlap.

    Parameters
    ----------
    x : (batch, *lengths, channels), with any number of spatial axes
    output_size : tuple of the number of cells along each spatial axis
    """

    def __init__(self, x, output_size):
        super().__init__(x)
        self.output_size = output_size
        self.places = None  # of the maxima in the flattened x: `forward` finds them

    def forward(self, x):
        out, self.places = adaptive_pooling.adaptive_max_pool(x, self.output_size)
        return out

    def backward(self, grad):
        (x,) = self.inputs
        return _put_back(grad, self.places, x.shape)


class AdaptiveAveragePoolGrad(Grad):
    """out = the mean of each cell of a grid over the input, channel by channel.

    Hence dL/dx = the sum, over the cells that have x, of dL/dout / their elements.

    Parameters
    ----------
    x : (batch, *lengths, channels), with any number of spatial axes
    output_size : tuple of the number of cells along each spatial axis
    """

    def __init__(self, x, output_size):
        super().__init__(x)
        self.output_size = output_size

    def forward(self, x):
        return adaptive_pooling.adaptive_average_pool(x, self.output_size)

    def backward(self, grad):
        (x,) = self.inputs
        return AdaptiveAverageUnpoolGrad.apply(grad, x.shape)


class AdaptiveAverageUnpoolGrad(Grad):
    """out = each element of y in equal shares, added up where its cell lies.

    Hence dL/dy = the mean of dL/dout over each cell, as of `AdaptiveAveragePoolGrad`.
    """

    def __init__(self, y, shape):
        super().__init__(y)
        self.shape = shape
        self.output_size = self._inputs[0].shape[1:-1]

    def forward(self, y):
        return adaptive_pooling.adaptive_average_unpool(y, self.shape)

    def backward(self, grad):
        return AdaptiveAveragePoolGrad.apply(grad, self.output_size)


def _are_many(lengths, x):
    """Return whether one place of so many is worth a gradient of its own kind."""
    return np.prod(lengths) >= _MANY and len(x) > 0 and x.dtype.char in "fd"


def _windows(x, pool_size, strides, padding):
    """Return the windows of a pooling, which by default do not overlap."""
    strides = pool_size if strides is None else strides
    return Windows.of(x.shape[1:-1], pool_size, strides, padding, named="pool_size")


def _put_back(grad, places, shape):
    """Return zeros with each element of grad added at its place."""
    flat = ScatterAddGrad.apply(
        np.reshape(grad, -1), places.reshape(-1), (int(np.prod(shape)),)
    )
    return np.reshape(flat, shape)
