"""Trigonometric and hyperbolic functions, their inverses, and angles."""

from __future__ import annotations

import math

import numpy as np

from keratorch.core import Grad


class SinGrad(Grad, of=np.sin):
    """out = sin(x), hence dL/dx = dL/dout * cos(x)."""

    def backward(self, grad):
        (x,) = self.inputs
        return grad * np.cos(x)


class CosGrad(Grad, of=np.cos):
    """out = cos(x), hence dL/dx = -dL/dout * sin(x)."""

    def backward(self, grad):
        (x,) = self.inputs
        return -grad * np.sin(x)


class TanGrad(Grad, of=np.tan):
    """out = tan(x), hence dL/dx = dL/dout * (1 + out ** 2)."""

    def backward(self, grad):
        out = self.output
        return grad * (1 + out * out)


class ArcsinGrad(Grad, of=np.arcsin):
    """out = arcsin(x), hence dL/dx = dL/dout / sqrt(1 - x ** 2), infinite at 1, -1."""

    def backward(self, grad):
        (x,) = self.inputs
        return grad / _leg(x)


class ArccosGrad(Grad, of=np.arccos):
    """out = arccos(x), hence dL/dx = -dL/dout / sqrt(1 - x ** 2), infinite at 1, -1."""

    def backward(self, grad):
        (x,) = self.inputs
        return -grad / _leg(x)


def _leg(x):
    """Return sqrt(1 - x ** 2), precise also where x is almost 1 or -1."""
    return np.sqrt((1 - x) * (1 + x))


class ArctanGrad(Grad, of=np.arctan):
    """out = arctan(x), hence dL/dx = dL/dout / (1 + x ** 2)."""

    def backward(self, grad):
        (x,) = self.inputs
        return grad / (1 + x * x)


class SinhGrad(Grad, of=np.sinh):
    """out = sinh(x), hence dL/dx = dL/dout * cosh(x)."""

    def backward(self, grad):
        (x,) = self.inputs
        return grad * np.cosh(x)


class CoshGrad(Grad, of=np.cosh):
    """out = cosh(x), hence dL/dx = dL/dout * sinh(x)."""

    def backward(self, grad):
        (x,) = self.inputs
        return grad * np.sinh(x)


class TanhGrad(Grad, of=np.tanh):
    """out = tanh(x), hence dL/dx = dL/dout * (1 - out ** 2)."""

    def backward(self, grad):
        out = self.output
        return grad * (1 - out * out)


class ArcsinhGrad(Grad, of=np.arcsinh):
    """out = arcsinh(x), hence dL/dx = dL/dout / sqrt(x ** 2 + 1)."""

    def backward(self, grad):
        (x,) = self.inputs
        return grad / np.sqrt(x * x + 1)


class ArccoshGrad(Grad, of=np.arccosh):
    """out = arccosh(x), hence dL/dx = dL/dout / sqrt(x ** 2 - 1), infinite at 1."""

    def backward(self, grad):
        (x,) = self.inputs
        # two roots: of one, the square could overflow, and x < -1 would go unnoticed
        return grad / (np.sqrt(x - 1) * np.sqrt(x + 1))


class ArctanhGrad(Grad, of=np.arctanh):
    """out = arctanh(x), hence dL/dx = dL/dout / (1 - x ** 2), infinite at 1 and -1."""

    def backward(self, grad):
        (x,) = self.inputs
        return grad / ((1 - x) * (1 + x))


class Arctan2Grad(Grad, of=np.arctan2):
    """out = the angle of the point (x, y), from -pi to pi.

    Hence dL/dy = dL/dout * x / (x ** 2 + y ** 2) and dL/dx = -dL/dout * y / (x ** 2 +
    y ** 2), which are 0 at the origin, where no angle is.
    """

    def backward(self, grad):
        y, x = self.inputs
        share = grad / _one_for_zero(x * x + y * y)
        return share * x, -share * y


class HypotGrad(Grad, of=np.hypot):
    """out = sqrt(a ** 2 + b ** 2), hence dL/da = dL/dout * a / out, likewise dL/db.

    At the kink, where both are 0, they are 0.
    """

    def backward(self, grad):
        a, b = self.inputs
        share = grad / _one_for_zero(self.output)
        return share * a, share * b


def _one_for_zero(divisor):
    """Return a divisor with 1 for 0, for places where the dividend is 0 as well."""
    zero = divisor == 0
    return np.where(zero, 1, divisor) if np.count_nonzero(zero) else divisor


class DegreesGrad(Grad, of=np.degrees):
    """out = x * 180 / pi, hence dL/dx = dL/dout * 180 / pi."""

    def backward(self, grad):
        return grad * (180 / math.pi)


class Rad2DegGrad(DegreesGrad, of=np.rad2deg):
    """out = x * 180 / pi, hence dL/dx = dL/dout * 180 / pi."""


class RadiansGrad(Grad, of=np.radians):
    """out = x * pi / 180, hence dL/dx = dL/dout * pi / 180."""

    def backward(self, grad):
        return grad * (math.pi / 180)


class Deg2RadGrad(RadiansGrad, of=np.deg2rad):
    """out = x * pi / 180, hence dL/dx = dL/dout * pi / 180."""


class SincGrad(Grad, of=np.sinc):
    """out = sin(pi * x) / (pi * x), 1 at 0.

    Hence dL/dx = dL/dout * (cos(pi * x) - out) / x, which is smooth and 0 at 0.
    """

    def backward(self, grad):
        (x,) = self.inputs
        return grad * SincDerivativeGrad.apply(x)


class SincDerivativeGrad(Grad):
    """out = the derivative of sinc of some order, hence dL/dx = dL/dout * the next one.

    From x * sinc(x) = sin(pi * x) / pi, differentiated n times, follows
    x * sinc_n + n * sinc_(n - 1) = pi ** (n - 1) * sin(pi * x + n * pi / 2); near 0,
    where that cancels, the Taylor series is summed.
    """

    def __init__(self, x, order=1):
        super().__init__(x)
        self.order = order

    def forward(self, x):
        n = self.order
        t = math.pi * x.astype(np.result_type(x, np.float64))
        near = np.abs(t) < 1 + n / 2  # either way is precise around here
        far = np.where(near, 1, t)
        out = np.sin(far) / far
        for k in range(1, n + 1):
            out = (np.sin(far + k * math.pi / 2) - k * out) / far
        series = _sinc_series(np.where(near, t, 0), n)
        return (math.pi**n * np.where(near, series, out)).astype(x.dtype)

    def backward(self, grad):
        (x,) = self.inputs
        return grad * SincDerivativeGrad.apply(x, order=self.order + 1)


def _sinc_series(t, order):
    """Return the derivative of sin(t) / t by its Taylor series around 0."""
    odd = order % 2
    coefficients = []
    for power in range(odd, 20 + 3 * order, 2):
        k = (power + order) // 2
        coefficients.append((-1) ** k / ((2 * k + 1) * math.factorial(power)))
    return np.polyval(coefficients[::-1], t * t) * t**odd
