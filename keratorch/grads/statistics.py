"""Statistics: averages, medians, quantiles, ranges."""

from __future__ import annotations

import math

import numpy as np

from keratorch import graph
from keratorch.core import Grad
from keratorch.grads.cumulative import as_array
from keratorch.grads.indexing import ScatterAddGrad
from keratorch.grads.reduction import refuse_output
from keratorch.registry import composed


class _OrderStatistic(Grad):
    """What medians and quantiles share: they lie between two neighbours in order.

    The gradient goes to the elements that NumPy's partition puts there.
    """

    def __init__(self, a, *q, axis, out, keepdims, **options):
        refuse_output(self.of, out)
        super().__init__(a)
        self.q, self.axis, self.keepdims = q, axis, keepdims
        self.options = options

    def forward(self, x):
        return self.of(
            x, *self.q, axis=self.axis, keepdims=self.keepdims, **self.options
        )

    def backward(self, grad):
        (x,) = self.inputs
        if not x.size:
            return np.zeros(x.shape, grad.dtype) + grad.sum()  # has no elements
        rows, places = self.rows(graph.value(x))
        ranks = self.ranks(rows)
        lower = ranks.astype(int)
        neighbours = np.array([lower, np.minimum(lower + 1, rows.shape[1] - 1)])
        order = np.argpartition(rows, np.unique(neighbours))
        row = np.arange(len(rows))
        chosen = places[row, order[row, neighbours]]
        t = ranks - lower
        shares = np.array([1 - t, t]) * (ranks >= 0)
        parts = grad.reshape(-1, len(rows)) * shares.astype(grad.dtype)
        return ScatterAddGrad.apply(parts, chosen, (x.size,)).reshape(x.shape)

    def rows(self, x):
        """Return x with a row for each result, and where in x the elements are from."""
        axes = range(x.ndim) if self.axis is None else np.atleast_1d(self.axis)
        reduced = [int(axis) % x.ndim for axis in axes]
        kept = [axis for axis in range(x.ndim) if axis not in reduced]
        count = math.prod([x.shape[axis] for axis in reduced])
        places = np.arange(x.size).reshape(x.shape)
        return [
            array.transpose(kept + reduced).reshape(-1, count) for array in (x, places)
        ]

    def ranks(self, rows):
        """Return k + t for each result (the first axis) of each row (the second)."""
        return self.ranks_among(rows.shape[1])

    def ranks_among(self, n):
        """Return the ranks of the results of a row of n."""
        # the quantile of 0, 1, 2, ... is its own rank
        ranks = self.of(np.arange(n, dtype=float), *self.q, **self.options)
        return np.reshape(ranks, (-1, 1))


class MedianGrad(_OrderStatistic, of=np.median):
    """out = the middle x, or the mean of the middle two.

    Hence dL/dx = dL/dout there, or half of it at both.
    """

    def __init__(self, a, axis=None, out=None, overwrite_input=False, keepdims=False):
        super().__init__(a, axis=axis, out=out, keepdims=keepdims)

    def ranks_among(self, n):
        return np.array([[(n - 1) / 2]])


class QuantileGrad(_OrderStatistic, of=np.quantile):
    """out = (1 - t) * s[k] + t * s[k + 1], with s the sorted x; the method says which.

    Hence dL/dx = dL/dout * (1 - t) for the one, and dL/dout * t for the other.
    """

    def __init__(
        self,
        a,
        q,
        axis=None,
        out=None,
        overwrite_input=False,
        method="linear",
        keepdims=False,
    ):
        if any(x.requires_grad for x in graph.arrays_in(q)):
            raise TypeError(
                f"np.{self.of.__name__} has no derivative by q: give it q.detach()."
            )
        q = graph.plain(q)
        q = np.array(q) if np.ndim(q) else q  # the caller's may change
        super().__init__(a, q, axis=axis, out=out, keepdims=keepdims, method=method)

    def forward(self, x):
        out = super().forward(x)
        if isinstance(self.q[0], (int, float)) and x.dtype.kind == "f":
            return np.asarray(out, x.dtype)  # before NumPy 2 it may be float64
        return out


class PercentileGrad(QuantileGrad, of=np.percentile):
    """out = quantile(x, q / 100), with the gradient of `QuantileGrad`."""


@composed(np.ptp)
def ptp(a, axis=None, out=None, keepdims=False):
    """``np.max`` minus ``np.min``."""
    refuse_output(np.ptp, out)
    return np.max(a, axis, keepdims=keepdims) - np.min(a, axis, keepdims=keepdims)


@composed(np.average)
def average(a, axis=None, weights=None, returned=False, *, keepdims=False):
    """``np.mean``, or the sum of a times its weights by the sum of the weights."""
    a = as_array(a)
    if weights is None:
        mean = np.mean(a, axis=axis, keepdims=keepdims)
        total = np.asarray(a.size / (mean.size or 1), mean.dtype)
    else:
        weights = _fitting(as_array(weights), a, axis)
        if np.dtype(a.dtype).kind in "biu":
            a = a.astype(np.result_type(a.dtype, weights.dtype, np.float64))
        product = a * weights
        total = np.sum(weights, axis=axis, dtype=product.dtype, keepdims=keepdims)
        if np.any(total == 0):
            raise ZeroDivisionError(
                "np.average: the weights have a sum of 0; nothing can be normalized."
            )
        mean = np.sum(product, axis=axis, keepdims=keepdims) / total
    if not returned:
        return mean
    return mean, np.broadcast_to(total, mean.shape).copy()


def _fitting(weights, a, axis):
    """Return weights in a shape that broadcasts along the right axes of a."""
    if weights.shape == a.shape:
        return weights
    if axis is None:
        raise TypeError(
            f"np.average: weights of shape {weights.shape} for an array of shape "
            f"{a.shape}. Say axis=, or give each element a weight."
        )
    axes = [int(i) % a.ndim for i in np.atleast_1d(axis)]
    lengths = tuple(a.shape[i] for i in axes)
    if weights.shape != lengths:
        raise ValueError(
            f"np.average: weights of shape {weights.shape} along axes {axis} of an "
            f"array of shape {a.shape}; expected {lengths} or {a.shape}."
        )
    weights = weights.transpose(np.argsort(axes))
    return weights.reshape([n if i in axes else 1 for i, n in enumerate(a.shape)])


@composed(np.cov)
def cov(
    m,
    y=None,
    rowvar=True,
    bias=False,
    ddof=None,
    fweights=None,
    aweights=None,
    *,
    dtype=None,
):
    """``np.average``, and the matrix product of what is left of each variable."""
    x = _variables(m, rowvar)
    if y is not None:
        x = np.concatenate([x, _variables(y, rowvar)])
    x = x.astype(np.result_type(x.dtype, np.float64) if dtype is None else dtype)
    weights = None
    for given in (fweights, aweights):
        if given is not None:
            weights = as_array(given) * (1 if weights is None else weights)
    mean, total = np.average(x, axis=1, weights=weights, returned=True)
    lost = int(not bias) if ddof is None else ddof
    if lost and aweights is not None:
        lost = lost * np.sum(weights * as_array(aweights)) / total[0]
    count = total[0] - lost
    deviation = x - mean[:, None]
    weighted = deviation if weights is None else deviation * weights
    if x.dtype.kind == "c":
        weighted = np.conjugate(weighted)
    # without degrees of freedom NumPy divides by 0
    return (deviation @ weighted.T / (count if count > 0 else 0.0)).squeeze()


def _variables(m, rowvar):
    """Return a matrix with a row for each variable."""
    m = as_array(m)
    if m.ndim > 2:
        raise ValueError(f"np.cov: needs one or two axes; received shape {m.shape}.")
    if m.ndim < 2:
        return m.reshape(1, -1)
    return m if rowvar else m.T


@composed(np.corrcoef)
def corrcoef(x, y=None, rowvar=True, *, dtype=None):
    """``np.cov``, divided by the standard deviations of both variables."""
    c = np.cov(x, y, rowvar, dtype=dtype)
    if c.ndim == 0:
        return c / c
    place = np.arange(len(c))
    deviation = np.sqrt(c[place, place].real)
    c = c / deviation[:, None] / deviation
    return c if c.dtype.kind == "c" else np.clip(c, -1, 1)  # rounding may exceed 1
