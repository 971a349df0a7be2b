"""Samples of the operations in `keratorch.grads.statistics`."""

import numpy as np

from keratorch.grads import statistics

from .reduction import NUMPY_2
from .sample import (
    Sample,
    complex_normal,
    distinct,
    normal,
    positive,
    reductions,
    strided,
)

METHODS = [
    "inverted_cdf",
    "averaged_inverted_cdf",
    "closest_observation",
    "interpolated_inverted_cdf",
    "hazen",
    "weibull",
    "linear",
    "median_unbiased",
    "normal_unbiased",
    "lower",
    "higher",
    "midpoint",
    "nearest",
]


def filled(samples):
    """Return the samples whose results are each of at least one element."""
    return [sample for sample in samples if sample.inputs[0].size]


def medians(function):
    """Samples of a median of odd and even numbers of elements."""
    return [
        *filled(reductions(function, distinct)),
        Sample(function, distinct(5)),
        Sample(function, distinct(2)),
        Sample(lambda x: function(x, axis=0), distinct(4, 3)),
        Sample(lambda x: function(x, 0, None, False, True), distinct(3, 2)),
        Sample(lambda x: function(x, axis=0), distinct(2, 0)),
        Sample(lambda x: function(x, axis=(0, 1)), distinct(2, 2, 3)),
    ]


def quantiles(function, scale=1):
    """Samples of quantile or percentile, by every method."""

    def q(*shares):
        """Return one share as a number, several as an array."""
        scaled = scale * np.array(shares)
        return scaled if len(shares) > 1 else float(scaled[0])

    several = {"keeps_dtype": False}
    return [
        *filled(
            reductions(
                lambda x, *args, **kw: function(x, q(0.4), *args, **kw), distinct
            )
        ),
        *[
            Sample(lambda x, m=method: function(x, q(0.3), method=m), distinct(7))
            for method in METHODS
        ],
        *[
            Sample(
                lambda x, m=method: function(x, q(0, 0.22, 0.5, 0.81, 1), 0, method=m),
                distinct(6, 2),
                **several,
            )
            for method in METHODS
        ],
        Sample(lambda x: function(x, q(0.0)), distinct(4)),
        Sample(lambda x: function(x, q(1.0), axis=-1), strided(distinct(2, 3))),
        Sample(lambda x: function(x, [q(0.1), q(0.7)]), distinct(2, 3), **several),
        Sample(
            lambda x: function(x, q(0.1, 0.7), axis=1, keepdims=True),
            distinct(2, 3, 2),
            **several,
        ),
        Sample(
            lambda x: function(x, q(0.1, 0.7), axis=(2, 0)),
            distinct(2, 3, 2),
            **several,
        ),
        Sample(
            lambda x: function(x, q(0.1, 0.3, 0.5, 0.9).reshape(2, 2), axis=0),
            distinct(4, 2),
            **several,
        ),
        Sample(
            lambda x: function(x, q(0.2), 0, None, False, "hazen", True), distinct(4, 2)
        ),
        Sample(lambda x: function(x, q(0.2, 0.5), axis=0), distinct(3, 0), **several),
    ]


def averages():
    """Samples of average with weights of every shape."""
    mean = np.average
    return [
        Sample(mean, normal(2, 3)),
        Sample(lambda x: mean(x, 0), normal(2, 3)),
        Sample(lambda x: mean(x, axis=-1, keepdims=True), normal(2, 3)),
        Sample(lambda x: mean(x, axis=(0, 2)), normal(2, 3, 2)),
        Sample(lambda x: mean(x, axis=0, returned=True)[0], normal(2, 3)),
        Sample(lambda x, w: mean(x, weights=w), normal(2, 3), positive(2, 3)),
        Sample(lambda x, w: mean(x, None, w), normal(3), positive(3)),
        Sample(lambda x, w: mean(x, 1, w), normal(2, 3), positive(2, 3)),
        Sample(lambda x, w: mean(x, 1, w), strided(normal(2, 3)), positive(3)),
        Sample(lambda x, w: mean(x, 1, w, keepdims=True), normal(2, 3), positive(2, 3)),
        Sample(
            lambda x, w: mean(x, -2, w, keepdims=True), normal(2, 3, 2), positive(3)
        ),
        Sample(lambda x, w: mean(x, (0, 1), w), normal(2, 3), positive(2, 3)),
        Sample(
            lambda w: mean(np.ones((2, 3), w.dtype), 0, w, returned=True)[1],
            positive(2),
        ),
        Sample(
            lambda x, w: np.stack(mean(x, 0, w, True)), normal(2, 3), positive(2, 3)
        ),
        Sample(lambda x: mean(x, weights=[1, 2, 3]), normal(3), keeps_dtype=False),
        Sample(
            lambda w: mean([[1, 2, 4]], 1, weights=w), positive(3), keeps_dtype=False
        ),
        Sample(lambda x: mean(x, weights=x), positive(3)),
        Sample(lambda x: mean(x, weights=x + 2), complex_normal(3)),
        *(
            [
                Sample(
                    lambda x, w: mean(x, (2, 0), w), normal(2, 3, 2), positive(2, 2)
                ),
                Sample(
                    lambda x, w: mean(x, (0, 1), w), normal(2, 3, 2), positive(2, 3)
                ),
            ]
            if NUMPY_2
            else []
        ),
    ]


def covariances():
    """Samples of cov, whose results are at least float64."""
    cov = np.cov
    whole, part = np.array([1, 2, 1, 3]), np.array([0.5, 1.0, 0.2, 0.7])
    samples = [
        Sample(cov, normal(2, 3)),
        Sample(cov, normal(4)),
        Sample(cov, normal(1, 3)),
        Sample(cov, normal(2, 2)),
        Sample(lambda x: cov(x, aweights=part), normal(4)),
        Sample(cov, strided(normal(3, 4))),
        Sample(lambda x: cov(x, rowvar=False), normal(3, 2)),
        Sample(lambda x: cov(x, bias=True), normal(2, 3)),
        Sample(lambda x: cov(x, ddof=0), normal(2, 3)),
        Sample(lambda x, y: cov(x, y), normal(2, 3), normal(3)),
        Sample(lambda x, y: cov(x, y), normal(3), normal(3)),
        Sample(lambda x, y: cov(x, y, rowvar=False), normal(3, 2), normal(3, 1)),
        Sample(lambda x: cov(x, x), normal(3)),
        Sample(lambda x: cov(x, fweights=whole), normal(2, 4)),
        Sample(lambda x: cov(x, aweights=part), normal(2, 4)),
        Sample(lambda x: cov(x, aweights=part, bias=True), normal(2, 4)),
        Sample(lambda x: cov(x, fweights=whole, aweights=part), normal(2, 4)),
        Sample(lambda x, w: cov(x, aweights=w), normal(2, 4), positive(4)),
        Sample(cov, complex_normal(2, 3)),
    ]
    for sample in samples:
        sample.keeps_dtype = False
    return samples


def correlations():
    """Samples of corrcoef, whose results are at least float64."""
    samples = [
        Sample(np.corrcoef, normal(2, 4)),
        Sample(np.corrcoef, normal(3, 4)),
        Sample(lambda x: np.corrcoef(x, rowvar=False), normal(4, 2)),
        Sample(np.corrcoef, normal(2, 4), normal(4)),
        Sample(np.corrcoef, normal(4), normal(4)),
        Sample(np.corrcoef, normal(4)),
    ]
    for sample in samples:
        sample.keeps_dtype = False
    return samples


SAMPLES = {
    statistics.MedianGrad: medians(np.median),
    statistics.QuantileGrad: quantiles(np.quantile),
    statistics.PercentileGrad: quantiles(np.percentile, 100),
}

COMPOSED = {
    np.ptp: [
        *reductions(np.ptp, distinct),
        Sample(lambda x: np.ptp(x, 0, None, True), distinct(2, 3)),
    ],
    np.average: averages(),
    np.cov: covariances(),
    np.corrcoef: correlations(),
}
