"""Convolution, whose derivatives are made of convolutions.

The sum of ``conv(x, kernel) * grad`` is linear in each of x, kernel and grad.  Its
three derivatives are the operations here; each is differentiated by the other two:

    ConvGrad        by grad      the convolution of x and kernel
    ConvInputGrad   by x         the transposed convolution of grad and kernel
    ConvKernelGrad  by kernel    the correlation of x and grad

Images are channels-last.  `keratorch.ops` gives the operations their names.  The
textbook forms multiply windows, which are copied, by the kernel.
"""

from __future__ import annotations

import itertools

import numpy as np

from keratorch.core import Grad, GradArray
from keratorch.grads.fused import Fused
from keratorch.grads.neural import ReluGrad
from keratorch.kernels import chosen_windows, convolution
from keratorch.kernels.spreading import turned
from keratorch.kernels.windows import Windows
from keratorch.partial import ChosenGradient, whole


class ConvGrad(Fused):
    """out[b, i, f] = sum of x[b, i * stride + k * dilation, c] * kernel[k, c, f].

    Hence dL/dx is the transposed convolution of dL/dout with the kernel, and
    dL/dkernel the correlation of x and dL/dout: their `ConvInputGrad` and
    `ConvKernelGrad`.  Equals windows stacked by `np.stack`, times the kernel by
    `np.tensordot`.

    Parameters
    ----------
    x : (batch, *lengths, channels), with any number of spatial axes
    kernel : (*size, channels / groups, filters); channels and filters fall into groups
    strides, padding, dilation_rate : those of `keratorch.ops.conv`
    """

    def __init__(self, x, kernel, strides=1, padding="valid", dilation_rate=1):
        super().__init__(x, kernel)
        self.windows = _windows(*self._inputs, strides, padding, dilation_rate)

    @staticmethod
    def textbook(x, kernel, strides=1, padding="valid", dilation_rate=1):
        windows = _windows(x, kernel, strides, padding, dilation_rate)
        return _windows_times_kernel(x, kernel, windows)

    def forward(self, x, kernel):
        return convolution.conv(x, kernel, self.windows)

    def gradients(self, grad):
        x, kernel = self.inputs
        wanted = self.needs(0), self.needs(1), False
        return convolution.gradients(x, kernel, grad, self.windows, wanted)[:2]

    def backward(self, grad):
        if not isinstance(grad, GradArray):
            return self.gradients(grad)
        x, kernel = self.inputs
        by_x, by_kernel = None, None
        if self.needs(0):
            by_x = ConvInputGrad.apply(grad, kernel, self.windows, x.shape)
        if self.needs(1):
            by_kernel = ConvKernelGrad.apply(x, grad, self.windows, kernel.shape)
        return by_x, by_kernel


class ConvInputGrad(Fused):
    """out[b, i * stride + k * dilation, c] += y[b, i, f] * kernel[k, c, f].

    The transposed convolution, which spreads each element of y by the kernel.  Hence
    dL/dy is the convolution of dL/dout with the kernel, and dL/dkernel the correlation
    of dL/dout and y.  Equals the convolution of y, with zeros between its elements, and
    the kernel turned round.

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

    @staticmethod
    def textbook(y, kernel, windows, shape):
        lengths, y = shape[1:-1], _with_zeros_between(y, windows.strides)
        padding = []
        for length, span, (before, _), n in zip(
            lengths, windows.spans, windows.padding, y.shape[1:-1], strict=True
        ):
            padding.append((span - 1 - before, length + before - n))
        back = (slice(None, None, -1),) * len(lengths)
        other = turned(kernel[back], shape[-1])
        ones = (1,) * len(lengths)
        around = windows._replace(strides=ones, padding=tuple(padding))
        return _windows_times_kernel(y, other, around)

    def forward(self, y, kernel):
        return convolution.input_gradient(y, kernel, self.windows, self.shape)

    def gradients(self, grad):
        y, kernel = self.inputs
        wanted = self.needs(0), self.needs(1), False
        return convolution.transposed_gradients(y, kernel, grad, self.windows, wanted)[
            :2
        ]

    def backward(self, grad):
        if not isinstance(grad, GradArray):
            return self.gradients(grad)
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


class ConvActivationGrad(Fused):
    """out = activation(convolution of x and kernel + bias).

    With dz = dL/dout where relu let it pass, dL/dx and dL/dkernel are those of
    `ConvGrad`, and dL/dbias is the sum of dz over all windows.  Equals `ConvGrad`,
    `AddGrad` and `ReluGrad`, one after the other.  Where dL/dout is a `ChosenGradient`,
    the sums are over few windows: see `kernels.chosen_windows`.

    Parameters
    ----------
    x, kernel, strides, padding, dilation_rate : those of `ConvGrad`
    bias : (filters,), or None
    activation : 'relu', or None for none
    """

    takes_partial = True

    def __init__(
        self,
        x,
        kernel,
        bias=None,
        activation=None,
        strides=1,
        padding="valid",
        dilation_rate=1,
    ):
        super().__init__(*((x, kernel) if bias is None else (x, kernel, bias)))
        self.params = {
            "activation": activation,
            "strides": strides,
            "padding": padding,
            "dilation_rate": dilation_rate,
        }
        self.windows = _windows(*self._inputs[:2], strides, padding, dilation_rate)
        self.relu = activation == "relu"

    @staticmethod
    def textbook(
        x,
        kernel,
        bias=None,
        activation=None,
        strides=1,
        padding="valid",
        dilation_rate=1,
    ):
        out = ConvGrad.apply(x, kernel, strides, padding, dilation_rate)
        return _finished(out, bias, activation)

    def forward(self, x, kernel, bias=None):
        finish = convolution.Finish(bias, self.relu)
        return convolution.conv(x, kernel, self.windows, finish)

    def gradients(self, grad):
        x, kernel = self.inputs[:2]
        if type(grad) is ChosenGradient and x.shape[-1] == kernel.shape[-2]:
            chosen = grad.places, grad.grads
            return _fused_gradients(self, chosen_windows.gradients, chosen)
        return _fused_gradients(self, convolution.gradients, whole(grad))


class ConvTransposeActivationGrad(Fused):
    """out = activation(transposed convolution of y and kernel + bias).

    With dz = dL/dout where relu let it pass, dL/dy and dL/dkernel are those of
    `ConvInputGrad`, and dL/dbias is the sum of dz over all elements.  Equals
    `ConvInputGrad`, `AddGrad` and `ReluGrad`, one after the other.

    Parameters
    ----------
    y, kernel, windows, shape : those of `ConvInputGrad`
    bias : (channels,), or None
    activation : 'relu', or None for none
    """

    def __init__(self, y, kernel, bias, activation, windows, shape):
        super().__init__(*((y, kernel) if bias is None else (y, kernel, bias)))
        self.params = {"activation": activation, "windows": windows, "shape": shape}
        self.windows, self.shape = windows, shape
        self.relu = activation == "relu"

    @staticmethod
    def textbook(y, kernel, bias=None, activation=None, windows=None, shape=None):
        out = ConvInputGrad.apply(y, kernel, windows, shape)
        return _finished(out, bias, activation)

    def forward(self, y, kernel, bias=None):
        finish = convolution.Finish(bias, self.relu)
        return convolution.input_gradient(y, kernel, self.windows, self.shape, finish)

    def gradients(self, grad):
        return _fused_gradients(self, convolution.transposed_gradients, grad)


def _fused_gradients(op, compute, grad):
    """Return the gradients by all inputs of a convolution with bias and activation."""
    count = len(op._inputs)
    wanted = tuple(i < count and op.needs(i) for i in range(3))
    out = op.output if op.relu else None
    return compute(*op.inputs[:2], grad, op.windows, wanted, out)[:count]


def _finished(out, bias, activation):
    if bias is not None:
        out = out + bias
    return ReluGrad.apply(out) if activation == "relu" else out


def _windows(x, kernel, strides, padding, dilation_rate):
    return Windows.of(x.shape[1:-1], kernel.shape[:-2], strides, padding, dilation_rate)


def _windows_times_kernel(x, kernel, windows):
    """Return the convolution, computed by functions that record themselves."""
    counts = windows.counts(x.shape[1:-1])
    *size, wide, filters = kernel.shape
    crops = [
        slice(max(0, -before), n + min(0, after))
        for n, (before, after) in zip(x.shape[1:-1], windows.padding, strict=True)
    ]
    wider = [(max(0, before), max(0, after)) for before, after in windows.padding]
    x = np.pad(x[(slice(None), *crops)], [(0, 0), *wider, (0, 0)])
    elements = []
    for place in itertools.product(*map(range, size)):
        axes = zip(place, counts, windows.strides, windows.dilation, strict=True)
        index = [
            slice(k * gap, k * gap + (n - 1) * step + 1, step)
            for k, n, step, gap in axes
        ]
        elements.append(x[(slice(None), *index)])
    seen = np.stack(elements, axis=-2)  # (batch, *counts, size, channels)
    matrix = np.reshape(kernel, (-1, wide, filters))
    groups = x.shape[-1] // wide
    each = zip(np.split(seen, groups, -1), np.split(matrix, groups, -1), strict=True)
    return np.concatenate([np.tensordot(a, b, 2) for a, b in each], axis=-1)


def _with_zeros_between(y, strides):
    """Return images whose neighbours along each axis lie a stride apart."""
    for axis, stride in enumerate(strides, start=1):
        shape = y.shape
        after = [(0, 0)] * (y.ndim + 1)
        after[axis + 1] = (0, stride - 1)
        y = np.pad(np.expand_dims(y, axis + 1), after)
        y = np.reshape(y, (*shape[:axis], shape[axis] * stride, *shape[axis + 1 :]))
    return y


def _conv(x, kernel, windows):
    _, strides, padding, dilation = windows
    return ConvGrad.apply(x, kernel, strides, padding, dilation)
