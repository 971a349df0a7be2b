"""Samples of the operations in `keratorch.grads.normalization`."""

import numpy as np

from keratorch.grads import normalization

from .sample import Sample, fortran, normal, strided


def standardized(x, axis=-1, epsilon=0.0):
    deviation = x - x.mean(axis, keepdims=True)
    return deviation / np.sqrt(x.var(axis, keepdims=True) + epsilon)


def over_root_mean_square(x, axis=-1, epsilon=0.0):
    return x / np.sqrt((x**2).mean(axis, keepdims=True) + epsilon)


def samples(grad, formula):
    found = [
        Sample(grad.apply, normal(2, 3), reference=formula),
        Sample(grad.apply, normal(0, 3), reference=formula),
        Sample(grad.apply, strided(normal(2, 3)), reference=formula),
    ]
    for axis, epsilon, x in [
        (0, 0.1, normal(3)),
        ((0, 2), 1e-3, normal(2, 2, 3)),
        ((1, 2), 0.0, fortran(normal(2, 2, 2))),
        (-2, 0.5, normal(2, 3)),
        (-1, 1.0, normal(3, 1)),
    ]:
        arguments = {"axis": axis, "epsilon": epsilon}
        found.append(
            Sample(
                lambda x, arguments=arguments: grad.apply(x, **arguments),
                x,
                reference=lambda x, arguments=arguments: formula(x, **arguments),
            )
        )
    return found


SAMPLES = {
    normalization.StandardizeGrad: samples(normalization.StandardizeGrad, standardized),
    normalization.RmsNormalizeGrad: samples(
        normalization.RmsNormalizeGrad, over_root_mean_square
    ),
}
