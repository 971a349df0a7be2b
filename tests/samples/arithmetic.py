"""Samples of the operations in `keratorch.grads.arithmetic`."""

import numpy as np

from keratorch.grads import arithmetic

from .sample import (
    Sample,
    binary,
    complex_normal,
    distinct,
    fortran,
    normal,
    positive,
    strided,
    unary,
)


def powers():
    """Samples of powers with exponents of every kind."""
    constant = [2, 3, 1, 0, -1, -2, 0.5, 2.5, -0.5]
    return [
        *binary(np.power, positive),
        *[Sample(lambda x, b=b: x**b, positive(2, 2)) for b in constant],
        Sample(lambda x: x**2, distinct(2, 3)),
        Sample(lambda x: x**3, distinct()),
        Sample(lambda x: x**-1.0, distinct(2)),
        Sample(
            lambda x: x ** np.array([0, 1, 2, 3]), distinct(2, 4), keeps_dtype=False
        ),
        Sample(lambda x: 2**x, normal(2, 3)),
        Sample(lambda x: np.array([2, 3]) ** x, normal(2, 2), keeps_dtype=False),
    ]


def in_double(samples):
    for sample in samples:
        sample.keeps_dtype = False
    return samples


def matmuls():
    """Samples of matmul at every rank that NumPy allows."""
    shapes = [
        ((3,), (3,)),
        ((3,), (3, 2)),
        ((2, 3), (3,)),
        ((2, 3), (3, 4)),
        ((5, 2, 3), (3,)),
        ((3,), (5, 3, 2)),
        ((5, 2, 3), (3, 4)),
        ((2, 3), (5, 3, 4)),
        ((5, 2, 3), (5, 3, 4)),
        ((5, 1, 2, 3), (4, 3, 2)),
        ((1, 2, 3), (5, 3, 1)),
        ((1, 1), (1, 1)),
        ((0, 3), (3, 2)),
        ((2, 0), (0, 3)),
        ((0, 2, 3), (3, 1)),
        ((3,), (0, 3, 2)),
    ]
    return [
        *[Sample(np.matmul, normal(*a), normal(*b)) for a, b in shapes],
        Sample(np.matmul, fortran(normal(2, 3)), strided(normal(3, 2))),
        Sample(lambda x: x @ x, normal(3, 3)),
        Sample(lambda x: x @ x.T, normal(2, 3)),
        Sample(lambda x: x @ x, normal(3)),
    ]


SAMPLES = {
    arithmetic.AddGrad: [
        *binary(np.add, normal),
        Sample(np.add, complex_normal(2, 3), normal(3)),
    ],
    arithmetic.SubtractGrad: [
        *binary(np.subtract, normal),
        Sample(np.subtract, normal(2, 3), complex_normal(3)),
    ],
    arithmetic.MulGrad: [
        *binary(np.multiply, normal),
        Sample(np.multiply, complex_normal(2, 3), complex_normal(3)),
        Sample(np.multiply, complex_normal(2), normal(2)),
    ],
    arithmetic.DivideGrad: [
        *binary(np.true_divide, positive),
        Sample(np.true_divide, normal(2, 3), -positive(3)),
        Sample(np.true_divide, complex_normal(2, 3), complex_normal(3)),
        Sample(np.true_divide, normal(2), complex_normal(2)),
    ],
    arithmetic.NegativeGrad: unary(np.negative, normal),
    arithmetic.PositiveGrad: unary(np.positive, normal),
    arithmetic.ReciprocalGrad: [
        *unary(np.reciprocal, distinct),
        Sample(np.reciprocal, complex_normal(3)),
    ],
    arithmetic.PowerGrad: [
        *powers(),
        Sample(np.power, complex_normal(2), complex_normal(2)),
        Sample(np.power, -positive(2), complex_normal(2)),
        Sample(lambda z: z**2, complex_normal(2)),
        Sample(lambda z: z**3, complex_normal(2)),
    ],
    arithmetic.FloatPowerGrad: in_double(
        [
            *binary(np.float_power, positive),
            Sample(lambda x: np.float_power(x, 3), distinct(2, 3)),
            Sample(lambda x: np.float_power(np.array([2, 3]), x), normal(2, 2)),
        ]
    ),
    arithmetic.MatMulGrad: [
        *matmuls(),
        Sample(np.matmul, complex_normal(2, 3), complex_normal(3, 2)),
        Sample(np.matmul, normal(2, 3), complex_normal(3)),
    ],
}
