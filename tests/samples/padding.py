"""Samples of the operations in `keratorch.grads.padding`."""

import numpy as np

from keratorch import graph
from keratorch.grads import padding

from .sample import Sample, fortran, normal, strided

WIDTHS = [
    ((3,), (1, 2)),
    ((2, 2), ((1, 0), (0, 2))),
    ((2, 1), 1),
    ((0, 2), ((0, 0), (1, 1))),
]
FORMS = [
    *WIDTHS,
    ((3,), 2),
    ((3,), [(0, 4)]),
    ((2, 3), (1,)),
    ((2, 2), ((0, 0), (0, 1))),
]


def padded(mode, cases=WIDTHS, **options):
    """Samples of a mode: size of x, pad widths."""
    return [
        Sample(
            lambda x, widths=widths: np.pad(x, widths, mode, **options), normal(*size)
        )
        for size, widths in cases
    ]


def statistics(mode):
    return [
        *padded(mode),
        Sample(lambda x: np.pad(x, 1, mode, stat_length=2), normal(2, 4)),
        Sample(
            lambda x: np.pad(x, (1, 2), mode=mode, stat_length=(1, 9)),
            strided(normal(4)),
        ),
        Sample(
            lambda x: np.pad(x, 1, mode, stat_length=((2, 3), (1, 1))),
            fortran(normal(3, 2)),
        ),
    ]


def reflections(mode):
    return [
        *padded(mode),
        *padded(mode, reflect_type="odd"),
        Sample(lambda x: np.pad(x, (9, 4), mode), normal(3)),
        Sample(lambda x: np.pad(x, (9, 4), mode, reflect_type="odd"), normal(3)),
        Sample(
            lambda x: np.pad(x, ((2, 5), (1, 0)), mode, reflect_type="odd"),
            strided(normal(2, 2)),
        ),
    ]


def of_values(mode, keyword):
    """Samples of a mode with values that want a gradient."""

    def given(function):
        """Apply a function to the plain arrays, of which NumPy can make pairs."""
        return lambda *arrays: function(*graph.plain(arrays))

    functions = [
        (lambda x, v: np.pad(x, 2, mode, **{keyword: v}), ()),
        (lambda x, v: np.pad(x, (1, 2), mode, **{keyword: v}), (2,)),
        (lambda x, v: np.pad(x, 1, mode, **{keyword: v}), (1, 2)),
        (lambda x, v: np.pad(x, ((0, 1), (2, 0)), mode, **{keyword: v}), (2, 2)),
        (lambda x, v: np.pad(x, 1, mode, **{keyword: (v, 0.5)}), ()),
        (lambda x, v: np.pad(x, 1, mode, **{keyword: ((v, 1), (0, v))}), ()),
    ]
    return [
        Sample(function, normal(2, 2), normal(*size), reference=given(function))
        for function, size in functions
    ]


SAMPLES = {
    padding.PadGrad: [
        *padded("constant", FORMS),
        *padded("constant", constant_values=0.5),
        Sample(lambda x: np.pad(x, 1), strided(normal(2, 3))),
        Sample(lambda x: np.pad(x, 1, constant_values=(0.5, -1)), normal(2, 2)),
        Sample(
            lambda x: np.pad(x, (2, 1), constant_values=((1, 2), (3, 4))),
            fortran(normal(2, 2)),
        ),
        Sample(lambda x: np.pad(x, ((1, 2), (0, 1))), normal(0, 2)),
    ],
}

COMPOSED = {
    np.pad: [
        *padded("edge", FORMS),
        *padded("wrap"),
        Sample(lambda x: np.pad(x, (7, 8), "wrap"), normal(3)),
        *reflections("reflect"),
        *reflections("symmetric"),
        *padded("linear_ramp"),
        *padded("linear_ramp", end_values=0.5),
        Sample(
            lambda x: np.pad(x, 2, "linear_ramp", end_values=((1, 2), (3, 4))),
            strided(normal(2, 2)),
        ),
        *statistics("mean"),
        *statistics("median"),
        *statistics("maximum"),
        *statistics("minimum"),
        *of_values("constant", "constant_values"),
        *of_values("linear_ramp", "end_values"),
        Sample(lambda x: np.pad(x, 1, "edge"), strided(normal(2, 2, 2))),
        Sample(lambda x: np.pad(x, 0, "empty"), normal(2, 2)),
        Sample(lambda x: np.pad(x, 3), normal()),
    ],
}

if np.lib.NumpyVersion(np.__version__) >= "2.4.0":  # widths of some axes alone
    SAMPLES[padding.PadGrad] += [
        Sample(lambda x: np.pad(x, {-1: 2}), normal(2, 2)),
        Sample(lambda x: np.pad(x, {0: (1, 2), 1: 1}), normal(2, 2)),
    ]
