"""Samples of the operations in `keratorch.grads.reduction`."""

import numpy as np

from keratorch import GradArray
from keratorch.grads import reduction

from .sample import (
    Sample,
    complex_normal,
    distinct,
    fortran,
    normal,
    positive,
    reductions,
    strided,
)

MASK = np.array([[True, False, True], [True, True, False]])
ONE_OR_ALL = np.array([[True, False], [True, True]])
COLUMN = np.array([[True], [False], [True]])
NUMPY_2 = np.lib.NumpyVersion(np.__version__) >= "2.0.0"


def with_zeros(values, *places):
    """Return the values with a 0 at each of the places in a row."""
    values = values.copy()
    values.reshape(-1)[list(places)] = 0
    return values


def masked(function, values):
    """Samples of a reduction of the elements that a mask names."""
    return [
        Sample(lambda x: function(x, where=MASK), values(2, 3)),
        Sample(lambda x: function(x, axis=1, where=MASK), values(2, 3)),
        Sample(lambda x: function(x, axis=-1, where=MASK[0]), strided(values(2, 3))),
        Sample(
            lambda x: function(x, axis=0, keepdims=True, where=COLUMN), values(3, 2)
        ),
        Sample(lambda x: function(x, axis=(0, 1), where=COLUMN), values(2, 3, 2)),
        Sample(lambda x: function(x, where=COLUMN.tolist()), values(3, 2)),
    ]


def cast(function):
    """Samples of a reduction in another dtype, or of all arguments in order."""
    return [
        Sample(
            lambda x: function(x, dtype=np.float64), normal(2, 3), keeps_dtype=False
        ),
        Sample(lambda x: function(x, 0, np.float64), normal(2, 2), keeps_dtype=False),
        Sample(lambda x: function(x, 0, None, None, True), normal(2, 3)),
    ]


def started(function, values):
    """Samples of a reduction that starts from a number, which has a gradient too."""
    return [
        Sample(lambda x: function(x, initial=0.7), values(2, 3)),
        Sample(lambda x, c: function(x, initial=c), values(2, 3), values() + 0.1),
        Sample(
            lambda x, c: function(x, axis=1, initial=c), values(2, 3), values() + 0.1
        ),
        Sample(
            lambda x, c: function(x, axis=1, keepdims=True, initial=c),
            values(3, 2),
            values() + 0.1,
        ),
        Sample(lambda x, c: function(x, axis=1, initial=c), values(2, 0), values()),
    ]


def masked_and_started(function, values):
    """Samples of both at once."""
    return [
        Sample(
            lambda x, c: function(x, axis=1, initial=c, where=MASK),
            values(2, 3),
            values() + 0.1,
        ),
        Sample(
            lambda x, c: function(x, initial=c, where=MASK), values(2, 3), values() + 1
        ),
        Sample(lambda x: function(x, initial=-0.1, where=False), values(2, 3)),
    ]


def of_complex(function):
    """Samples of a reduction of complex numbers."""
    return [
        Sample(function, complex_normal(2, 3)),
        Sample(lambda x: function(x, axis=0, keepdims=True), complex_normal(2, 3)),
        Sample(lambda x: function(x, axis=1, where=MASK), complex_normal(2, 3)),
    ]


def products():
    """Samples of prod with no zero, one, and several in a product."""
    return [
        *reductions(np.prod, normal),
        *masked(np.prod, normal),
        *of_complex(np.prod),
        Sample(np.prod, with_zeros(complex_normal(3), 1)),
        *cast(np.prod),
        *started(np.prod, positive),
        *masked_and_started(np.prod, positive),
        Sample(np.prod, with_zeros(normal(4), 1)),
        Sample(np.prod, with_zeros(normal(4), 0, 3)),
        Sample(np.prod, with_zeros(normal(4), 0, 1, 2)),
        Sample(np.prod, np.zeros((2, 2))),
        Sample(np.prod, np.zeros(())),
        Sample(lambda x: np.prod(x, axis=0), with_zeros(normal(3, 3), 0, 4, 7)),
        Sample(lambda x: x.prod(-1, keepdims=True), with_zeros(normal(2, 3), 0, 4)),
        Sample(
            lambda x: x.prod((2, 0)), fortran(with_zeros(normal(2, 2, 3), 0, 3, 6, 9))
        ),
        Sample(lambda x: np.prod(x, axis=(-1, 0)), with_zeros(normal(2, 3, 2), 5)),
        Sample(
            lambda x: np.prod(x, axis=1, where=MASK), with_zeros(normal(2, 3), 0, 5)
        ),
        Sample(
            lambda x, c: np.prod(x, axis=1, initial=c),
            with_zeros(normal(2, 3), 1),
            normal(),
        ),
        Sample(lambda x, c: np.prod(x, initial=c), normal(3), np.zeros(())),
        Sample(lambda x: np.prod(x * x), with_zeros(normal(3), 1)),
    ]


def deviations(function):
    """Samples of var or std, each of more than one element."""
    several = [
        sample
        for sample in reductions(function, normal)
        if function is np.var or sample.inputs[0].ndim > 1
    ]
    mean = [
        Sample(
            lambda x, m: function(x, axis=0, mean=m, ddof=1), normal(3, 2), normal(1, 2)
        ),
        Sample(
            lambda x: function(x, mean=x.mean(axis=1, keepdims=True), axis=1),
            normal(2, 3),
        ),
        Sample(lambda x, m: function(x, mean=m), normal(2, 3), normal(1, 1)),
        Sample(lambda x: function(x, axis=1, correction=1), normal(2, 3)),
        Sample(lambda x: function(x, correction=0.5), normal(2, 3)),
    ]
    return [
        *(several if function is np.var else several[:9]),
        *masked(function, normal),
        *of_complex(function),
        *(mean if NUMPY_2 else []),
        Sample(lambda x: function(x, axis=0, ddof=1), normal(3, 2)),
        Sample(lambda x: function(x, axis=-1, ddof=1.5), normal(2, 4)),
        Sample(lambda x: x.var(ddof=1, keepdims=True), normal(3, 2))
        if function is np.var
        else Sample(lambda x: x.std(ddof=1, keepdims=True), normal(3, 2)),
        Sample(lambda x: function(x, 0, np.float64), normal(3, 2), keeps_dtype=False),
        Sample(lambda x: function(x, 0, None, None, 1, True), normal(3, 2)),
        Sample(lambda x: function(x, where=MASK, ddof=1), normal(2, 3)),
        *(
            [Sample(lambda x: function(x, axis=1, where=ONE_OR_ALL), normal(2, 2))]
            if function is np.var
            else []
        ),
    ]


def logsumexp(x, axis=None, keepdims=False):
    """Return what NumPy has no function for."""
    if isinstance(x, GradArray):
        return reduction.LogSumExpGrad.apply(x, axis, keepdims)
    return np.log(np.exp(x).sum(axis=axis, keepdims=keepdims))


SAMPLES = {
    reduction.SumGrad: [
        *reductions(np.sum, normal),
        *masked(np.sum, normal),
        *of_complex(np.sum),
        *cast(np.sum),
        *started(np.sum, normal),
        *masked_and_started(np.sum, normal),
        Sample(np.sum, normal(0)),
        Sample(lambda x: x.sum(1, None, None, False, 2.0, True), normal(2, 3)),
    ],
    reduction.ProdGrad: products(),
    reduction.MeanGrad: [
        *reductions(np.mean, normal),
        *masked(np.mean, normal),
        *of_complex(np.mean),
        *cast(np.mean),
        Sample(lambda x: np.mean(x, axis=0), normal(2, 0)),
    ],
    reduction.MaxGrad: [
        *reductions(np.max, distinct),
        *started(np.max, distinct),
        *masked_and_started(np.max, distinct),
        Sample(lambda x: np.max(x, 0, None, True), distinct(2, 3)),
    ],
    reduction.MinGrad: [
        *reductions(np.min, distinct),
        *started(np.min, distinct),
        *masked_and_started(np.min, distinct),
        Sample(lambda x: np.min(x, 0, None, True), distinct(2, 3)),
    ],
    reduction.VarGrad: deviations(np.var),
    reduction.StdGrad: deviations(np.std),
    reduction.LogSumExpGrad: reductions(logsumexp, normal),
}

COMPOSED = {
    np.amax: [
        Sample(np.amax, distinct(2, 3)),
        Sample(lambda x: np.amax(x, axis=1, keepdims=True), distinct(2, 3)),
        Sample(lambda x: np.amax(x, initial=0.1, where=MASK), distinct(2, 3)),
    ],
    np.amin: [
        Sample(np.amin, distinct(2, 3)),
        Sample(lambda x: np.amin(x, axis=1, keepdims=True), distinct(2, 3)),
        Sample(lambda x: np.amin(x, initial=0.1, where=MASK), distinct(2, 3)),
    ],
}
