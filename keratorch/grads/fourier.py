"""Fourier transforms.

Each is a matrix F that multiplies along one axis, so that dL/dx = F.T dL/dout: the
matrix of a complex transform is symmetric, and that of a real one is, but for weights,
the transpose of its sibling.  An input that the transform fills up with zeros, or cuts,
has a gradient that is cut, or filled up with zeros.
"""

from __future__ import annotations

import numpy as np

from keratorch.core import Grad
from keratorch.grads.indexing import ScatterAddGrad
from keratorch.registry import composed


class _Fourier(Grad):
    """What the transforms along one axis share: their arguments."""

    def __init__(self, a, n=None, axis=-1, norm=None):
        super().__init__(a)
        self.n, self.axis, self.norm = n, axis, norm

    def forward(self, x):
        return self.of(x, self.n, self.axis, self.norm)

    def fitted(self, values):
        """Return values as long as the input, cut or with zeros added, and as real."""
        (x,) = self.inputs
        if np.iscomplexobj(values) and not np.iscomplexobj(x):
            values = values.real  # a real number moves along the real axis alone
        have, length = values.shape[self.axis], x.shape[self.axis]
        if have == length:
            return values
        index = [slice(None)] * values.ndim
        index[self.axis] = slice(min(have, length))
        if have > length:
            return values[tuple(index)]
        return ScatterAddGrad.apply(values, tuple(index), x.shape)

    def weights(self, grad, n):
        """Return how often each frequency of a half spectrum is in a signal of n.

        A real signal has each twice, as e**iwt and e**-iwt, but for the constant and,
        if n is even, the fastest one.
        """
        weights = np.full(n // 2 + 1, 2, np.finfo(grad.dtype).dtype)
        weights[0] = 1
        if n % 2 == 0:
            weights[-1] = 1
        after = grad.ndim - 1 - self.axis % grad.ndim
        return weights.reshape(-1, *[1] * after)


class FftGrad(_Fourier, of=np.fft.fft):
    """out = F x with F[k, t] = e**(-2 pi i k t / n), hence dL/dx = F dL/dout."""

    def backward(self, grad):
        return self.fitted(np.fft.fft(grad, axis=self.axis, norm=self.norm))


class IfftGrad(_Fourier, of=np.fft.ifft):
    """out = F x with F[t, k] = e**(2 pi i k t / n) / n, hence dL/dx = F dL/dout."""

    def backward(self, grad):
        return self.fitted(np.fft.ifft(grad, axis=self.axis, norm=self.norm))


class RfftGrad(_Fourier, of=np.fft.rfft):
    """out = the frequencies of fft(x) from 0 up, hence dL/dx = hfft(dL/dout / w).

    The weights w are 2, but 1 for the frequencies that hfft does not double.
    """

    def backward(self, grad):
        (x,) = self.inputs
        n = x.shape[self.axis] if self.n is None else self.n
        halved = grad / self.weights(grad, n)
        return self.fitted(np.fft.hfft(halved, n, self.axis, self.norm))


class IrfftGrad(_Fourier, of=np.fft.irfft):
    """out = the real signal with half spectrum x, hence dL/dx = w * ihfft(dL/dout).

    The weights w are 2, but 1 for the frequencies that irfft does not double.
    """

    def backward(self, grad):
        n = grad.shape[self.axis]
        spectrum = np.fft.ihfft(grad, axis=self.axis, norm=self.norm)
        return self.fitted(spectrum * self.weights(grad, n))


class HfftGrad(_Fourier, of=np.fft.hfft):
    """out = the real spectrum of the half signal x, hence dL/dx = w * rfft(dL/dout).

    The weights w are 2, but 1 for the times that hfft does not double.
    """

    def backward(self, grad):
        n = grad.shape[self.axis]
        signal = np.fft.rfft(grad, axis=self.axis, norm=self.norm)
        return self.fitted(signal * self.weights(grad, n))


class IhfftGrad(_Fourier, of=np.fft.ihfft):
    """out = the half of ifft(x), for real x, hence dL/dx = irfft(dL/dout / w).

    The weights w are 2, but 1 for the times that irfft does not double.
    """

    def backward(self, grad):
        (x,) = self.inputs
        n = x.shape[self.axis] if self.n is None else self.n
        halved = grad / self.weights(grad, n)
        return self.fitted(np.fft.irfft(halved, n, self.axis, self.norm))


@composed(np.fft.fftn)
def fftn(a, s=None, axes=None, norm=None):
    """Composed of np.fft.fft along each axis, the last one first."""
    for n, axis in reversed(_lengths_and_axes(a, s, axes)):
        a = np.fft.fft(a, n, axis, norm)
    return a


@composed(np.fft.ifftn)
def ifftn(a, s=None, axes=None, norm=None):
    """Composed of np.fft.ifft along each axis, the last one first."""
    for n, axis in reversed(_lengths_and_axes(a, s, axes)):
        a = np.fft.ifft(a, n, axis, norm)
    return a


@composed(np.fft.rfftn)
def rfftn(a, s=None, axes=None, norm=None):
    """Composed of np.fft.rfft along the last axis and np.fft.fft along the others."""
    *others, (n, axis) = _lengths_and_axes(a, s, axes)
    a = np.fft.rfft(a, n, axis, norm)
    for n, axis in reversed(others):
        a = np.fft.fft(a, n, axis, norm)
    return a


@composed(np.fft.irfftn)
def irfftn(a, s=None, axes=None, norm=None):
    """Composed of np.fft.irfft along the last axis, after np.fft.ifft along others."""
    *others, (n, axis) = _lengths_and_axes(a, s, axes)
    for length, other in others:
        a = np.fft.ifft(a, length, other, norm)
    return np.fft.irfft(a, n, axis, norm)


@composed(np.fft.fft2)
def fft2(a, s=None, axes=(-2, -1), norm=None):
    """Composed of np.fft.fftn over two axes."""
    return np.fft.fftn(a, s, axes, norm)


@composed(np.fft.ifft2)
def ifft2(a, s=None, axes=(-2, -1), norm=None):
    """Composed of np.fft.ifftn over two axes."""
    return np.fft.ifftn(a, s, axes, norm)


@composed(np.fft.rfft2)
def rfft2(a, s=None, axes=(-2, -1), norm=None):
    """Composed of np.fft.rfftn over two axes."""
    return np.fft.rfftn(a, s, axes, norm)


@composed(np.fft.irfft2)
def irfft2(a, s=None, axes=(-2, -1), norm=None):
    """Composed of np.fft.irfftn over two axes."""
    return np.fft.irfftn(a, s, axes, norm)


def _lengths_and_axes(a, s, axes):
    """Return the length of the transform along each axis, None for the array's own."""
    if axes is None:
        axes = range(-(a.ndim if s is None else len(s)), 0)
    if s is None:
        s = [None] * len(axes)
    if len(s) != len(axes):
        raise ValueError(f"s and axes must be of one length; received {s} and {axes}.")
    return [
        (a.shape[axis] if n == -1 else n, axis) for n, axis in zip(s, axes, strict=True)
    ]


@composed(np.fft.fftshift)
def fftshift(x, axes=None):
    """Composed of np.roll by half the length of each axis."""
    axes = range(x.ndim) if axes is None else np.atleast_1d(axes).tolist()
    return np.roll(x, [x.shape[axis] // 2 for axis in axes], tuple(axes))


@composed(np.fft.ifftshift)
def ifftshift(x, axes=None):
    """Composed of np.roll back by half the length of each axis."""
    axes = range(x.ndim) if axes is None else np.atleast_1d(axes).tolist()
    return np.roll(x, [-(x.shape[axis] // 2) for axis in axes], tuple(axes))
