"""Norms of vectors and matrices, and condition numbers."""

from __future__ import annotations

import math
import operator

import numpy as np

from keratorch import graph
from keratorch.core import Grad
from keratorch.grads.decomposition import SvdvalsGrad
from keratorch.registry import composed, constant

constant(np.linalg.matrix_rank)


class VectorNormGrad(Grad):
    """out = sum(abs(x) ** p) ** (1 / p), hence

        dL/dx = dL/dout * sign(x) * (abs(x) / out) ** (p - 1)

    and 0 for each x that is 0, and where out is 0.  For p = inf and p = -inf out is the
    largest and smallest abs(x): the gradient goes there, shared equally among ties.
    For p = 0 out counts the x that are not 0, and has none.
    """

    def __init__(self, x, ord=2, axis=None, keepdims=False):
        super().__init__(x)
        self.order, self.axis, self.keepdims = ord, axis, keepdims

    def forward(self, x):
        if self.axis is None and self.order == 2 and x.dtype.kind == "f":
            x_flat = x.ravel(order="K")
            out = np.sqrt(x_flat.dot(x_flat))  # np.linalg.norm, without its questions
        elif self.axis is None:
            out = np.linalg.norm(x.ravel(order="K"), self.order)
        else:
            kept, axes = _split_axes(x.ndim, self.axis)
            lengths = [x.shape[axis] for axis in kept]
            count = math.prod(x.shape[axis] for axis in axes)
            flat = x.transpose(kept + axes).reshape(*lengths, count)
            out = np.linalg.norm(flat, self.order, axis=-1)
        if self.keepdims:
            kept, _ = _split_axes(x.ndim, self.axis)
            out = out.reshape([n if i in kept else 1 for i, n in enumerate(x.shape)])
        return out

    def backward(self, grad):
        (x,) = self.inputs
        p, out = self.order, self.output
        if self.axis is not None and not self.keepdims:
            grad, out = np.expand_dims(grad, self.axis), np.expand_dims(out, self.axis)
        if p == 2 and np.count_nonzero(graph.value(out)) == out.size:
            return x * (grad / out)
        zero = out == 0
        if p == 2:
            return x * np.where(zero, 0, grad / np.where(zero, 1, out))
        sign = np.sign(x)
        if p == 0:
            return grad * np.zeros_like(x)
        if p == 1:
            return grad * sign
        if abs(p) == math.inf:
            chosen = np.abs(x) == out
            axis = None if self.axis is None else tuple(np.atleast_1d(self.axis))
            count = chosen.sum(axis=axis, keepdims=True)
            return grad * (sign * chosen / count).astype(grad.dtype)
        regular = (x != 0) & ~zero
        share = np.where(regular, np.abs(x), 1) / np.where(zero, 1, out)
        return grad * (sign * regular) * share ** (p - 1)


def _split_axes(ndim, axis):
    """Return the axes that stay and those that are reduced, all counted from 0."""
    axes = range(ndim) if axis is None else np.atleast_1d(axis).tolist()
    for i in axes:
        if not -ndim <= i < ndim:
            raise np.exceptions.AxisError(i, ndim)
    axes = tuple(i % ndim for i in axes)
    return tuple(i for i in range(ndim) if i not in axes), axes


def _vector_norm(x, order, axis, keepdims):
    if np.iscomplexobj(graph.value(x)):
        x = np.abs(x)
    return VectorNormGrad.apply(x, order, axis, keepdims)


@composed(np.linalg.norm)
def norm(x, ord=None, axis=None, keepdims=False):
    """`VectorNormGrad` along one axis; along two, the norm of matrices."""
    if axis is None and (ord is None or np.ndim(x) == 1):
        return _vector_norm(x, 2 if ord is None else ord, None, keepdims)
    axes = tuple(range(np.ndim(x))) if axis is None else axis
    axes = axes if isinstance(axes, tuple) else (operator.index(axes),)
    if len(axes) == 1:
        return _vector_norm(x, 2 if ord is None else ord, axes, keepdims)
    if len(axes) == 2 and ord in _MATRIX_NORMS:
        return _MATRIX_NORMS[ord](x, axes, keepdims)
    return np.linalg.norm(
        graph.value(x), ord, axis, keepdims
    )  # which says what is wrong


def _frobenius(x, axes, keepdims):
    return _vector_norm(x, 2, axes, keepdims)


def _of_sums(summed, extremum):
    """Return the norm that is an extremum of the sums of abs(x) along one axis."""

    def matrix_norm(x, axes, keepdims):
        sums = np.abs(x).sum(axis=axes[summed], keepdims=True)
        out = extremum(sums, axis=axes[1 - summed], keepdims=True)
        return out if keepdims else np.squeeze(out, axes)

    return matrix_norm


def _of_singular_values(reduction):
    """Return the norm that is a reduction of the singular values."""

    def matrix_norm(x, axes, keepdims):
        kept, axes = _split_axes(np.ndim(x), axes)
        out = reduction(SvdvalsGrad.apply(np.transpose(x, kept + axes)), axis=-1)
        return np.expand_dims(out, axes) if keepdims else out

    return matrix_norm


_MATRIX_NORMS = {
    None: _frobenius,
    "fro": _frobenius,
    "f": _frobenius,
    "nuc": _of_singular_values(np.sum),
    2: _of_singular_values(np.max),
    -2: _of_singular_values(np.min),
    1: _of_sums(0, np.max),
    -1: _of_sums(0, np.min),
    math.inf: _of_sums(1, np.max),
    -math.inf: _of_sums(1, np.min),
}


@composed(getattr(np.linalg, "vector_norm", None))
def vector_norm(x, /, *, axis=None, keepdims=False, ord=2):
    """`VectorNormGrad` along any number of axes."""
    return _vector_norm(x, ord, axis, keepdims)


@composed(getattr(np.linalg, "matrix_norm", None))
def matrix_norm(x, /, *, keepdims=False, ord="fro"):
    """`numpy.linalg.norm` along the last two axes."""
    return norm(x, ord, (-2, -1), keepdims)


@composed(np.linalg.cond)
def cond(x, p=None):
    """The norm of x times that of its inverse; by singular values for p = 2 and -2.

    A matrix whose condition number is infinite gets no gradient.
    """
    value = np.linalg.cond(graph.value(x), p)
    regular = np.isfinite(value)
    replacement = np.eye(*x.shape[-2:], dtype=x.dtype)
    x = np.where(regular[..., None, None], x, replacement)
    if p in (None, 2, -2):
        s = SvdvalsGrad.apply(x)
        first, last = (-1, 0) if p == -2 else (0, -1)
        out = s[..., first] / s[..., last]
    else:
        out = norm(x, p, (-2, -1)) * norm(np.linalg.inv(x), p, (-2, -1))
    return np.where(regular, out, value)
