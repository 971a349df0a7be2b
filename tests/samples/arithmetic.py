"""Samples of the operations in `keratorch.grads.arithmetic`."""

import numpy as np

from keratorch.grads import arithmetic

from .sample import Sample, binary, distinct, fortran, normal, positive, strided, unary


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
    arithmetic.AddGrad: binary(np.add, normal),
    arithmetic.SubtractGrad: binary(np.subtract, normal),
    arithmetic.MulGrad: binary(np.multiply, normal),
    arithmetic.DivideGrad: [
        *binary(np.true_divide, positive),
        Sample(np.true_divide, normal(2, 3), -positive(3)),
    ],
    arithmetic.NegativeGrad: unary(np.negative, normal),
    arithmetic.PositiveGrad: unary(np.positive, normal),
    arithmetic.PowerGrad: powers(),
    arithmetic.MatMulGrad: matmuls(),
}
