"""Samples of the operations in `keratorch.grads.repetition`."""

import numpy as np
from hypothesis import strategies as st
from numpy.lib.stride_tricks import sliding_window_view

from keratorch.grads import repetition

from .sample import FILLED, SHAPES, Sample, fortran, normal, strided


def tiled(draw):
    x = normal(*draw(SHAPES))
    reps = draw(st.lists(st.integers(0, 2), max_size=4))
    return Sample(lambda x: np.tile(x, reps), x)


def repeated(draw):
    x = normal(*draw(SHAPES.filter(bool)))
    axis = draw(st.integers(-x.ndim, x.ndim - 1))
    length = x.shape[axis]
    counts = draw(st.lists(st.integers(0, 2), min_size=length, max_size=length))
    return Sample(lambda x: np.repeat(x, np.array(counts, int), axis), x)


def rolled(draw):
    x = normal(*draw(FILLED.filter(bool)))
    axes = draw(st.lists(st.integers(-x.ndim, x.ndim - 1), min_size=1, max_size=3))
    shifts = draw(st.lists(st.integers(-5, 5), min_size=len(axes), max_size=len(axes)))
    return Sample(lambda x: np.roll(x, shifts, axes), x)


def windows(*cases):
    """Samples of sliding windows: size of x, shape of the window, axes."""
    return [
        Sample(lambda x, w=w, axis=axis: sliding_window_view(x, w, axis), normal(*size))
        for size, w, axis in cases
    ]


def overlap_added(x, window, axis=None):
    """What the sum over windows is by its definition."""
    x = np.asarray(x)
    count = np.size(window)
    axes = range(count) if axis is None else np.atleast_1d(axis)
    shape = list(x.shape[: x.ndim - count])
    for i, width in zip(axes, np.atleast_1d(window), strict=True):
        shape[i] += width - 1
    out = np.zeros(shape, x.dtype)
    places = sliding_window_view(np.arange(out.size).reshape(shape), window, axis)
    np.add.at(out.reshape(-1), places.reshape(-1), x.reshape(-1))
    return out


def added(*cases):
    return [
        Sample(
            lambda x, w=w, axis=axis: repetition.OverlapAddGrad.apply(x, w, axis),
            normal(*size),
            reference=lambda x, w=w, axis=axis: overlap_added(x, w, axis),
        )
        for size, w, axis in cases
    ]


SAMPLES = {
    repetition.TileGrad: [
        Sample(lambda x: np.tile(x, 2), normal(2, 2), like=tiled),
        Sample(lambda x: np.tile(x, (2, 1, 2)), normal(3)),
        Sample(lambda x: np.tile(x, [1, 3]), strided(normal(1, 2, 2))),
        Sample(lambda x: np.tile(x, (2, 2)), normal()),
        Sample(lambda x: np.tile(x, 1), normal(2)),
        Sample(lambda x: np.tile(x, ()), normal(2)),
        Sample(lambda x: np.tile(x, (2, 0)), normal(2, 2)),
        Sample(lambda x: np.tile(x, 2), normal(0, 2)),
    ],
    repetition.RepeatGrad: [
        Sample(lambda x: np.repeat(x, 2), normal(2, 2), like=repeated),
        Sample(lambda x: x.repeat(3, axis=0), normal(2, 2)),
        Sample(lambda x: np.repeat(x, 2, axis=-1), strided(normal(2, 2, 2))),
        Sample(lambda x: np.repeat(x, [2, 0, 1], axis=1), fortran(normal(2, 3))),
        Sample(lambda x: np.repeat(x, [1, 2, 0, 3]), normal(2, 2)),
        Sample(lambda x: np.repeat(x, np.array([3]), 1), normal(2, 2)),
        Sample(lambda x: np.repeat(x, 3), normal()),
        Sample(lambda x: np.repeat(x, 0, axis=0), normal(2, 2)),
        Sample(lambda x: np.repeat(x, 2, axis=1), normal(0, 2)),
    ],
    repetition.FlipGrad: [
        Sample(np.flip, normal(2, 3)),
        Sample(lambda x: np.flip(x, 0), normal(2, 3)),
        Sample(lambda x: np.flip(x, axis=(0, -1)), strided(normal(2, 3, 2))),
        Sample(np.flip, normal()),
        Sample(lambda x: np.flip(x, 1), normal(0, 2)),
    ],
    repetition.RollGrad: [
        Sample(lambda x: np.roll(x, 1), normal(2, 3), like=rolled),
        Sample(lambda x: np.roll(x, -4, axis=1), normal(2, 3)),
        Sample(lambda x: np.roll(x, (1, 2), axis=(0, -1)), strided(normal(2, 3))),
        Sample(lambda x: np.roll(x, 1, axis=(0, 1)), fortran(normal(2, 3))),
        Sample(lambda x: np.roll(x, [1, -3], 0), normal(4)),
        Sample(lambda x: np.roll(x, 2), normal()),
        Sample(lambda x: np.roll(x, 2, 0), normal(0, 2)),
    ],
    repetition.Rot90Grad: [
        *[
            Sample(lambda x, k=k: np.rot90(x, k), normal(2, 3))
            for k in (1, -1, 2, 7, 0)
        ],
        Sample(lambda x: np.rot90(x, axes=(1, 2)), strided(normal(2, 2, 3))),
        Sample(lambda x: np.rot90(x, 3, (-1, 0)), normal(2, 1, 3)),
        Sample(np.rot90, normal(0, 2)),
    ],
    repetition.SlidingWindowViewGrad: [
        *windows(
            ((5,), 2, None),
            ((5,), 4, 0),
            ((4,), (4,), -1),
            ((3, 4), (2, 3), None),
            ((3, 3), 2, 1),
            ((2, 4), (2,), (0,)),
            ((3, 3), (2, 1), (1, 0)),
            ((4,), (2, 2), (0, 0)),
            ((4, 2), (1, 3), (1, 0)),
            ((0, 3), 2, 1),
        ),
        Sample(
            lambda x: sliding_window_view(x, (2, 2), (0, 2)), strided(normal(2, 2, 3))
        ),
    ],
    repetition.OverlapAddGrad: [
        *added(
            ((4, 2), 2, None),
            ((2, 4), 4, 0),
            ((2, 2, 2, 3), (2, 3), None),
            ((3, 2, 2), 2, 1),
            ((2, 2, 2), (2,), (-1,)),
            ((3, 3, 2, 1), (2, 1), (1, 0)),
            ((2, 2, 3), (2, 3), (0, 0)),
            ((0, 2, 2), 2, 1),
        ),
    ],
}

COMPOSED = {
    np.resize: [
        Sample(lambda x: np.resize(x, (2, 4)), normal(3)),
        Sample(lambda x: np.resize(x, 2), strided(normal(2, 3))),
        Sample(lambda x: np.resize(x, (2, 2)), normal()),
        Sample(lambda x: np.resize(x, ()), normal(2)),
        Sample(lambda x: np.resize(x, (0, 2)), normal(2)),
        Sample(lambda x: np.resize(x, (2, 2)), normal(0)),
    ],
    np.flipud: [
        Sample(np.flipud, normal(3)),
        Sample(np.flipud, strided(normal(2, 3))),
        Sample(np.flipud, normal(0, 2)),
    ],
    np.fliplr: [
        Sample(np.fliplr, normal(2, 3)),
        Sample(np.fliplr, strided(normal(2, 2, 2))),
        Sample(np.fliplr, normal(2, 0)),
    ],
}
