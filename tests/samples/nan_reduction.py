"""Samples of the operations in `keratorch.grads.nan_reduction`."""

import numpy as np

from keratorch.grads import nan_reduction

from .reduction import MASK, NUMPY_2, with_zeros
from .sample import Sample, distinct, fortran, normal, strided
from .statistics import METHODS

NAN = np.nan


def with_nan(values, *places):
    """Return the values with NaN at each of the places in a row."""
    values = values.copy()
    values.reshape(-1)[list(places)] = NAN
    return values


def of_numbers(function, values, masked=True):
    """Samples of a reduction of what is no NaN."""
    samples = [
        Sample(function, values(2, 3)),
        Sample(function, values()),
        Sample(function, with_nan(values(2, 3), 1)),
        Sample(function, strided(with_nan(values(2, 3), 1, 3))),
        Sample(lambda x: function(x, axis=0), with_nan(values(3), 1)),
        Sample(lambda x: function(x, axis=0), with_nan(values(3, 2), 0, 3)),
        Sample(lambda x: function(x, -1), fortran(with_nan(values(2, 3), 0, 5))),
        Sample(
            lambda x: function(x, axis=1, keepdims=True), with_nan(values(2, 3, 2), 1)
        ),
        Sample(lambda x: function(x, axis=(0, -1)), with_nan(values(2, 3, 2), 1, 2)),
        Sample(lambda x: function(x, keepdims=True), with_nan(values(2, 3), 4)),
    ]
    if not masked:
        return samples
    return [
        *samples,
        Sample(lambda x: function(x, where=MASK), with_nan(values(2, 3), 0)),
        Sample(lambda x: function(x, axis=1, where=MASK), with_nan(values(2, 3), 0, 1)),
    ]


def extrema(function):
    """Samples of nanmax or nanmin."""
    x = with_nan(distinct(2, 3), 0)
    return [
        *of_numbers(function, distinct, masked=False),
        Sample(lambda x: function(x, 1, initial=0.1), x),
        Sample(lambda x: function(x, 1, initial=0.1, where=MASK), x),
        Sample(lambda x, c: function(x, 1, initial=c), x, np.array(0.1)),
    ]


def deviations(function):
    """Samples of nanvar or nanstd, each of more than one element."""
    several = of_numbers(function, normal, masked=False)
    several = [sample for sample in several if sample.inputs[0].ndim]
    return [
        *several,
        Sample(lambda x: function(x, where=MASK), with_nan(normal(2, 3), 0)),
        Sample(lambda x: function(x, 1, ddof=1), with_nan(normal(2, 4), 0, 5)),
        *(
            [
                Sample(
                    lambda x, m: function(x, axis=1, mean=m),
                    with_nan(normal(2, 3), 0),
                    normal(2, 1),
                )
            ]
            if NUMPY_2
            else []
        ),
    ]


def medians(function):
    """Samples of nanmedian or a nanquantile of rows of several lengths."""
    x = with_nan(distinct(4, 6), 0, 7, 8, 12, 13, 14)
    return [
        *of_numbers(function, distinct, masked=False),
        Sample(function, x),
        Sample(lambda x: function(x, axis=1), x),
        Sample(lambda x: function(x, axis=0, keepdims=True), x),
    ]


def quantiles(function, scale=1):
    """Samples of nanquantile or nanpercentile."""
    x = with_nan(distinct(4, 6), 0, 7, 8, 12, 13, 14)
    shares = scale * np.array([0.12, 0.5, 0.81])
    return [
        *medians(lambda x, *args, **kw: function(x, 0.4 * scale, *args, **kw)),
        Sample(lambda x: function(x, shares), x, keeps_dtype=False),
        Sample(lambda x: function(x, shares, axis=1), x, keeps_dtype=False),
        Sample(
            lambda x: function(x, shares, axis=0, keepdims=True), x, keeps_dtype=False
        ),
        *[
            Sample(
                lambda x, m=method: function(x, shares, 1, method=m),
                x,
                keeps_dtype=False,
            )
            for method in METHODS
        ],
    ]


def running(function):
    """Samples of nancumsum or nancumprod."""
    return [
        Sample(function, normal(2, 3)),
        Sample(function, with_nan(normal(2, 3), 0, 4)),
        Sample(lambda x: function(x, axis=0), with_nan(normal(3, 2), 0, 4)),
        Sample(lambda x: function(x, -1), with_nan(normal(2, 3), 0, 1, 2)),
        Sample(lambda x: function(x, 1), with_nan(with_zeros(normal(2, 3), 0, 4), 1)),
        Sample(
            lambda x: function(x, dtype=np.float64),
            with_nan(normal(3), 0),
            keeps_dtype=False,
        ),
    ]


SAMPLES = {
    nan_reduction.NanSumGrad: [
        *of_numbers(np.nansum, normal),
        Sample(lambda x: np.nansum(x, axis=0), with_nan(normal(2, 2), 0, 2)),
        Sample(
            lambda x, c: np.nansum(x, 0, initial=c), with_nan(normal(3), 1), normal()
        ),
    ],
    nan_reduction.NanProdGrad: [
        *of_numbers(np.nanprod, normal),
        Sample(lambda x: np.nanprod(x, axis=0), with_nan(normal(2, 2), 0, 2)),
        Sample(
            lambda x, c: np.nanprod(x, 0, initial=c), with_nan(normal(3), 1), normal()
        ),
        Sample(
            lambda x: np.nanprod(x, axis=1),
            with_nan(with_zeros(normal(2, 4), 0, 4, 5), 1, 6),
        ),
    ],
    nan_reduction.NanMeanGrad: of_numbers(np.nanmean, normal),
    nan_reduction.NanMaxGrad: extrema(np.nanmax),
    nan_reduction.NanMinGrad: extrema(np.nanmin),
    nan_reduction.NanVarGrad: deviations(np.nanvar),
    nan_reduction.NanStdGrad: deviations(np.nanstd),
    nan_reduction.NanMedianGrad: medians(np.nanmedian),
    nan_reduction.NanQuantileGrad: quantiles(np.nanquantile),
    nan_reduction.NanPercentileGrad: quantiles(np.nanpercentile, 100),
}

COMPOSED = {
    np.nancumsum: running(np.nancumsum),
    np.nancumprod: running(np.nancumprod),
}
