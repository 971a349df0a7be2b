"""Samples of the operations in `keratorch.grads.activation`."""

import math

import numpy as np

from keratorch.grads import activation

from .sample import Sample, distinct, fractions, normal, unary


def elu(x, alpha=1.0):
    return np.where(x > 0, x, alpha * (np.exp(x) - 1))


def erf(x):
    return np.vectorize(math.erf, otypes=[float])(x)


def erfinv(y):
    """Return the inverse of erf, by bisection."""
    low, high = np.full_like(y, -6.0), np.full_like(y, 6.0)
    for _ in range(60):
        middle = (low + high) / 2
        above = erf(middle) > y
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return (low + high) / 2


def gelu(x, approximate=False):
    if approximate:
        u = math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)
        return x / 2 * (1 + np.tanh(u))
    return x / 2 * (1 + erf(x / math.sqrt(2)))


SAMPLES = {
    activation.SiluGrad: unary(
        activation.SiluGrad.apply, normal, reference=lambda x: x / (1 + np.exp(-x))
    ),
    activation.GeluGrad: [
        *unary(
            lambda x: activation.GeluGrad.apply(x, approximate=True),
            normal,
            reference=lambda x: gelu(x, approximate=True),
        ),
    ],
    activation.EluGrad: [
        *unary(activation.EluGrad.apply, distinct, reference=elu),
        Sample(
            lambda x: activation.EluGrad.apply(x, alpha=0.3),
            distinct(2, 4),
            reference=lambda x: elu(x, 0.3),
        ),
    ],
    activation.LeakyReluGrad: [
        *unary(
            lambda x: activation.LeakyReluGrad.apply(x, 0.2),
            distinct,
            reference=lambda x: np.where(x > 0, x, 0.2 * x),
        ),
    ],
    activation.RampGrad: unary(
        lambda x: activation.RampGrad.apply(x, -0.5, 1),
        distinct,
        reference=lambda x: np.clip(x, -0.5, 1),
    ),
    activation.SoftplusGrad: unary(
        activation.SoftplusGrad.apply,
        normal,
        reference=lambda x: np.log(1 + np.exp(x)),
    ),
    activation.ErfGrad: unary(activation.ErfGrad.apply, normal, reference=erf),
    activation.ErfcGrad: unary(
        activation.ErfcGrad.apply, normal, reference=lambda x: 1 - erf(x)
    ),
    activation.ErfinvGrad: [
        *unary(activation.ErfinvGrad.apply, fractions, reference=erfinv),
        Sample(activation.ErfinvGrad.apply, -fractions(3), reference=erfinv),
    ],
}
