"""Signals: convolution, correlation, interpolation, phases."""

from __future__ import annotations

import numpy as np

from keratorch import graph
from keratorch.core import Grad
from keratorch.registry import composed


class ConvolveGrad(Grad, of=np.convolve):
    """out[k] = sum of a[i] * v[k - i], hence dL/da[i] = sum of dL/dout[k] * v[k - i].

    dL/dv likewise.  Modes 'same' and 'valid' keep the middle of out: what they leave
    out has the gradient 0.
    """

    def __init__(self, a, v, mode="full"):
        super().__init__(a, v)
        self.mode = mode

    def forward(self, a, v):
        return np.convolve(a, v, self.mode)

    def backward(self, grad):
        a, v = (np.reshape(x, -1) for x in self.inputs)  # NumPy lets scalars take part
        lost = a.size + v.size - 1 - grad.size
        if lost:
            before = np.zeros(lost // 2, grad.dtype)
            after = np.zeros(lost - lost // 2, grad.dtype)
            grad = np.concatenate([before, grad, after])
        da = np.convolve(grad, v[::-1], "valid") if self.needs(0) else None
        dv = np.convolve(grad, a[::-1], "valid") if self.needs(1) else None
        return da, dv


@composed(np.correlate)
def correlate(a, v, mode="valid"):
    """Composed of np.convolve with the shorter one reversed, and conj(v)."""
    v = np.conjugate(v) if np.iscomplexobj(v) else v
    if np.size(a) >= np.size(v):
        return np.convolve(a, v[::-1], mode)
    return np.convolve(v, a[::-1], mode)[::-1]


@composed(np.interp)
def interp(x, xp, fp, left=None, right=None, period=None):
    """Composed of the line between the two knots around each x; float64, as in NumPy.

    At a knot the derivative is that of the line to its right; at the last one, to its
    left.
    """
    x, xp, fp = map(_as_float64, (x, xp, fp))
    if xp.ndim != 1 or xp.shape != fp.shape or xp.size == 0:
        raise ValueError(
            "interp needs xp and fp of one axis and one length, 1 or more; received "
            f"shapes {xp.shape} and {fp.shape}."
        )
    if period is not None:
        left = right = None
        x, xp, fp = _within_period(x, xp, fp, np.absolute(period))
    knots = graph.value(xp)
    first = np.searchsorted(knots, graph.value(x), side="right") - 1
    first = np.clip(first, 0, max(knots.size - 2, 0))
    second = np.minimum(first + 1, knots.size - 1)
    width = xp[second] - xp[first]
    slope = (fp[second] - fp[first]) / np.where(width == 0, 1, width)
    line = fp[first] + slope * (x - xp[first])
    line = np.where(x < xp[0], fp[0] if left is None else left, line)
    return np.where(x > xp[-1], fp[-1] if right is None else right, line)


def _within_period(x, xp, fp, period):
    """Return x and the knots, in order, with one more on each side of the period."""
    x, xp = x % period, xp % period
    order = np.argsort(graph.value(xp))
    xp, fp = xp[order], fp[order]
    xp = np.concatenate([xp[-1:] - period, xp, xp[:1] + period])
    return x, xp, np.concatenate([fp[-1:], fp, fp[:1]])


def _as_float64(x):
    if not hasattr(x, "dtype"):
        x = np.asarray(x)
    return x if np.dtype(x.dtype).kind == "c" else x.astype(np.float64)


class UnwrapGrad(Grad, of=np.unwrap):
    """out = p plus whole periods that make it continuous, hence dL/dp = dL/dout."""

    def __init__(self, p, discont=None, axis=-1, *, period=2 * np.pi):
        super().__init__(p)
        self.discont, self.axis, self.period = discont, axis, period

    def forward(self, p):
        return np.unwrap(p, self.discont, self.axis, period=self.period)

    def backward(self, grad):
        return grad
