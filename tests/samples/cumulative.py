"""Samples of the operations in `keratorch.grads.cumulative`."""

import numpy as np

from keratorch.grads import cumulative

from .reduction import NUMPY_2, with_zeros
from .sample import (
    Sample,
    complex_normal,
    distinct,
    fortran,
    normal,
    positive,
    strided,
    zero_d,
)

UNEVEN = np.array([0.0, 0.5, 2.0, 2.3, 4.0])


def running(function):
    """Samples of a running sum or product along every axis."""
    return [
        Sample(function, normal(2, 3)),
        Sample(function, normal()),
        Sample(function, normal(0)),
        Sample(function, normal(2, 0)),
        Sample(function, strided(normal(2, 3))),
        Sample(function, fortran(normal(3, 2))),
        Sample(function, complex_normal(4)),
        Sample(lambda x: function(x, axis=0), normal(4)),
        Sample(lambda x: function(x, axis=0), normal(3, 2)),
        Sample(lambda x: function(x, 1), normal(2, 3, 2)),
        Sample(lambda x: function(x, axis=-1), normal(2, 1)),
        Sample(lambda x: function(x, axis=0), normal(0, 3)),
        Sample(lambda x: function(x, axis=np.int64(-2)), normal(3, 2, 2)),
        Sample(
            lambda x: function(x, dtype=np.float64), normal(2, 3), keeps_dtype=False
        ),
        Sample(lambda x: function(x, 0, None, None), normal(3)),
    ]


def products():
    """Samples of cumprod with no zero, one, and several."""
    cumprod = np.cumprod
    return [
        *running(cumprod),
        Sample(cumprod, with_zeros(normal(4), 1)),
        Sample(cumprod, with_zeros(normal(4), 0)),
        Sample(cumprod, with_zeros(normal(4), 3)),
        Sample(cumprod, with_zeros(normal(5), 1, 3)),
        Sample(cumprod, np.zeros(3)),
        Sample(cumprod, zero_d(0)),
        Sample(cumprod, with_zeros(complex_normal(3), 1)),
        Sample(lambda x: x.cumprod(0), with_zeros(normal(3, 3), 0, 4, 7)),
        Sample(lambda x: x.cumprod(-1), with_zeros(normal(2, 2, 3), 1, 3, 5)),
        Sample(lambda x: cumprod(x, axis=-2), strided(with_zeros(normal(3, 2), 2))),
        Sample(lambda x: cumprod(x * x), with_zeros(normal(3), 1)),
    ]


def recurrence(a, b):
    out = np.zeros_like(b)
    last = np.zeros_like(b[..., 0])
    for k in range(b.shape[-1]):
        last = out[..., k] = a[..., k] * last + b[..., k]
    return out


def recurrences():
    apply = cumulative.RecurrenceGrad.apply
    pairs = [
        (normal(7), normal(7)),
        (normal(2, 3), normal(2, 3)),
        (with_zeros(normal(2, 4), 1, 6), normal(2, 4)),
        (normal(1), normal(1)),
        (normal(0, 2), normal(0, 2)),
        (strided(normal(2, 3)), fortran(normal(2, 3))),
    ]
    return [
        *[Sample(apply, a, b, reference=recurrence) for a, b in pairs],
        Sample(lambda x: apply(x, x), normal(4), reference=lambda x: recurrence(x, x)),
    ]


def differences():
    samples = [
        Sample(
            lambda x, n=n, axis=axis: cumulative.DiffGrad.apply(x, n, axis),
            normal(*size),
            reference=lambda x, n=n, axis=axis: np.diff(x, n, axis),
        )
        for size, n, axis in [
            ((5,), 1, -1),
            ((5,), 2, 0),
            ((5,), 3, -1),
            ((2, 3), 1, 0),
            ((2, 4), 2, 1),
            ((2, 1), 1, 1),
            ((2, 1), 3, 1),
            ((0, 3), 1, 1),
            ((0, 3), 1, 0),
            ((2, 3, 2), 2, -2),
        ]
    ]
    apply = cumulative.DiffGrad.apply
    return [
        *samples,
        Sample(apply, strided(normal(2, 3)), reference=np.diff),
        Sample(apply, complex_normal(3), reference=np.diff),
    ]


def joined_differences():
    """Samples of diff with what comes before and after."""
    return [
        Sample(np.diff, normal(4)),
        Sample(lambda x: np.diff(x, 2, 0), normal(4, 2)),
        Sample(lambda x: np.diff(x, n=2, axis=-1), strided(normal(2, 4))),
        Sample(lambda x: np.diff(x, 0) * 2, normal(2, 2)),
        Sample(lambda x: np.diff(x, prepend=0), normal(3), keeps_dtype=False),
        Sample(
            lambda x: np.diff(x, axis=0, append=2.0), normal(2, 2), keeps_dtype=False
        ),
        Sample(lambda x, y: np.diff(x, prepend=y), normal(3), normal(2)),
        Sample(
            lambda x, y, z: np.diff(x, 2, 0, y, z),
            normal(2, 2),
            normal(1, 2),
            normal(2, 2),
        ),
        Sample(lambda x, y: np.diff(x, axis=0, prepend=y), normal(2, 3), normal()),
        Sample(
            lambda y: np.diff(np.ones((2, 2)), append=y),
            normal(2, 1),
            keeps_dtype=False,
        ),
        Sample(lambda x: np.diff(x, prepend=x, append=x), normal(3)),
    ]


def ends():
    """Samples of ediff1d."""
    return [
        Sample(np.ediff1d, normal(4)),
        Sample(np.ediff1d, fortran(normal(2, 3))),
        Sample(np.ediff1d, normal(0)),
        Sample(np.ediff1d, normal()),
        Sample(lambda x: np.ediff1d(x, to_begin=-1.5, to_end=[2.0, 3.0]), normal(3)),
        Sample(lambda x, y: np.ediff1d(x, y), normal(2, 2), normal(2, 1)),
        Sample(
            lambda x, y, z: np.ediff1d(x, to_begin=y, to_end=z),
            normal(3),
            normal(2),
            normal(),
        ),
        Sample(lambda x: np.ediff1d(x, x, x), strided(normal(3))),
    ]


def slopes():
    """Samples of gradient with every kind of distance."""
    return [
        Sample(np.gradient, normal(4)),
        Sample(np.gradient, normal(2)),
        Sample(lambda f: np.gradient(f, 0.5), strided(normal(5))),
        Sample(lambda f: np.gradient(f, edge_order=2), normal(4)),
        Sample(lambda f: np.gradient(f, 0.5, edge_order=2), normal(3)),
        Sample(lambda f: np.gradient(f, UNEVEN), normal(5)),
        Sample(lambda f: np.gradient(f, UNEVEN, edge_order=2), normal(5)),
        Sample(lambda f: np.gradient(f, np.arange(4.0)), normal(4)),
        Sample(lambda f: np.gradient(f, axis=0), normal(3, 2)),
        Sample(lambda f: np.gradient(f, axis=-1), fortran(normal(2, 4))),
        Sample(lambda f: np.gradient(f, UNEVEN[:3], axis=1), normal(2, 3, 2)),
        Sample(lambda f: np.gradient(f, axis=(1,)), normal(0, 3)),
        Sample(lambda f: np.stack(np.gradient(f)), normal(3, 3)),
        Sample(lambda f: np.gradient(f, 2.0, UNEVEN[:3])[1], normal(2, 3)),
        Sample(lambda f: np.gradient(f, 2.0)[0], normal(3, 2)),
        Sample(lambda f: np.stack(np.gradient(f, axis=(2, 0))), normal(2, 1, 2)),
        Sample(lambda f: np.gradient(f, 2.0, 3.0, axis=(-1, 0))[0], normal(2, 2)),
        Sample(lambda f, h: np.gradient(f, h, edge_order=2), normal(4), positive()),
        Sample(lambda f, h: np.gradient(f, h, UNEVEN[:2])[0], normal(3, 2), positive()),
        Sample(np.gradient, normal(5), UNEVEN),
        Sample(lambda f, x: np.gradient(f, x, edge_order=2), normal(4), np.arange(4.0)),
        Sample(
            lambda f, x: np.gradient(f, x, axis=1, edge_order=2),
            normal(2, 4, 2),
            distinct(4),
        ),
        Sample(
            lambda x: np.gradient([1, 4, 9], x),
            positive(3).cumsum(),
            keeps_dtype=False,
        ),
        Sample(lambda f: np.gradient(f, f), positive(4).cumsum()),
        Sample(np.gradient, complex_normal(4)),
    ]


def integrals(function):
    """Samples of trapezoid with every kind of distance."""
    return [
        Sample(function, normal(4)),
        Sample(function, normal(1)),
        Sample(function, normal(0, 3)),
        Sample(function, strided(normal(2, 3))),
        Sample(lambda y: function(y, dx=0.5), normal(3)),
        Sample(lambda y: function(y, axis=0), normal(3, 2)),
        Sample(lambda y: function(y, None, 2.0, 1), normal(2, 3, 2)),
        Sample(lambda y: function(y, [0, 1, 4]), normal(2, 3), keeps_dtype=False),
        Sample(lambda y, x: function(y, x, axis=0), normal(3, 2), normal(3)),
        Sample(lambda y, x: function(y, x, axis=0), normal(3, 2), normal(3, 2)),
        Sample(lambda y, x: function(y, x, axis=-2), normal(2, 3, 2), normal(3)),
        Sample(lambda y, x: function(y, x, axis=-2), normal(2, 3, 2), normal(2, 3, 2)),
        Sample(lambda y, x: function(y, x, axis=1), normal(2, 3), normal(2, 3)),
        Sample(lambda y, x: function(y, x), normal(2, 3), normal(3)),
        Sample(lambda y, h: function(y, dx=h), normal(3), positive()),
        Sample(lambda x: function([1.0, 2.0, 5.0], x), normal(3), keeps_dtype=False),
        Sample(lambda x: function(x * x, x), normal(4)),
        Sample(function, complex_normal(3)),
    ]


def array_api(function):
    """Samples of NumPy 2's cumulative_sum and cumulative_prod."""
    return [
        Sample(function, normal(3)),
        Sample(function, normal()),
        Sample(lambda x: function(x, include_initial=True), normal(3)),
        Sample(lambda x: function(x, include_initial=True), normal(0)),
        Sample(lambda x: function(x, axis=0), normal(3, 2)),
        Sample(lambda x: function(x, axis=1, include_initial=True), normal(2, 3)),
        Sample(lambda x: function(x, axis=-2, include_initial=True), normal(2, 3, 2)),
        Sample(
            lambda x: function(x, dtype=np.float64, include_initial=True),
            normal(3),
            keeps_dtype=False,
        ),
        Sample(
            lambda x: function(x, axis=-1, include_initial=True),
            strided(with_zeros(normal(2, 3), 1)),
        ),
    ]


_trapezoid = getattr(np, "trapezoid" if NUMPY_2 else "trapz")

SAMPLES = {
    cumulative.CumsumGrad: running(np.cumsum),
    cumulative.CumprodGrad: products(),
    cumulative.RecurrenceGrad: recurrences(),
    cumulative.DiffGrad: differences(),
}

COMPOSED = {
    np.diff: joined_differences(),
    np.ediff1d: ends(),
    np.gradient: slopes(),
    _trapezoid: integrals(_trapezoid),
}

if hasattr(np, "cumulative_sum"):
    COMPOSED[np.cumulative_sum] = array_api(np.cumulative_sum)
    COMPOSED[np.cumulative_prod] = array_api(np.cumulative_prod)
