"""Reductions: many numbers to one, along some axes or all."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np

from keratorch import graph
from keratorch.core import Grad
from keratorch.grads.choice import kept
from keratorch.missing_derivatives import no_output
from keratorch.registry import composed


class _Reduction(Grad):
    """What reductions share: their axes, how to put these back, and who takes part."""

    second = "initial"  # NumPy's name of the second input, if there is one
    where = True  # or a mask of the elements that take part
    options: ClassVar[dict] = {}  # of the NumPy function, besides axis and keepdims

    def __init__(self, inputs, axis, out, keepdims, dtype=None, where=True):
        if out is not None:
            refuse_output(self.of, out)
        super().__init__(*inputs)
        self.axis, self.keepdims = axis, keepdims
        if where is not True:
            self.where = np.array(graph.value(where))
            self.options = {"where": self.where}
        if dtype is not None:
            self.options = {**self.options, "dtype": dtype}
            self.changes_dtype = True

    def forward(self, x, *second):
        if not second and not self.options:
            return self.quick(x)
        named = {self.second: second[0]} if second else {}
        return self.call(x, **self.options, **named)

    def quick(self, x):
        """Return what `call` returns, of x alone: subclasses know shorter ways."""
        return self.call(x)

    def call(self, x, **options):
        """Call the NumPy function."""
        return self.of(x, axis=self.axis, keepdims=self.keepdims, **options)

    def axes(self, x):
        """Return the numbers of the axes that are reduced."""
        if self.axis is None:
            return tuple(range(x.ndim))
        return self.axis if isinstance(self.axis, tuple) else (self.axis,)

    def restore(self, reduced, x):
        """Return a reduced array with the lost axes back, at length 1."""
        if self.axis is None or self.keepdims:
            return reduced
        shape = list(x.shape)
        for axis in self.axes(x):
            shape[axis] = 1
        return reduced.reshape(shape)

    def spread(self, reduced, x):
        """Return for each element of x the value at the place it was reduced to."""
        reduced = self.restore(reduced, x)
        # not np.broadcast_to: it is slow, and so is a product with what it returns
        if isinstance(reduced, (np.ndarray, np.generic)):
            everywhere = np.empty(x.shape, reduced.dtype)
            everywhere[...] = reduced
        else:  # a sum, which can be recorded
            everywhere = reduced + np.zeros(x.shape, reduced.dtype)
        part = self.part(x)
        return everywhere if part is True else np.where(part, everywhere, 0)

    def part(self, x):
        """Return a mask of the elements that take part, or True for all."""
        return self.where

    def count(self, x):
        """Return how many elements were reduced to one; with a mask, to each."""
        part = self.part(x)
        if part is True:
            return x.size // (self._output.size or 1)
        part = np.broadcast_to(part, x.shape)
        return np.sum(part, axis=self.axis, keepdims=self.keepdims, dtype=x.dtype)


class _Fold(_Reduction):
    """A reduction by a ufunc of two numbers, which may start from an initial one."""

    ufunc: ClassVar[np.ufunc]

    def __init__(
        self,
        a,
        axis=None,
        dtype=None,
        out=None,
        keepdims=False,
        initial=None,
        where=True,
    ):
        inputs = (a,) if initial is None else (a, initial)
        super().__init__(inputs, axis, out, keepdims, dtype, where)

    def quick(self, x):
        return self.ufunc.reduce(x, self.axis, None, None, self.keepdims)


class SumGrad(_Fold, of=np.sum):
    """out = sum of x, hence dL/dx = dL/dout for each element that was summed."""

    ufunc = np.add

    def backward(self, grad):
        x = self.inputs[0]
        return (self.spread(grad, x), grad)[: len(self._inputs)]


class ProdGrad(_Fold, of=np.prod):
    """out = product of x, hence dL/dx = dL/dout * the product of all the others.

    That is dL/dout * out / x, unless out is 0 or not finite.
    """

    ufunc = np.multiply

    def backward(self, grad):
        x, *initial = self.inputs
        part = self.part(x)
        if part is not True:
            x = np.where(part, x, 1)
        out = graph.value(self.output)
        if np.all(np.isfinite(out) & (out != 0)):
            dx = self.restore(grad * self.output, x) / x
        else:
            scaled = grad * initial[0] if initial else grad
            dx = self.restore(scaled, x) * _products_of_others(x, self.axes(x))
        if part is not True:
            dx = np.where(part, dx, 0)
        if not initial:
            return dx
        product = np.prod(x, axis=self.axis, keepdims=self.keepdims)
        return dx, grad * product if self.needs(1) else None


class _Extremum(_Fold):
    """The gradient goes to the elements that equal the result, in equal shares.

    An `initial` value is one of them; where the result is NaN, they are those that are.
    """

    def __init__(
        self, a, axis=None, out=None, keepdims=False, initial=None, where=True
    ):
        super().__init__(a, axis, None, out, keepdims, initial, where)

    def backward(self, grad):
        x, *initial = map(graph.value, self.inputs)
        out = self.restore(graph.value(self.output), x)
        chosen, part = _equal(x, out), self.part(x)
        if part is True and not initial and np.count_nonzero(chosen) == out.size:
            return kept(self.restore(grad, x), chosen)  # there are no ties
        if part is not True:
            chosen = chosen & part
        count = self.number(chosen)
        if initial:
            bound = _equal(np.asarray(initial[0], out.dtype), out)
            count = count + bound
        if part is not True:
            count = np.maximum(count, 1)
        share = self.restore(grad, x) / np.asarray(count, grad.dtype)
        if not initial:
            return kept(share, chosen)
        return kept(share, chosen), (share * bound).sum()

    def number(self, chosen):
        """Return how many are chosen, with the reduced axes at length 1."""
        if self.axis is None:
            return np.count_nonzero(chosen)
        return np.add.reduce(chosen, self.axis, None, None, True)


class MaxGrad(_Extremum, of=np.max):
    """out = largest x: dL/dx = dL/dout there, shared equally among ties."""

    ufunc = np.maximum


class MinGrad(_Extremum, of=np.min):
    """out = smallest x: dL/dx = dL/dout there, shared equally among ties."""

    ufunc = np.minimum


@composed(np.amax)
def amax(a, axis=None, out=None, keepdims=False, initial=None, where=True):
    """``np.max`` by its older name."""
    return MaxGrad.apply(a, axis, out, keepdims, initial, where)


@composed(np.amin)
def amin(a, axis=None, out=None, keepdims=False, initial=None, where=True):
    """``np.min`` by its older name."""
    return MinGrad.apply(a, axis, out, keepdims, initial, where)


class MeanGrad(_Reduction, of=np.mean):
    """out = sum of x / n, hence dL/dx = dL/dout / n for each of the n elements."""

    def __init__(
        self, a, axis=None, dtype=None, out=None, keepdims=False, *, where=True
    ):
        super().__init__((a,), axis, out, keepdims, dtype, where)

    def quick(self, x):
        return _mean(x, self.axis, self.keepdims)

    def backward(self, grad):
        (x,) = self.inputs
        n = self.count(graph.value(x))
        # of no elements none gets a gradient
        n = max(n, 1) if isinstance(n, int) else np.maximum(n, 1)
        return self.spread(grad / n, x)


class VarGrad(_Reduction, of=np.var):
    """out = sum((x - mean) ** 2) / m with m = n - ddof.

    Hence dL/dx = dL/dout * 2 * (x - mean) / m.  A mean that was given is an input too:
    dL/dmean is minus the sum of that.
    """

    second = "mean"
    mean = None  # of all elements: forward's, for a backward that is not recorded

    def __init__(
        self,
        a,
        axis=None,
        dtype=None,
        out=None,
        ddof=0,
        keepdims=False,
        *,
        where=True,
        mean=None,
        correction=None,
    ):
        if correction is not None and ddof != 0:
            raise ValueError(
                "ddof and correction are two names of one number; received "
                f"ddof={ddof} and correction={correction}."
            )
        inputs = (a,) if mean is None else (a, mean)
        super().__init__(inputs, axis, out, keepdims, dtype, where)
        self.ddof = ddof if correction is None else correction

    def quick(self, x):
        self.mean = _mean(x, self.axis, True)
        return _variance(x, self.mean, self.axis, self.ddof, self.keepdims)

    def call(self, x, **options):
        return super().call(x, ddof=self.ddof, **options)

    def backward(self, grad):
        return self.along_deviation(grad * 2)

    def along_deviation(self, grad):
        """Return the gradients where dL/dx = grad * (x - mean) / m."""
        x, *given = self.inputs
        part, n = self.part(x), self.count(graph.value(x))
        if given:
            mean = given[0]
        elif self.mean is not None and isinstance(x, np.ndarray):
            mean = self.mean
        elif part is True:
            mean = _mean(x, self.axis, True)
        else:
            total = np.sum(x, axis=self.axis, keepdims=True, where=part)
            mean = total / self.restore(np.maximum(n, 1), x)
        deviation = x - mean
        if part is not True:
            deviation = np.where(part, deviation, 0)
        if x.dtype.kind == "c":
            deviation = np.conj(deviation)
        m = n - self.ddof
        if not (m > 0 if isinstance(m, int) else np.all(m > 0)):
            m = np.where(m > 0, m, np.nan)  # so is the result, or infinite
        dx = self.restore(grad / m, x) * deviation
        if not given:
            return dx
        return dx, -dx.sum(axis=self.axis, keepdims=True) if self.needs(1) else None


class StdGrad(VarGrad, of=np.std):
    """out = sqrt(var(x)), hence dL/dx = dL/dout * (x - mean) / m / out.

    Where all x are equal, dL/dx is 0.
    """

    def quick(self, x):
        return np.sqrt(super().quick(x))

    def backward(self, grad):
        out = self.output
        zero = graph.value(out) == 0
        if np.any(zero):  # there the deviation is 0 as well
            out = np.where(zero, 1, out)
        return self.along_deviation(grad / out)


class LogSumExpGrad(_Reduction):
    """out = log(sum of exp(x)), hence dL/dx = dL/dout * exp(x - out).

    Where out is infinite, it stays so for all x near by, and dL/dx is 0.
    """

    def __init__(self, x, axis=None, keepdims=False):
        super().__init__((x,), axis, None, keepdims)

    def forward(self, x):
        x = np.asarray(x, np.result_type(x.dtype, np.float16))  # no integers
        # subtract the max: exp would overflow
        top = np.maximum.reduce(x, self.axis, None, None, True, -np.inf)
        top = np.where(np.isinf(top), 0, top)
        with np.errstate(divide="ignore", over="ignore"):
            total = np.add.reduce(np.exp(x - top), self.axis, None, None, True)
            out = np.log(total) + top
        return out if self.keepdims else out.squeeze(self.axis)

    def backward(self, grad):
        (x,) = self.inputs
        out = self.restore(self.output, x)
        infinite = np.isinf(graph.value(out))
        if np.any(infinite):
            x, out = np.where(infinite, -np.inf, x), np.where(infinite, 0, out)
        return self.restore(grad, x) * np.exp(x - out)


def refuse_output(function, out):
    """Raise if a call says ``out=``; None is no array to write into."""
    if out is not None:
        raise TypeError(no_output(function))


_EXACT = 2**24  # whole numbers up to here are exact in float32


def _mean(x, axis, keepdims):
    """Return np.mean, by a shorter way to the same bits where there is one."""
    if type(x) is np.ndarray and x.dtype.char in "fd":
        total = np.add.reduce(x, axis, None, None, keepdims)
        n = x.size // (total.size or 1)
        if 0 < n <= _EXACT:  # else NumPy divides in float64
            return total / total.dtype.type(n)
    return np.mean(x, axis=axis, keepdims=keepdims)


def _variance(x, mean, axis, ddof, keepdims):
    """Return np.var, by a shorter way to the same bits where there is one."""
    n = x.size // (mean.size or 1)
    is_exact = x.dtype.char in "fd" and 0 < n <= _EXACT
    if not is_exact or not isinstance(ddof, int) or n <= ddof:
        return np.var(x, axis, ddof=ddof, keepdims=keepdims)
    deviation = x - mean
    deviation *= deviation
    total = np.add.reduce(deviation, axis, None, None, keepdims)
    return total / total.dtype.type(n - ddof)


def _equal(x, y):
    """Return whether elements are equal, or both NaN."""
    equal = x == y
    if np.count_nonzero(np.isnan(y)):
        equal = equal | (np.isnan(x) & np.isnan(y))
    return equal


def _products_of_others(x, axes):
    """Return for each element the product of all others along the axes."""
    reduced = [axis % x.ndim for axis in axes]
    kept = [axis for axis in range(x.ndim) if axis not in reduced]
    order = kept + reduced
    moved = x.transpose(order)
    lengths = [x.shape[axis] for axis in kept]
    rows = moved.reshape(*lengths, math.prod(x.shape[axis] for axis in reduced))
    before = delayed(rows, 1).cumprod(axis=-1)
    after = delayed(rows[..., ::-1], 1).cumprod(axis=-1)[..., ::-1]
    return (before * after).reshape(moved.shape).transpose(np.argsort(order))


def delayed(rows, first):
    """Return each row one place later, with a number in the first place."""
    start = np.full((*rows.shape[:-1], 1), first, rows.dtype)
    return np.concatenate([start, rows[..., :-1]], axis=-1)
