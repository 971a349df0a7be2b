"""Samples of the operations in `keratorch.grads.elementwise`."""

import warnings

import numpy as np

from keratorch.grads import elementwise

from .sample import (
    Sample,
    between,
    binary,
    complex_normal,
    distinct,
    fortran,
    normal,
    positive,
    strided,
    unary,
    zero_d,
)


def clipped():
    """Samples of clip with limits that are numbers, arrays, one of them, or none."""
    return [
        Sample(lambda x: np.clip(x, -0.3, 0.4), distinct(2, 4)),
        Sample(lambda x: np.clip(x, -0.3, None), distinct(2, 4)),
        Sample(lambda x: np.clip(x, None, 0.4), distinct(2, 4)),
        Sample(lambda x: x.clip(max=0.4), distinct()),
        Sample(lambda x: x.clip(-0.3, 0.4), distinct(2, 4)),
        Sample(np.clip, distinct(4), np.array([-0.4, 0.1, -1, 0.6]), np.full(4, 0.7)),
        Sample(np.clip, distinct(2, 3), zero_d(-0.1), np.array([0.1, 0.2, 0.3])),
        Sample(np.clip, distinct(3), zero_d(0.4), zero_d(-0.4)),
        Sample(lambda x: np.clip(x, -1, 1), normal(0, 2)),
        Sample(lambda x: np.clip(x, x - 1, x * 2), positive(3)),
        Sample(lambda x: np.clip(x, 0, 1), strided(distinct(2, 4))),
    ]


def chosen():
    """Samples of where, with conditions that broadcast."""
    mask = np.array([True, False, True])
    column = np.array([[True], [False]])
    return [
        Sample(lambda a, b: np.where(mask, a, b), normal(2, 3), normal(2, 3)),
        Sample(lambda a, b: np.where(column, a, b), normal(3), normal(2, 1)),
        Sample(lambda a, b: np.where(mask, a, b), normal(), normal(1)),
        Sample(lambda a, b: np.where(np.True_, a, b), normal(), normal()),
        Sample(lambda a: np.where(mask, a, 0.0), normal(2, 3)),
        Sample(lambda a: np.where(mask, 1, a), normal(3)),
        Sample(lambda a: np.where(a > 0, a, a * 2), distinct(2, 3)),
        Sample(lambda a: np.where(mask[:0], a, 0.0), normal(2, 0)),
        Sample(
            lambda a, b: np.where([0, 1, 2], a, b), normal(3), strided(normal(2, 3))
        ),
    ]


def discarding(x):
    """Return the real part of x as another dtype, without NumPy's warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return x.astype(np.float64)


SIGNS = np.array([-1, 0, 1], np.int8)
WITH_GAPS = np.array([[np.nan, 1.5, np.inf], [-np.inf, -0.5, 0.0]])

SAMPLES = {
    elementwise.AbsGrad: [
        *unary(np.absolute, distinct),
        Sample(abs, distinct(2)),
        Sample(np.absolute, complex_normal(2, 3)),
        Sample(abs, complex_normal()),
    ],
    elementwise.SignGrad: [
        *unary(np.sign, distinct),
        Sample(np.sign, complex_normal(2, 3)),
        Sample(np.sign, complex_normal()),
    ],
    elementwise.FabsGrad: unary(np.fabs, distinct),
    elementwise.CopysignGrad: binary(np.copysign, distinct),
    elementwise.HeavisideGrad: [
        *binary(np.heaviside, distinct),
        Sample(lambda h: np.heaviside(SIGNS, h), normal(2, 3)),
    ],
    elementwise.MaximumGrad: binary(np.maximum, distinct, between)[:11],
    elementwise.MinimumGrad: binary(np.minimum, distinct, between)[:11],
    elementwise.FmaxGrad: binary(np.fmax, distinct, between)[:11],
    elementwise.FminGrad: binary(np.fmin, distinct, between)[:11],
    elementwise.NanToNumGrad: [
        *unary(np.nan_to_num, normal),
        Sample(lambda x: np.nan_to_num(x, nan=1, posinf=2, neginf=-3), WITH_GAPS),
        Sample(lambda x: np.nan_to_num(x, True, -1.0), WITH_GAPS[:, 1]),
    ],
    elementwise.ClipGrad: clipped(),
    elementwise.WhereGrad: chosen(),
    elementwise.AstypeGrad: [
        Sample(lambda x: x.astype(np.float64), normal(2, 3), keeps_dtype=False),
        Sample(lambda x: x.astype("float64"), normal(), keeps_dtype=False),
        Sample(lambda x: x.astype(x.dtype), normal(0, 2)),
        Sample(lambda x: x.astype(x.dtype, copy=False), normal(2, 3)),
        Sample(lambda x: x.astype(x.dtype, "C", casting="no"), fortran(normal(2, 2))),
        Sample(lambda x: x.astype(complex), normal(2, 3), keeps_dtype=False),
        Sample(discarding, complex_normal(2, 3), keeps_dtype=False),
    ],
    elementwise.CopyGrad: [
        *unary(lambda x: x.copy(), normal),
        Sample(lambda x: x.copy("F"), normal(2, 3)),
    ],
}
COMPOSED = {}
if hasattr(np, "astype"):  # from NumPy 2.1 on
    COMPOSED[np.astype] = [
        *unary(lambda x: np.astype(x, x.dtype), normal),
        Sample(lambda x: np.astype(x, x.dtype, copy=False), normal(2)),
        Sample(lambda x: np.astype(x, x.dtype, device="cpu"), normal(2)),
    ]
