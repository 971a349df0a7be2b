"""Smooth activations whose textbook formula would overflow, or needs erf."""

from __future__ import annotations

import math
from functools import cache, partial

import numpy as np

from keratorch import graph
from keratorch.core import Grad
from keratorch.grads.choice import kept
from keratorch.grads.fused import Fused
from keratorch.grads.neural import SigmoidGrad
from keratorch.kernels import activation


class EluGrad(Grad):
    """out = x where x > 0, else alpha * (exp(x) - 1).

    Hence dL/dx = dL/dout where x > 0, else dL/dout * (out + alpha).
    """

    def __init__(self, x, alpha=1.0):
        super().__init__(x)
        self.alpha = alpha

    def forward(self, x):
        # one of the terms is 0: where() takes much longer to choose between them
        return np.maximum(x, 0) + self.alpha * np.expm1(np.minimum(x, 0))

    def backward(self, grad):
        (x,) = self.inputs
        return grad * np.where(x > 0, 1, self.output + self.alpha)


class RampGrad(Grad):
    """out = min(max(x, low), high), hence dL/dx = dL/dout where low < x < high, else 0.

    On the limits the slope is 0, as that of a `relu` is at 0; that of `ClipGrad` is 1.
    """

    def __init__(self, x, low, high):
        super().__init__(x)
        self.low, self.high = low, high

    def forward(self, x):
        return np.minimum(np.maximum(x, self.low), self.high)

    def backward(self, grad):
        out = self.output
        return kept(grad, (out > self.low) & (out < self.high))


class LeakyReluGrad(Fused):
    """out = x where x > 0, else slope * x, hence dL/dx = dL/dout, or slope * dL/dout.

    Equals `MulGrad` and `WhereGrad`, in one node, which computes chunk by chunk, and
    takes the larger of x and slope * x: to choose by a condition that is now true and
    now false takes NumPy ten times as long.  Other slopes than from 0 to 1, and other
    dtypes than float32 and float64, it leaves to these.
    """

    def __init__(self, x, slope):
        super().__init__(x)
        self.params = {"slope": slope}

    @classmethod
    def apply(cls, x, slope):
        fits = isinstance(slope, (int, float)) and 0 < slope <= 1
        fits = fits and graph.value(x).dtype in ("f4", "f8")
        return super().apply(x, slope=slope) if fits else cls.textbook(x, slope)

    @staticmethod
    def textbook(x, slope):
        return np.where(x > 0, x, slope * x)

    def forward(self, x):
        compute = partial(activation.leaky_relu, self.params["slope"])
        return activation.by_chunks(compute, x)

    def gradients(self, grad):
        compute = partial(activation.leaky_relu_gradient, self.params["slope"])
        return activation.by_chunks(compute, grad, *self.inputs)


class SoftplusGrad(Grad):
    """out = log(1 + exp(x)), hence dL/dx = dL/dout * sigmoid(x)."""

    def forward(self, x):
        return np.logaddexp(x, 0)

    def backward(self, grad):
        (x,) = self.inputs
        return grad * SigmoidGrad.apply(x)


class SiluGrad(Fused):
    """out = x * s with s = sigmoid(x), hence dL/dx = dL/dout * s * (1 + x * (1 - s)).

    Equals `SigmoidGrad` and `MulGrad`, in one node, which computes chunk by chunk.
    """

    @classmethod
    def apply(cls, x):
        fits = graph.value(x).dtype in ("f4", "f8")
        return super().apply(x) if fits else cls.textbook(x)

    @staticmethod
    def textbook(x):
        return x * SigmoidGrad.apply(x)

    def forward(self, x):
        return activation.by_chunks(activation.silu, x)

    def gradients(self, grad):
        return activation.by_chunks(activation.silu_gradient, grad, *self.inputs)


class GeluGrad(Fused):
    """out = x * P(X <= x) for a standard normal X, or approximately.

    Hence dL/dx = dL/dout * (P(X <= x) + x * exp(-x * x / 2) / sqrt(2 * pi)).  The
    approximation is x * s with s = sigmoid(2 * u), u = sqrt(2 / pi) * (x + 0.044715 *
    x**3); hence dL/dx = dL/dout * s * (1 + x * (1 - s) * 2 * u').  Equals `ErfGrad`, or
    `SigmoidGrad`, between arithmetic operations, in one node, which computes chunk by
    chunk.  What is not approximate it leaves to these in other dtypes than float32.

    Source: Hendrycks & Gimpel (2016).
    """

    def __init__(self, x, approximate=False):
        super().__init__(x)
        self.params = {"approximate": approximate}

    @classmethod
    def apply(cls, x, approximate=False):
        fits = graph.value(x).dtype in (("f4", "f8") if approximate else ("f4",))
        compute = super().apply if fits else cls.textbook
        return compute(x, approximate=approximate)

    @staticmethod
    def textbook(x, approximate=False):
        if approximate:
            cubic = x + 0.044715 * (x * x * x)
            # (1 + tanh(u)) / 2 = sigmoid(2 * u), which is exact where tanh is almost -1
            return x * SigmoidGrad.apply(math.sqrt(8 / math.pi) * cubic)
        return 0.5 * x * (1 + ErfGrad.apply(x * math.sqrt(0.5)))

    def forward(self, x):
        approximate = self.params["approximate"]
        compute = activation.gelu_by_tanh if approximate else activation.gelu
        return activation.by_chunks(compute, x)

    def gradients(self, grad):
        if self.params["approximate"]:
            slope = activation.gelu_by_tanh_gradient
        else:
            slope = activation.gelu_gradient
        return activation.by_chunks(slope, grad, *self.inputs)


class ErfGrad(Grad):
    """out = 2 / sqrt(pi) * the integral of exp(-t * t) for t from 0 to x.

    Hence dL/dx = dL/dout * 2 / sqrt(pi) * exp(-x * x).
    """

    def forward(self, x):
        return _erf(x).astype(x.dtype)

    def backward(self, grad):
        (x,) = self.inputs
        return grad * (2 / math.sqrt(math.pi) * np.exp(-x * x))


class ErfcGrad(Grad):
    """out = 1 - erf(x), hence dL/dx = -dL/dout * 2 / sqrt(pi) * exp(-x * x).

    Computed by itself: 1 - erf(x) would be 0 from x = 6 on.
    """

    def forward(self, x):
        return _erfc(x).astype(x.dtype)

    def backward(self, grad):
        (x,) = self.inputs
        return grad * (-2 / math.sqrt(math.pi) * np.exp(-x * x))


class ErfinvGrad(Grad):
    """out = the number whose erf is x, infinite at -1 and 1 and NaN beyond.

    Hence dL/dx = dL/dout * sqrt(pi) / 2 * exp(out * out).
    """

    def forward(self, x):
        wide = np.asarray(x, np.float64)
        y = np.where(np.abs(wide) < 1, wide, 0)
        # within 0.2 % (Winitzki, 2008); each step of Halley's triples the digits
        log = np.log1p(-y * y)
        half = 2 / (math.pi * 0.147) + log / 2
        out = np.copysign(np.sqrt(np.sqrt(half * half - log / 0.147) - half), y)
        for _ in range(3):
            # by erfc where erf is almost 1
            near = np.abs(y) < 0.5
            error = np.where(
                near,
                _erf(out) - y,
                np.sign(y) * ((1 - np.abs(y)) - _erfc(np.abs(out))),
            )
            step = error / (2 / math.sqrt(math.pi) * np.exp(-out * out))
            out = out - step / (1 + out * step)
        ends = np.where(np.abs(wide) == 1, np.copysign(np.inf, wide), np.nan)
        return np.where(np.abs(wide) < 1, out, ends).astype(x.dtype)

    def backward(self, grad):
        out = self.output
        return grad * (math.sqrt(math.pi) / 2 * np.exp(out * out))


def _erf(x):
    """Return erf of an ndarray, in float64."""
    size = np.abs(x).astype(np.float64)
    near, far = np.minimum(size, 1), np.clip(size, 1, 6)
    inner = near * np.polyval(_polynomial(_near_zero, 11), 2 * near * near - 1)
    tail = np.polyval(_polynomial(_far_from_zero, 20), (12 / far - 7) / 5)
    outer = 1 - np.exp(-far * far) * tail / far
    return np.copysign(np.where(size < 1, inner, outer), x)


def _erfc(x):
    """Return 1 - erf of an ndarray, in float64."""
    found = np.frompyfunc(math.erfc, 1, 1)(np.asarray(x, np.float64))
    return np.asarray(found, np.float64)


def _near_zero(t):
    """Return erf(x) / x at t = 2 * x**2 - 1, for x from 0 to 1."""
    x = math.sqrt((t + 1) / 2)
    return math.erf(x) / x


def _far_from_zero(t):
    """Return (1 - erf(x)) * exp(x**2) * x at t = (12 / x - 7) / 5, for x from 1 to 6.

    Beyond 6 the nearest float64 to erf(x) is 1.
    """
    x = 12 / (7 + 5 * t)
    return math.erfc(x) * math.exp(x * x) * x


@cache
def _polynomial(function, terms):
    """Return the coefficients of the polynomial through a function on [-1, 1].

    It meets the function at the zeros of Chebyshev's polynomial: the numbers of terms
    used above keep erf within 2e-15 of its value, relatively.
    """
    nodes = np.cos(np.pi * (np.arange(terms) + 0.5) / terms)
    return np.linalg.solve(np.vander(nodes), [function(t) for t in nodes])
