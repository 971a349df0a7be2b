"""Convolution, whose derivatives are made of convolutions.

The sum of ``conv(x, kernel) * grad`` is linear in each of x, kernel and grad.  Its
three derivatives are the operations here; each is differentiated by the other two:

    ConvGrad        by grad      the convolution of x and kernel
    ConvInputGrad   by x         the transposed convolution of grad and kernel
    ConvKernelGrad  by kernel    the correlation of x and grad

Images are channels-last.  `keratorch.ops` gives the operations their names.
"""

from __future__ import annotations

from keratorch.core import Grad
from keratorch.kernels import convolution
from keratorch.kernels.windows import Windows


class ConvGrad(Grad):
    """out[b, i, f] = sum of x[b, i * stride + k * dilation, c] * kernel[k, c, f].

    Hence dL/dx is the transposed convolution of dL/dout with the kernel, and
    dL/dkernel the correlation of x and dL/dout: their `ConvInputGrad` and
    `ConvKernelGrad`.

    Parameters
    ----------
    x : (batch, *lengths, channels), with any number of spatial axes
    kernel : (*size, channels / groups, filters); channels and filters fall into groups
    strides, padding, dilation_rate : those of `keratorch.ops.conv`
    """

    def __init__(self, x, kernel, strides=1, padding="valid", dilation_rate=1):
        super().__init__(x, kernel)
        x, kernel = self._inputs
        lengths, size = x.shape[1:-1], kernel.shape[:-2]
        self.windows = Windows.of(lengths, size, strides, padding, dilation_rate)

    def forward(self, x, kernel):
        return convolution.conv(x, kernel, self.windows)

    def backward(self, grad):
        x, kernel = self.inputs
        by_x, by_kernel = None, None
        if self.needs(0):
            by_x = ConvInputGrad.apply(grad, kernel, self.windows, x.shape)
        if self.needs(1):
            by_kernel = ConvKernelGrad.apply(x, grad, self.windows, kernel.shape)
        return by_x, by_kernel


class ConvInputGrad(Grad):
    """out[b, i * stride + k * dilation, c] += y[b, i, f] * kernel[k, c, f].

    The transposed convolution, which spreads each element of y by the kernel.  Hence
    dL/dy is the convolution of dL/dout with the kernel, and dL/dkernel the correlation
    of dL/dout and y.

    Parameters
    ----------
    y : (batch, *counts, filters), one element for each of the windows
    kernel : (*size, channels / groups, filters)
    windows : `Windows` on the output
    shape : of the output, (batch, *lengths, channels)
    """

    def __init__(self, y, kernel, windows, shape):
        super().__init__(y, kernel)
        self.windows, self.shape = windows, shape

    def forward(self, y, kernel):
        return convolution.input_gradient(y, kernel, self.windows, self.shape)

    def backward(self, grad):
        y, kernel = self.inputs
        by_y, by_kernel = None, None
        if self.needs(0):
            by_y = _conv(grad, kernel, self.windows)
        if self.needs(1):
            by_kernel = ConvKernelGrad.apply(grad, y, self.windows, kernel.shape)
        return by_y, by_kernel


class ConvKernelGrad(Grad):
    """out[k, c, f] = sum of x[b, i * stride + k * dilation, c] * y[b, i, f].

    Hence dL/dx is the transposed convolution of y with dL/dout, and dL/dy the
    convolution of x with dL/dout.

    Parameters
    ----------
    x : (batch, *lengths, channels)
    y : (batch, *counts, filters), one element for each of the windows
    windows : `Windows` on x
    shape : of the output, (*size, channels / groups, filters)
    """

    def __init__(self, x, y, windows, shape):
        super().__init__(x, y)
        self.windows, self.shape = windows, shape

    def forward(self, x, y):
        return convolution.kernel_gradient(x, y, self.windows, self.shape)

    def backward(self, grad):
        x, y = self.inputs
        by_x, by_y = None, None
        if self.needs(0):
            by_x = ConvInputGrad.apply(y, grad, self.windows, x.shape)
        if self.needs(1):
            by_y = _conv(x, grad, self.windows)
        return by_x, by_y


def _conv(x, kernel, windows):
    _, strides, padding, dilation = windows
    return ConvGrad.apply(x, kernel, strides, padding, dilation)
