"""Arithmetic: the operations behind ``+ - * / ** @``."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from keratorch import graph
from keratorch.core import Grad


class AddGrad(Grad, of=np.add):
    """out = a + b, hence dL/da = dL/dout and dL/db = dL/dout."""

    notation = "{} + {}"

    def backward(self, grad):
        return grad, grad


class SubtractGrad(Grad, of=np.subtract):
    """out = a - b, hence dL/da = dL/dout and dL/db = -dL/dout."""

    notation = "{} - {}"

    def backward(self, grad):
        return grad, -grad if self.needs(1) else None


class MulGrad(Grad, of=np.multiply):
    """out = a * b, hence dL/da = dL/dout * b and dL/db = dL/dout * a."""

    notation = "{} * {}"

    def backward(self, grad):
        a, b = self.inputs
        return grad * b, grad * a


class DivideGrad(Grad, of=np.true_divide):
    """out = a / b, hence dL/da = dL/dout / b and dL/db = -dL/dout * out / b."""

    notation = "{} / {}"

    def backward(self, grad):
        _, b = self.inputs
        da = grad / b
        return da, -da * self.output


class NegativeGrad(Grad, of=np.negative):
    """out = -x, hence dL/dx = -dL/dout."""

    notation = "-{}"

    def backward(self, grad):
        return -grad


class PositiveGrad(Grad, of=np.positive):
    """out = +x, hence dL/dx = dL/dout."""

    notation = "+{}"

    def backward(self, grad):
        return grad


class ReciprocalGrad(Grad, of=np.reciprocal):
    """out = 1 / x, hence dL/dx = -dL/dout * out ** 2."""

    def backward(self, grad):
        out = self.output
        return -grad * (out * out)


class PowerGrad(Grad, of=np.power):
    """out = a ** b, hence dL/da = dL/dout * b * a**(b - 1).

    dL/db = dL/dout * out * log(a), which is 0 where a is 0.
    """

    notation: ClassVar[str | None] = "{} ** {}"

    def forward(self, a, b):
        # the operator knows faster ways for ** 2 and ** 0.5
        if not isinstance(b, np.ndarray) and b == 3 and np.result_type(a, b) == a.dtype:
            return a * a * a  # many times as fast as well
        return a**b

    def backward(self, grad):
        a, b = self.inputs
        da = db = None
        if self.needs(0):
            # 0 ** -1 is infinite, although the factor b = 0 makes the derivative 0
            base = np.where((a == 0) & (b == 0), 1, a) if _has_zero(b) else a
            da = grad * (b * base ** (b - 1))
        if self.needs(1):
            some, is_complex = _has_zero(a), grad.dtype.kind == "c"
            base = np.where(a == 0, 1, a) if some or is_complex else a
            if is_complex:
                base = base.astype(grad.dtype)  # then negative numbers have a log
            slope = self.output * np.log(base)
            db = grad * (np.where(a == 0, 0, slope) if some else slope)
        return da, db


def _has_zero(x):
    x = graph.value(x)
    return np.count_nonzero(x) < x.size if isinstance(x, np.ndarray) else x == 0


class FloatPowerGrad(PowerGrad, of=np.float_power):
    """out = a ** b in float64 at least, with the derivatives of `PowerGrad`."""

    notation = None
    changes_dtype = True

    def forward(self, a, b):
        return np.float_power(a, b)


class MatMulGrad(Grad, of=np.matmul):
    """out = a @ b, hence dL/da = dL/dout @ b.T and dL/db = a.T @ dL/dout.

    For stacks of matrices ``.T`` swaps the last two axes.  A vector takes part as a
    matrix of one row (a) or one column (b), which the output does not show.
    """

    notation = "{} @ {}"

    def backward(self, grad):
        a, b = self.inputs
        row, column = a.ndim == 1, b.ndim == 1
        if column:
            grad = np.expand_dims(grad, -1)
            b = np.expand_dims(b, -1)
        if row:
            grad = np.expand_dims(grad, -2)
            a = np.expand_dims(a, -2)
        da = db = None
        if self.needs(0):
            da = grad @ b.swapaxes(-1, -2)
            da = da[..., 0, :] if row else da
        if self.needs(1):
            db = a.swapaxes(-1, -2) @ grad
            db = db[..., 0] if column else db
        return da, db
