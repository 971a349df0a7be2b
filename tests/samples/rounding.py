"""Samples of the operations in `keratorch.grads.rounding`."""

import numpy as np

from keratorch.grads import rounding

from .sample import (
    Sample,
    binary,
    distinct,
    fortran,
    fractions,
    normal,
    positive,
    strided,
    unary,
)


def dividends(*size):
    """Numbers that are no multiple of those of `divisors`, nor nearly so."""
    whole = np.clip(np.floor(normal(*size)), -2, 1)
    return whole + 0.27 + fractions(*size) / 2


def divisors(*size):
    return np.copysign(0.9 + 0.2 * fractions(*size), normal(*size))


def divisions(function):
    """Samples of a function of two arrays that jumps where one divides the other."""
    return [
        *binary(function, dividends, divisors)[:11],
        Sample(lambda x: function(x, 1.5), dividends(2, 3)),
        Sample(lambda x: function(1.5, x), divisors()),
    ]


def mantissas(*size):
    """Numbers between two powers of 2."""
    return 1.02 + fractions(*size)


ROWS = np.array([[1], [-2], [0]])

SAMPLES = {
    rounding.FloorGrad: unary(np.floor, distinct),
    rounding.CeilGrad: unary(np.ceil, distinct),
    rounding.RintGrad: unary(np.rint, distinct),
    rounding.TruncGrad: unary(np.trunc, distinct),
    rounding.FixGrad: unary(np.fix, distinct),
    rounding.RoundGrad: [
        *unary(np.round, distinct),
        Sample(lambda x: np.round(x, 1), distinct(2, 3)),
        Sample(lambda x: np.round(x, decimals=-1), distinct(2, 3) * 13),
        Sample(lambda x: x.round(), distinct(2)),
        Sample(lambda x: x.round(1), np.array(1.23)),
    ],
    rounding.FloorDivideGrad: [
        *divisions(np.floor_divide),
        Sample(lambda a, b: a // b, dividends(2, 3), divisors(3)),
        Sample(lambda x: 7 // x, np.array([1.5, -0.4])),
    ],
    rounding.RemainderGrad: [
        *divisions(np.remainder),
        Sample(lambda a, b: a % b, dividends(2, 3), divisors(3)),
        Sample(lambda x: 7 % x, np.array([1.5, -0.4])),
        Sample(np.mod, dividends(2), divisors(2)),
    ],
    rounding.FmodGrad: divisions(np.fmod),
    rounding.FractionGrad: [
        *unary(lambda x: np.modf(x)[0], distinct),
        Sample(lambda x: np.modf(x)[0], fortran(distinct(2, 2))),
    ],
    rounding.LdexpGrad: [
        *unary(lambda x: np.ldexp(x, 3), normal),
        Sample(lambda x: np.ldexp(x, ROWS), normal(2)),
        Sample(lambda x: np.ldexp(x, [1, 2]), normal()),
        Sample(lambda x: np.ldexp(x, -1), strided(normal(2, 2))),
    ],
}
COMPOSED = {
    np.around: [
        *unary(np.around, distinct),
        Sample(lambda x: np.around(x, 1), distinct(2, 3)),
        Sample(lambda x: np.around(x, decimals=-1), distinct(2, 3) * 13),
    ],
    np.divmod: [
        *divisions(lambda a, b: np.divmod(a, b)[1]),
        Sample(lambda a, b: np.divmod(a, b)[0], dividends(2, 3), divisors(3)),
        Sample(lambda a, b: divmod(a, b)[1], dividends(2, 3), divisors(3)),
        Sample(lambda x: divmod(7, x)[1], np.array([1.5, -0.4])),
    ],
    np.modf: [
        *unary(lambda x: np.modf(x)[1], distinct),
        Sample(lambda x: np.modf(x)[0], fortran(distinct(2, 2))),
    ],
    np.frexp: [
        *unary(lambda x: np.frexp(x)[0], mantissas),
        Sample(lambda x: np.frexp(x)[0], np.array([-5.0, 0.3, 100.0])),
        Sample(
            lambda x: np.frexp(x)[0] * np.frexp(x)[1],
            positive(2) * 0.2 + 4.5,
            keeps_dtype=False,
        ),
    ],
}
