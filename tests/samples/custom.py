"""Samples of the operation in `keratorch.grads.custom`."""

import numpy as np

from keratorch.grads import custom

from .sample import Sample, fortran, normal, strided


def product(a, b):
    return a * b, lambda upstream: [upstream * b, upstream * a]


def cube(x):
    def gradient(*args, upstream):
        (x,) = args
        return 3 * upstream * x * x

    return x**3, gradient


def apply(function):
    return lambda *arrays: custom.CustomGrad.apply(*arrays, function=function)


SAMPLES = {
    custom.CustomGrad: [
        Sample(apply(product), normal(2, 3), normal(2, 3), reference=np.multiply),
        Sample(apply(product), normal(2, 1), normal(3), reference=np.multiply),
        Sample(apply(cube), strided(normal(2, 3)), reference=lambda x: x**3),
        Sample(apply(cube), fortran(normal(2, 3)), reference=lambda x: x**3),
        Sample(apply(cube), normal(), reference=lambda x: x**3),
        Sample(apply(cube), normal(0, 2), reference=lambda x: x**3),
    ]
}
