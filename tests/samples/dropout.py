"""Samples of the operation in `keratorch.grads.dropout`."""

from keratorch import random
from keratorch.grads import dropout

from .sample import Sample, fortran, normal, strided


def half(x):
    return random.dropout(x, 0.5, seed=3)


def whole_columns(x):
    return random.dropout(x, 0.4, noise_shape=(1, None), seed=5)


SAMPLES = {
    dropout.DropoutGrad: [
        Sample(half, normal(3, 4)),
        Sample(half, strided(normal(2, 3))),
        Sample(half, fortran(normal(2, 3))),
        Sample(half, normal()),
        Sample(half, normal(0, 2)),
        Sample(whole_columns, normal(3, 6)),
    ]
}
