"""Samples of the operations in `keratorch.grads.ufunc_methods`."""

import numpy as np

from keratorch.grads import ufunc_methods

from .rounding import dividends, divisors
from .sample import (
    Sample,
    between,
    distinct,
    fortran,
    normal,
    positive,
    reductions,
    strided,
)
from .trigonometric import points


def in_double(function, values):
    return Sample(function, values, keeps_dtype=False)


def reduced(ufunc, values):
    """Samples of a ufunc's reduce, along axis 0 unless told."""
    mask = np.array([True, False, True])
    return [
        *reductions(ufunc.reduce, values),
        Sample(lambda x: ufunc.reduce(x, None), values(2, 3)),
        Sample(lambda x: ufunc.reduce(x, initial=0.4), values(2, 3)),
        Sample(lambda x: ufunc.reduce(x, 1, where=mask, initial=0.4), values(2, 3)),
        Sample(
            lambda x: ufunc.reduce(x, dtype=np.float64), values(3), keeps_dtype=False
        ),
    ]


def accumulated(ufunc, values):
    """Samples of a ufunc's accumulate, along axis 0 unless told."""
    return [
        Sample(ufunc.accumulate, values(4)),
        Sample(ufunc.accumulate, values(3, 2)),
        Sample(ufunc.accumulate, values(0, 2)),
        Sample(lambda x: ufunc.accumulate(x, 1), values(2, 4)),
        Sample(lambda x: ufunc.accumulate(x, axis=-1), strided(values(2, 2, 3))),
        Sample(lambda x: ufunc.accumulate(x, axis=-2), fortran(values(3, 2))),
        Sample(
            lambda x: ufunc.accumulate(x, dtype=np.float64),
            values(3),
            keeps_dtype=False,
        ),
    ]


def outer(ufunc, values, others=None):
    """Samples of a ufunc's outer, of arrays of several ranks."""
    others = others or values
    return [
        Sample(ufunc.outer, values(2), others(3)),
        Sample(ufunc.outer, values(2, 2), others(2, 1)),
        Sample(ufunc.outer, values(), others(2)),
        Sample(ufunc.outer, values(2), others()),
        Sample(ufunc.outer, values(0), others(2)),
        in_double(lambda x: ufunc.outer(x, [1.1, 0.97]), strided(values(1, 2))),
        in_double(lambda x: ufunc.outer([0.6, 1.6], x), others(2)),
    ]


def pieces(index, *size, **options):
    """A sample of sums over the pieces that start at the indices."""
    return Sample(
        lambda x: np.add.reduceat(x, index, **options),
        normal(*size),
        keeps_dtype="dtype" not in options,
    )


SAMPLES = {
    ufunc_methods.AddReduceatGrad: [
        pieces([0, 2, 3], 5),
        pieces([1, 1, 4], 6),
        pieces([0, 4, 1, 5, 2, 6, 3, 7], 8),
        pieces(np.array([0, 2]), 3, 2),
        pieces([1, 0], 2, 3, axis=1),
        pieces([0, 1], 2, 2, 2, axis=-1),
        pieces([0, 1], 3, dtype=np.float64),
        Sample(lambda x: np.add.reduceat(x, [0, 1], 1), strided(normal(2, 3))),
    ],
}
COMPOSED = {
    np.add.reduce: reduced(np.add, normal),
    np.multiply.reduce: reduced(np.multiply, positive),
    np.maximum.reduce: reduced(np.maximum, distinct),
    np.minimum.reduce: reduced(np.minimum, distinct),
    np.add.accumulate: accumulated(np.add, normal),
    np.multiply.accumulate: accumulated(np.multiply, positive),
    np.maximum.accumulate: accumulated(np.maximum, distinct),
    np.minimum.accumulate: accumulated(np.minimum, distinct),
    np.power.outer: outer(np.power, positive),
    np.float_power.outer: [
        Sample(np.float_power.outer, positive(2), positive(3), keeps_dtype=False),
        Sample(np.float_power.outer, positive(2, 1), positive(), keeps_dtype=False),
    ],
    np.floor_divide.outer: outer(np.floor_divide, dividends, divisors),
    np.remainder.outer: outer(np.remainder, dividends, divisors),
    np.fmod.outer: outer(np.fmod, dividends, divisors),
    **{
        ufunc.outer: outer(ufunc, points, between)
        for ufunc in [
            *(np.add, np.subtract, np.multiply, np.true_divide),
            *(np.maximum, np.minimum, np.fmax, np.fmin),
            *(np.hypot, np.arctan2, np.copysign, np.heaviside),
            *(np.logaddexp, np.logaddexp2),
        ]
    },
}
