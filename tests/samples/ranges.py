"""Samples of the compositions in `keratorch.grads.ranges`."""

import numpy as np

from .sample import Sample, normal, positive


def in_double(sample):
    sample.keeps_dtype = False
    return sample


# NumPy computes some of these in float64, whatever comes in.
RANGES = {
    np.linspace: [
        Sample(lambda a, b: np.linspace(a, b, 5), normal(), normal()),
        Sample(lambda a, b: np.linspace(a, b, 4, endpoint=False), normal(), normal()),
        Sample(lambda a, b: np.linspace(a, b, 3, axis=-1), normal(2, 2), normal(2)),
        Sample(lambda a, b: np.linspace(a, b, 4), normal(2, 1), normal(3)),
        Sample(lambda a: np.linspace(0.0, a, 3), normal()),
        Sample(lambda a: np.linspace(a, 2, 1), normal(2)),
        Sample(lambda a: np.linspace(a, a + 1, 0), normal(2)),
        Sample(lambda a, b: np.linspace(a, b, 4, retstep=True)[1], normal(), normal()),
        Sample(
            lambda a, b: np.linspace(a, b, 4, dtype=np.float64),
            normal(),
            normal(),
        ),
    ],
    np.logspace: [
        Sample(lambda a, b: np.logspace(a, b, 4), normal(), normal()),
        Sample(lambda a, b: np.logspace(a, b, 3, base=2.0), normal(2), normal(2)),
        Sample(lambda a, b: np.logspace(a, b, 3, False, axis=-1), normal(2), normal(2)),
    ],
    np.geomspace: [
        Sample(lambda a, b: np.geomspace(a, b, 4), positive(), positive()),
        Sample(lambda a, b: np.geomspace(a, b, 3), -positive(2), -positive(2)),
        Sample(
            lambda a, b: np.geomspace(a, b, 3, False, axis=1), positive(2), positive(2)
        ),
    ],
}
COMPOSED = {
    function: [in_double(sample) for sample in samples]
    for function, samples in RANGES.items()
}
