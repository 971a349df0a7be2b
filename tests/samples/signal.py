"""Samples of the operations in `keratorch.grads.signal`."""

import numpy as np
from hypothesis import strategies as st

from keratorch.grads import signal

from .sample import Sample, complex_normal, distinct, normal, strided, zero_d


def sliding(function):
    """Samples of convolve or correlate."""

    def like(draw):
        mode = draw(st.sampled_from(["full", "same", "valid"]))
        one, other = draw(st.integers(1, 6)), draw(st.integers(1, 6))
        kind = draw(st.sampled_from([normal, complex_normal]))
        return Sample(lambda a, v: function(a, v, mode), kind(one), normal(other))

    samples = [
        Sample(function, normal(4), normal(3), like=like),
        Sample(function, normal(2), zero_d(1.5)) if function is np.convolve else None,
        Sample(function, strided(normal(4)), strided(normal(2))),
        Sample(lambda x: function(x, x), normal(4)),
        Sample(lambda x: function(x, [1.0, 2.0]), normal(3), keeps_dtype=False),
        Sample(lambda x: function([1.0, 2.0, 1.0], x), normal(2), keeps_dtype=False),
    ]
    for mode in ("full", "same", "valid"):
        lengths = [(5, 3), (5, 2), (4, 3), (4, 2), (3, 5), (2, 5), (3, 4), (2, 4)]
        for one, other in [*lengths, (3, 3), (4, 4), (1, 3), (3, 1), (1, 1)]:
            samples.append(
                Sample(
                    lambda a, v, mode=mode: function(a, v, mode),
                    normal(one),
                    normal(other),
                )
            )
        for one, other in [(4, 2), (2, 4)]:
            for kinds in [(complex_normal, normal), (normal, complex_normal)]:
                a, v = kinds[0](one), kinds[1](other)
                samples.append(
                    Sample(lambda a, v, mode=mode: function(a, v, mode=mode), a, v)
                )
        samples.append(
            Sample(
                lambda a, v, mode=mode: function(a, v, mode=mode),
                complex_normal(3),
                complex_normal(4),
            )
        )
    return [sample for sample in samples if sample]


KNOTS = np.array([-2.0, -0.7, 0.4, 0.9, 3.0])
POINTS = np.array([[-1.3, 0.1, 2.2], [0.5, -5.0, 4.0]])
VALUES = np.array([0.3, -1.0, 2.0, 0.7, -0.4])
PHASES = np.array([0.5, 2.5, -2.5, 2.0, -2.0, 6.0])


def interpolations():
    """Samples of interp: np.interp gives float64, whatever it gets."""

    def sample(function, *inputs):
        return Sample(function, *inputs, keeps_dtype=False)

    return [
        sample(np.interp, POINTS, KNOTS, VALUES),
        sample(np.interp, zero_d(0.2), KNOTS, VALUES),
        sample(np.interp, POINTS[:, ::-1], strided(normal(5)) * 0 + KNOTS, normal(5)),
        sample(np.interp, normal(0), KNOTS, VALUES),
        sample(np.interp, POINTS, KNOTS[:1], VALUES[:1]),
        sample(np.interp, POINTS, KNOTS[:2], VALUES[:2]),
        sample(lambda x: np.interp(x, KNOTS, VALUES), distinct(2, 2)),
        sample(lambda x: np.interp(x, [0, 1, 3], [2, 0, 1]), distinct(4)),
        sample(lambda fp: np.interp(0.2, KNOTS, fp), normal(5)),
        sample(lambda fp: np.interp([0.2, -7, 1], KNOTS, fp, -1.0, 1.0), normal(5)),
        sample(lambda x, xp, fp: np.interp(x, xp, fp, left=2.0), POINTS, KNOTS, VALUES),
        sample(lambda x, xp, fp: np.interp(x, xp, fp, right=-3), POINTS, KNOTS, VALUES),
        sample(
            lambda x, xp, fp: np.interp(x, xp, fp, period=2.6),
            POINTS,
            KNOTS[[2, 0, 1, 3]],
            VALUES[:4],
        ),
        sample(
            lambda x, xp, fp: np.interp(x, xp, fp, period=-7.0), POINTS, KNOTS, VALUES
        ),
        sample(lambda x, fp: np.interp(x, KNOTS, fp), POINTS, complex_normal(5)),
        sample(lambda x: np.interp(x, x - 0.3, 2 * x), np.sort(distinct(4))),
    ]


SAMPLES = {
    signal.ConvolveGrad: sliding(np.convolve),
    signal.UnwrapGrad: [
        Sample(np.unwrap, PHASES),
        Sample(np.unwrap, PHASES.reshape(2, 3)),
        Sample(lambda x: np.unwrap(x, axis=0), strided(PHASES.reshape(3, 2))),
        Sample(lambda x: np.unwrap(x, 3.5, -2), PHASES.reshape(3, 2)),
        Sample(lambda x: np.unwrap(x, period=1.5), PHASES),
    ],
}

COMPOSED = {
    np.correlate: sliding(np.correlate),
    np.interp: interpolations(),
}
