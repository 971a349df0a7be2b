"""Reductions that leave NaN out: ``nansum`` and its kin.

Their gradients are those of the reductions of what is left; a NaN gets 0.
"""

from __future__ import annotations

import numpy as np

from keratorch import graph
from keratorch.grads.reduction import (
    MaxGrad,
    MeanGrad,
    MinGrad,
    ProdGrad,
    StdGrad,
    SumGrad,
    VarGrad,
)
from keratorch.grads.statistics import MedianGrad, QuantileGrad
from keratorch.registry import composed


class _WithoutNaN:
    """A reduction in which NaN takes no part."""

    def part(self, x):
        """Return a mask of the elements that take part."""
        numbers = ~np.isnan(graph.value(x))
        return numbers if self.where is True else numbers & self.where

    def quick(self, x):
        """Return what `call` returns, of x alone."""
        return self.call(x)


class NanSumGrad(_WithoutNaN, SumGrad, of=np.nansum):
    """out = sum of the x that are numbers, hence dL/dx = dL/dout for each of them."""


class NanProdGrad(_WithoutNaN, ProdGrad, of=np.nanprod):
    """out = product of the x that are numbers; dL/dx = dL/dout * that of the others."""


class NanMaxGrad(_WithoutNaN, MaxGrad, of=np.nanmax):
    """out = largest number in x: dL/dx = dL/dout there, shared equally among ties."""


class NanMinGrad(_WithoutNaN, MinGrad, of=np.nanmin):
    """out = smallest number in x: dL/dx = dL/dout there, shared equally among ties."""


class NanMeanGrad(_WithoutNaN, MeanGrad, of=np.nanmean):
    """out = sum of the n numbers in x / n, hence dL/dx = dL/dout / n for each."""


class NanVarGrad(_WithoutNaN, VarGrad, of=np.nanvar):
    """out = sum((x - mean) ** 2) / (n - ddof) for the n numbers in x, as in `VarGrad`.

    Hence dL/dx = dL/dout * 2 * (x - mean) / (n - ddof) for each of them.
    """


class NanStdGrad(_WithoutNaN, StdGrad, of=np.nanstd):
    """out = sqrt(nanvar(x)), hence dL/dx = dL/dout * (x - mean) / (n - ddof) / out.

    Where all numbers are equal, dL/dx is 0.
    """


class _MedianOfNumbers:
    """A median or quantile in which NaN takes no part."""

    def ranks(self, rows):
        """Return k + t of each quantile of each row; -1 in a row without numbers."""
        counts = np.count_nonzero(~np.isnan(rows), axis=1)
        lengths, which = np.unique(counts, return_inverse=True)
        ranks = [self.ranks_among(max(n, 1)) - (n == 0) for n in lengths]
        return np.concatenate(ranks, axis=1)[:, which]


class NanMedianGrad(_MedianOfNumbers, MedianGrad, of=np.nanmedian):
    """out = the middle number of x, or the mean of the middle two, as in `MedianGrad`.

    Hence dL/dx = dL/dout there, or half of it at both.
    """


class NanQuantileGrad(_MedianOfNumbers, QuantileGrad, of=np.nanquantile):
    """out = (1 - t) * s[k] + t * s[k + 1], with s the sorted numbers in x.

    Hence dL/dx = dL/dout * (1 - t) for the one, and dL/dout * t for the other.
    """


class NanPercentileGrad(NanQuantileGrad, of=np.nanpercentile):
    """out = nanquantile(x, q / 100), with the gradient of `NanQuantileGrad`."""


@composed(np.nancumsum)
def nancumsum(a, axis=None, dtype=None, out=None):
    """``np.cumsum`` with 0 for each NaN."""
    return np.cumsum(np.where(np.isnan(a), 0, a), axis, dtype, out)


@composed(np.nancumprod)
def nancumprod(a, axis=None, dtype=None, out=None):
    """``np.cumprod`` with 1 for each NaN."""
    return np.cumprod(np.where(np.isnan(a), 1, a), axis, dtype, out)
