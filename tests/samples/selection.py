"""Samples of the operations in `keratorch.grads.selection`."""

import numpy as np

from keratorch import GradArray
from keratorch.grads import selection

from .sample import Sample, distinct, fortran, normal, strided


def taken():
    """Samples of `np.take` along every axis, in every mode."""
    far = np.array([[-7, 1], [2, 9]])
    return [
        *[
            Sample(lambda x, a=axis: np.take(x, [[0, 1], [1, 1]], a), normal(2, 3, 2))
            for axis in (None, 0, 1, 2, -1, -3)
        ],
        *[
            Sample(lambda x, a=axis, m=mode: np.take(x, far, a, mode=m), normal(2, 3))
            for axis in (None, 1)
            for mode in ("wrap", "clip")
        ],
        Sample(lambda x: np.take(x, 2), normal(2, 3)),
        Sample(lambda x: np.take(x, -1, axis=1), normal(2, 3)),
        Sample(lambda x: np.take(x, np.array([], int), axis=1), normal(2, 3)),
        Sample(lambda x: np.take(x, np.array([], int), axis=0), normal(0, 3)),
        Sample(lambda x: np.take(x, np.array([], int), mode="wrap"), normal(0)),
        Sample(lambda x: np.take(x, [0, 0]), normal()),
        Sample(lambda x: x.take([4, 4, 0]), fortran(normal(2, 3))),
        Sample(lambda x: x.take([1, 0], axis=-1), strided(normal(2, 3))),
        Sample(
            lambda x: np.take(x, GradArray([1, 1], int), 0),
            normal(2, 3),
            reference=lambda x: np.take(x, [1, 1], 0),
        ),
    ]


def taken_along():
    """Samples of `np.take_along_axis`."""

    def along(indices, axis):
        indices = np.array(indices)
        return lambda x: np.take_along_axis(x, indices, axis)

    return [
        Sample(along([[2, 0], [1, 1]], 1), normal(2, 3)),
        Sample(along([[-1, 0, 1]], 0), normal(2, 3)),
        Sample(along([[1, 1, 0], [0, 1, 1]], -2), strided(normal(2, 3))),
        Sample(along([[1]], -1), normal(2, 3)),
        Sample(along([[0, 2], [1, 1]], 1), normal(1, 3)),
        Sample(along([[[0], [1], [1]]], 2), normal(2, 3, 2)),
        Sample(along([5, 0, 5], None), fortran(normal(2, 3))),
        Sample(along([1, 1, 0], 0), normal(3)),
        Sample(along(np.zeros((0, 2), int), 1), normal(0, 3)),
        Sample(lambda x: np.take_along_axis(x, np.argsort(x, axis=0), 0), normal(3, 2)),
    ]


def chosen():
    """Samples of `np.choose`."""
    a, far = np.array([[0, 2, 1], [2, 2, 0]]), np.array([-1, 4, 2])
    return [
        Sample(lambda *c: np.choose(a, c), normal(2, 3), normal(2, 3), normal(2, 3)),
        Sample(lambda *c: np.choose(a, c), normal(3), normal(2, 1), normal()),
        Sample(lambda *c: np.choose(a, [*c, 1.5]), normal(2, 3), normal(3)),
        Sample(lambda *c: np.choose(a[0], c), normal(2, 1), normal(1), normal(3)),
        Sample(lambda *c: np.choose(2, c), normal(2), normal(2), normal(2)),
        Sample(lambda *c: np.choose(far, c, mode="wrap"), normal(3), normal(3)),
        Sample(lambda *c: np.choose(far, c, mode="clip"), normal(3), normal(3)),
        Sample(lambda x: np.choose(a > 0, [x, x * x]), normal(2, 3)),
        Sample(lambda x: np.choose(a % 2, x), normal(2, 3)),
        Sample(lambda x: np.choose(a[:0], [x, x]), normal(3)),
        Sample(
            lambda x: GradArray(a, requires_grad=False).choose([x, x, x]),
            strided(normal(2, 3)),
            reference=lambda x: a.choose([x, x, x]),
        ),
    ]


def selected():
    """Samples of `np.select`."""
    first, second = np.array([True, False, False]), np.array([True, True, False])
    return [
        Sample(lambda a, b: np.select([first, second], [a, b]), normal(3), normal(3)),
        Sample(
            lambda a, b, c: np.select([first, second], [a, b], default=c),
            *(normal(2, 3), normal(2, 1), normal()),
        ),
        Sample(lambda a: np.select([first, second], [1.5, a], a * a), normal(3)),
        Sample(lambda a: np.select([first, second], [a, 2.0], -1.0), normal(2, 3)),
        Sample(lambda a: np.select([a > 0, a <= 0], [a, a * a]), normal(2, 3)),
        Sample(lambda a: np.select([np.True_], [a], 2.0), normal()),
        Sample(lambda a: np.select([first], [a]), strided(normal(2, 3))),
        Sample(lambda a: np.select([first], [a]), normal(0, 3)),
        Sample(
            lambda a: np.select([GradArray(first), second], [a, a * a]),
            normal(3),
            reference=lambda a: np.select([first, second], [a, a * a]),
        ),
    ]


def compressed():
    """Samples of `np.compress`."""
    keep = [False, True, True]
    return [
        Sample(lambda x: np.compress(keep, x), normal(2, 3)),
        Sample(lambda x: np.compress(keep, x, axis=1), normal(2, 3)),
        Sample(lambda x: np.compress(keep[:2], x, axis=-1), normal(2, 3)),
        Sample(lambda x: np.compress([0, 1], x, 0), strided(normal(2, 3))),
        Sample(lambda x: np.compress([False], x, 0), normal(2, 3)),
        Sample(lambda x: x.compress(keep, axis=1), normal(0, 3)),
        Sample(lambda x: x.compress([True]), normal()),
        Sample(lambda x: np.compress(x[0] > 0, x, axis=1), fortran(normal(2, 3))),
    ]


def extracted():
    """Samples of `np.extract`."""
    mask = np.array([[True, False, True], [False, True, True]])
    return [
        Sample(lambda x: np.extract(mask, x), normal(2, 3)),
        Sample(lambda x: np.extract(mask.ravel(), x), strided(normal(2, 3))),
        Sample(lambda x: np.extract(x > 0, x), fortran(normal(2, 3))),
        Sample(lambda x: np.extract(True, x), normal()),
        Sample(lambda x: np.extract([], x), normal(0, 2)),
    ]


def in_pieces():
    """Samples of `np.piecewise`."""
    square, cube = lambda x: x * x, lambda x: x**3

    def line(x, slope, offset):
        return slope * x + offset

    return [
        Sample(lambda x: np.piecewise(x, [x < 0, x > 1], [square, cube]), normal(2, 3)),
        Sample(
            lambda x: np.piecewise(x, [x < 0, x < 1], [square, 2.0, cube]), normal(2, 3)
        ),
        Sample(lambda x: np.piecewise(x, x < 0, [square, np.exp]), strided(normal(6))),
        Sample(lambda x: np.piecewise(x, [x > 9], [cube, square]), normal(2, 2)),
        Sample(lambda x: np.piecewise(x, [[1, 0]], [cube, square]), normal(2)),
        Sample(lambda x: np.piecewise(x, [x < 9], [line], 3.0, offset=1.0), normal(3)),
        Sample(lambda x: np.piecewise(x, x < 9, [square, cube]), normal()),
        Sample(lambda x: np.piecewise(x, [x < 9, x > 9], [square, cube]), normal()),
        Sample(lambda x: np.piecewise(x, [x < 9], [square]), normal(0, 2)),
    ]


IN_DOUBLE = {"keeps_dtype": False}

SAMPLES = {
    selection.TakeGrad: taken(),
    selection.TakeAlongAxisGrad: taken_along(),
    selection.ChooseGrad: chosen(),
    selection.SelectGrad: selected(),
}
COMPOSED = {
    np.compress: compressed(),
    np.extract: extracted(),
    np.piecewise: in_pieces(),
    np.bincount: [
        Sample(lambda w: np.bincount([0, 2, 0, 1], w), normal(4), **IN_DOUBLE),
        Sample(lambda w: np.bincount([1, 1], w, minlength=4), normal(2), **IN_DOUBLE),
    ],
    np.unique: [
        Sample(np.unique, distinct(5)),
        Sample(np.unique, distinct(2, 3)),
        Sample(lambda x: np.unique(np.concatenate([x, x])), distinct(3)),
        Sample(lambda x: np.unique(x, axis=1), distinct(2, 3)),
        Sample(lambda x: np.unique(x, return_counts=True)[0], distinct(3)),
        Sample(lambda x: np.unique(x, True, True)[0], strided(distinct(3))),
    ],
    np.histogram: [
        Sample(
            lambda w: w * np.histogram(GradArray([0.5, 1.5, 1.7]), 2, (0, 2))[0],
            normal(2),
            keeps_dtype=False,
        ),
        Sample(
            lambda x: x * np.histogram(x, [-9.0, 9.0])[0], normal(2), keeps_dtype=False
        ),
    ],
}
