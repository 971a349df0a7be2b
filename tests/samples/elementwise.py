"""Samples of the operations in `keratorch.grads.elementwise`."""

import numpy as np

from keratorch.grads import elementwise

from .sample import (
    Sample,
    between,
    binary,
    distinct,
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


SAMPLES = {
    elementwise.ExpGrad: unary(np.exp, normal),
    elementwise.LogGrad: unary(np.log, positive),
    elementwise.SqrtGrad: unary(np.sqrt, positive),
    elementwise.SquareGrad: unary(np.square, normal),
    elementwise.AbsGrad: unary(np.absolute, distinct),
    elementwise.TanhGrad: unary(np.tanh, normal),
    elementwise.MaximumGrad: binary(np.maximum, distinct, between)[:11],
    elementwise.MinimumGrad: binary(np.minimum, distinct, between)[:11],
    elementwise.ClipGrad: clipped(),
    elementwise.WhereGrad: chosen(),
    elementwise.AstypeGrad: [
        Sample(lambda x: x.astype(np.float64), normal(2, 3), keeps_dtype=False),
        Sample(lambda x: x.astype("float64"), normal(), keeps_dtype=False),
        Sample(lambda x: x.astype(x.dtype), normal(0, 2)),
    ],
    elementwise.CopyGrad: [
        *unary(lambda x: x.copy(), normal),
        Sample(lambda x: x.copy("F"), normal(2, 3)),
    ],
}
