"""Samples of the operations in `keratorch.grads.complex_numbers`."""

import numpy as np

from keratorch.grads import complex_numbers

from .sample import Sample, complex_normal, distinct, fortran, normal, unary


def off_the_axes(*size):
    return distinct(*size) + 1j * distinct(*size)


def parts(function, values=complex_normal):
    """Samples of a function of complex numbers, and of real ones."""
    return [
        *unary(function, distinct),
        Sample(function, values(2, 3)),
        Sample(function, values()),
        Sample(function, values(0, 2)),
        Sample(function, values(2, 4)[:, ::-2]),
        Sample(function, fortran(values(3, 2))),
    ]


SAMPLES = {
    complex_numbers.RealGrad: [
        *parts(np.real),
        Sample(lambda z: z.real, complex_normal(2, 3)),
    ],
    complex_numbers.ImagGrad: [
        *parts(np.imag),
        Sample(lambda z: z.imag, complex_normal(2, 3)),
    ],
    complex_numbers.ConjugateGrad: [
        *parts(np.conjugate),
        Sample(lambda z: z.conj(), complex_normal(2, 3)),
        Sample(lambda z: z.conjugate(), normal(2)),
    ],
}
COMPOSED = {
    np.angle: [
        *parts(np.angle, off_the_axes),
        Sample(lambda z: np.angle(z, deg=True), off_the_axes(2, 3)),
    ],
    np.real_if_close: [
        *parts(lambda z: np.real_if_close(z) * z),
        Sample(lambda z: np.real_if_close(z * z.conj()), complex_normal(3)),
        Sample(lambda z: np.real_if_close(z, tol=1e20), complex_normal(2)),
    ],
}
