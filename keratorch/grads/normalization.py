"""Normalization: the heart of batch, layer, group, instance and RMS normalization.

`StandardizeGrad` and `RmsNormalizeGrad` are the textbook's; which axes they take
together tells the kinds apart.  The fused ones scale and shift too.
"""

from __future__ import annotations

import math

import numpy as np

from keratorch import graph, speed
from keratorch.core import Grad
from keratorch.grads.fused import Fused
from keratorch.kernels.normalization import Channels, Rows

_FLOATS = {np.dtype("f4"), np.dtype("f8")}


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


class _ScaledGrad(Fused):
    """A normalization with factors and offsets: floats, or arrays of the dtype of x."""

    @classmethod
    def apply(cls, x, *vectors, **params):
        arrays = (graph.value(v) for v in (x, *vectors) if not isinstance(v, float))
        dtypes = {v.dtype if v.shape else None for v in arrays}
        if len(dtypes) == 1 and dtypes < _FLOATS and x.size:
            return super().apply(x, *vectors, **params)
        if x.dtype == np.float16:  # squares of its numbers soon are beyond its range
            wide = (widened(v) for v in (x, *vectors))
            return cls.apply(*wide, **params).astype(x.dtype)
        return cls.textbook(x, *vectors, **params)


class NormalizeChannelsGrad(_ScaledGrad):
    """out = (x - mean) / s * gamma + beta with s = sqrt(variance + epsilon).

    Mean and variance are those of a channel, or of one of `groups` of channels, over
    all other axes, of which the first is left out unless samples go `together`.  With
    y = (x - mean) / s, dL/dgamma = sum(dL/dout * y), dL/dbeta = sum(dL/dout), and
    dL/dx = (g - mean(g) - y * mean(g * y)) / s for g = dL/dout * gamma.  Equals
    `StandardizeGrad`, `MulGrad` and `AddGrad`, in one node.

    Parameters
    ----------
    gamma, beta : (channels,), or 1.0 and 0.0.
    moments : mean and variance (channels,) of all samples, where they are known.

    Source: Ioffe & Szegedy (2015), section 3; Wu & He (2018).
    """

    def __init__(
        self,
        x,
        gamma=1.0,
        beta=0.0,
        axis=-1,
        groups=None,
        together=True,
        epsilon=0.0,
        moments=None,
    ):
        super().__init__(x, gamma, beta)
        self.axis = axis % x.ndim
        self.params = {
            "axis": self.axis,
            "groups": groups,
            "together": together or self.axis == 0,
            "epsilon": epsilon,
            "moments": moments,
        }

    @staticmethod
    def textbook(
        x,
        gamma=1.0,
        beta=0.0,
        axis=-1,
        groups=None,
        together=True,
        epsilon=0.0,
        moments=None,
    ):
        shape, axis = x.shape, axis % x.ndim
        groups = shape[axis] if groups is None else groups
        sizes = (groups, shape[axis] // max(groups, 1))
        parts = np.reshape(x, (*shape[:axis], *sizes, *shape[axis + 1 :]))
        axes = tuple(i for i in range(0 if together else 1, x.ndim + 1) if i != axis)
        out = np.reshape(StandardizeGrad.apply(parts, axes, epsilon), shape)
        return out * _along(gamma, (axis,), shape) + _along(beta, (axis,), shape)

    @property
    def together(self):
        return self.params["together"]

    def _channels(self, x):
        cells, groups = _cells(x, self.axis, self.together), self.params["groups"]
        return Channels(cells, groups or cells.shape[2], self.together)

    def forward(self, x, gamma, beta):
        channels = self._channels(x)
        if self.params["moments"] is None:
            mean, variance = channels.moments()
        else:
            mean, variance = (np.reshape(v, (1, -1)) for v in self.params["moments"])
        self.mean, self.inverse = mean, 1 / np.sqrt(variance + self.params["epsilon"])
        offset = beta[None] if np.ndim(beta) else None
        out = channels.scaled(mean, self.inverse * gamma, offset)
        return _from_cells(out, x.shape, self.axis, self.together)

    def gradients(self, grad):
        x, gamma, _ = self.inputs
        channels = self._channels(x)
        grad = _cells(grad, self.axis, self.together)
        sums, products = channels.sums(grad, self.mean)
        products = products * self.inverse
        dx = None
        if self.needs(0):
            inverse = self.inverse
            slope = -channels.means(products * gamma) * inverse**2
            offset = -channels.means(sums * gamma) * inverse - self.mean * slope
            dx = channels.gradient(grad, inverse * gamma, slope, offset)
            dx = _from_cells(dx, x.shape, self.axis, self.together)
        dgamma, dbeta = (v.sum(axis=0).astype(x.dtype) for v in (products, sums))
        return dx, dgamma, dbeta


class ScaleChannelsGrad(_ScaledGrad):
    """out = (x - mean) * factor + offset, with a number of each for each channel.

    Hence dL/dx = dL/dout * factor, dL/dmean = -sum(dL/dout) * factor, dL/dfactor =
    sum(dL/dout * (x - mean)) and dL/doffset = sum(dL/dout).  Equals `SubtractGrad`,
    `MulGrad` and `AddGrad`, in one node.

    Parameters
    ----------
    mean, factor, offset : (channels,); the last may be 0.0.
    """

    def __init__(self, x, mean, factor, offset=0.0, axis=-1):
        super().__init__(x, mean, factor, offset)
        self.axis = axis % x.ndim
        self.params = {"axis": self.axis}

    @staticmethod
    def textbook(x, mean, factor, offset=0.0, axis=-1):
        axes = (axis % x.ndim,)
        mean, factor, offset = (
            _along(v, axes, x.shape) for v in (mean, factor, offset)
        )
        return (x - mean) * factor + offset

    def _channels(self, x):
        cells = _cells(x, self.axis, together=True)
        return Channels(cells, cells.shape[2], together=True)

    def forward(self, x, *vectors):
        vectors = [v[None] if np.ndim(v) else None for v in vectors]
        out = self._channels(x).scaled(*vectors)
        return _from_cells(out, x.shape, self.axis, together=True)

    def gradients(self, grad):
        x, mean, factor, _ = self.inputs
        dx = None
        if self.needs(0):
            dx = grad * _along(factor, (self.axis,), x.shape)
        if not any(map(self.needs, (1, 2, 3))):
            return dx, None, None, None
        cells = _cells(grad, self.axis, together=True)
        sums, products = self._channels(x).sums(cells, mean[None])
        sums, products = (v.sum(axis=0).astype(x.dtype) for v in (sums, products))
        return dx, -sums * factor, products, sums


class NormalizeRowsGrad(_ScaledGrad):
    """out = (x - mean) / s * gamma + beta, along some axes, sample by sample.

    s = sqrt(variance + epsilon); with ``centered=False`` the mean is taken to be 0.
    With y = (x - mean) / s, dL/dgamma = sum(dL/dout * y), dL/dbeta = sum(dL/dout), and
    dL/dx = (g - mean(g) - y * mean(g * y)) / s for g = dL/dout * gamma.  Equals
    `StandardizeGrad`, or `RmsNormalizeGrad`, then `MulGrad` and `AddGrad`, in one node.

    Parameters
    ----------
    gamma, beta : of the shape of x along the axes, or 1.0 and 0.0.

    Source: Ba et al. (2016), Layer Normalization; Zhang & Sennrich (2019).
    """

    def __init__(self, x, gamma=1.0, beta=0.0, axis=(-1,), epsilon=0.0, centered=True):
        super().__init__(x, gamma, beta)
        self.axis, self.epsilon, self.centered = axis, epsilon, centered
        self.params = {"axis": axis, "epsilon": epsilon, "centered": centered}

    @staticmethod
    def textbook(x, gamma=1.0, beta=0.0, axis=(-1,), epsilon=0.0, centered=True):
        normalize = StandardizeGrad if centered else RmsNormalizeGrad
        out = normalize.apply(x, axis, epsilon)
        axes = tuple(i % x.ndim for i in axis)
        return out * _along(gamma, axes, x.shape) + _along(beta, axes, x.shape)

    def _rows(self, x):
        """Return an array as contiguous rows along the axes."""
        rows = np.transpose(x, self._order(x.ndim))
        size = math.prod(x.shape[i] for i in self.axis)
        return np.ascontiguousarray(rows).reshape(-1, size)

    def _from_rows(self, rows, shape):
        order = self._order(len(shape))
        wide = rows.reshape([shape[i] for i in order])
        return np.transpose(wide, np.argsort(order))

    def _order(self, ndim):
        """Return the permutation that brings the axes to the end."""
        last = sorted(i % ndim for i in self.axis)
        return [*(i for i in range(ndim) if i not in last), *last]

    def forward(self, x, gamma, beta):
        factor, offset = (np.ravel(v) if np.ndim(v) else None for v in (gamma, beta))
        rows = Rows(self._rows(x), self.centered)
        out, self.mean, self.inverse = rows.normalized(factor, offset, self.epsilon)
        return self._from_rows(out, x.shape)

    def gradients(self, grad):
        x, gamma, beta = self.inputs
        factor = np.ravel(gamma) if np.ndim(gamma) else None
        rows = Rows(self._rows(x), self.centered)
        dx, dgamma, dbeta = rows.gradients(
            self._rows(grad), self.mean, self.inverse, factor, self.needs(0)
        )
        if dx is not None:
            dx = self._from_rows(dx, x.shape)
        return dx, *(
            v.reshape(np.shape(w)) if np.ndim(w) else None
            for v, w in ((dgamma, gamma), (dbeta, beta))
        )


def channel_moments(x, axis):
    """Return mean and variance of each channel of an ndarray, over all other axes."""
    if speed.is_fast() and x.dtype in _FLOATS:
        cells = _cells(x, axis, together=True)
        mean, variance = Channels(cells, cells.shape[2], together=True).moments()
        return mean[0], variance[0]
    others = tuple(i for i in range(x.ndim) if i != axis)
    x = widened(x)
    return x.mean(axis=others), x.var(axis=others)


def widened(x):
    """Return an array of halves in single precision, anything else as it is."""
    return x.astype(np.float32) if getattr(x, "dtype", None) == np.float16 else x


def _mean(x, axis):
    return x.mean(axis=axis, keepdims=True)


def _along(vector, axes, shape):
    """Return a vector (or block) so that it broadcasts along axes of a shape."""
    if np.ndim(vector) == 0:
        return vector
    return np.reshape(vector, [n if i in axes else 1 for i, n in enumerate(shape)])


def _cells(x, axis, together):
    """Return an array as (samples, places, channels), with one sample if it can be."""
    before, channels = math.prod(x.shape[:axis]), x.shape[axis]
    if axis == x.ndim - 1:
        samples = 1 if together else len(x)
        return x.reshape(samples, before // samples, channels)
    if together or axis < 2:
        return x.reshape(before, channels, -1).swapaxes(1, 2)
    return np.moveaxis(x, axis, -1).reshape(len(x), -1, channels)


def _from_cells(cells, shape, axis, together):
    """Return what `_cells` makes cells of."""
    if axis == len(shape) - 1:
        return cells.reshape(shape)
    if together or axis < 2:
        return cells.swapaxes(1, 2).reshape(shape)
    wide = cells.reshape([n for i, n in enumerate(shape) if i != axis] + [shape[axis]])
    return np.moveaxis(wide, -1, axis)
