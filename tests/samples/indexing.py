"""Samples of the operations in `keratorch.grads.indexing`."""

import numpy as np

from keratorch import GradArray
from keratorch.grads import indexing

from .sample import Sample, fortran, normal, strided

INDICES = {
    "int": 1,
    "negative": -1,
    "numpy int": np.int64(1),
    "0-d array": np.array(2),
    "all": slice(None),
    "slice": slice(1, 3),
    "step": slice(None, None, -2),
    "nothing": slice(2, 2),
    "ellipsis": (..., 1),
    "newaxis": (None, 0, None, ..., None),
    "empty tuple": (),
    "element": (1, 2, 0),
    "ints and slices": (slice(None), 1, slice(0, 2)),
    "list": [0, 2],
    "empty list": [],
    "repeated": [0, 0, 2, 0],
    "array": np.array([[0, 3], [3, 3]]),
    "negative and positive": np.array([-1, 3, -4, 0], np.int8),
    "unsigned": np.array([3, 3], np.uint64),
    "empty array": np.array([], int),
    "pairs": (np.array([0, 1, 1]), np.array([2, -1, 2])),
    "triples": ([0, -4], np.array([[2], [2]]), 1),
    "broadcast": (np.array([[0], [3]]), np.array([1, 2])),
    "array and slice": (np.array([1, 1]), slice(None), 0),
    "slice and arrays": (slice(None), np.array([1, 1]), np.array([0, 0])),
    "arrays and slice": (np.array([1, 1]), np.array([0, 0]), slice(None)),
    "array in the middle": (slice(None), [2, 2], slice(None)),
    "array after an ellipsis": (..., [1, 1]),
    "array behind a newaxis": (None, [1, 1]),
    "part of an axis": (slice(1, 3), [2, 2]),
    "slice between": (np.array([1, 1]), slice(None), np.array([0, 1])),
    "mask": np.arange(24).reshape(4, 3, 2) % 5 == 0,
    "mask of an axis": np.array([True, False, True, True]),
    "mask in a tuple": (slice(None), np.array([True, False, True])),
    "mask beside an array": (np.array([True, False, True, False]), np.array([0, 0])),
    "list of booleans": [True, False, False, True],
    "empty mask": np.zeros(4, bool),
    "True": True,
    "numpy bool": np.True_,
    "GradArray": GradArray([1, 1], int),
    "GradArray in a tuple": (slice(None), GradArray([0, 2, 2], int)),
    "mask of a GradArray": GradArray([True, False, False, True]),
}


def indexed():
    """Samples of every form of indexing."""
    plain = {name: indexing.constant_index(i) for name, i in INDICES.items()}
    return [
        *[
            Sample(lambda x, i=i: x[i], normal(4, 3, 2), reference=lambda x, j=j: x[j])
            for i, j in zip(INDICES.values(), plain.values(), strict=True)
        ],
        Sample(lambda x: x[()], normal()),
        Sample(lambda x: x[...], normal()),
        Sample(lambda x: x[None], normal()),
        Sample(lambda x: x[True], normal()),
        Sample(lambda x: x[1:], normal(0, 2)),
        Sample(lambda x: x[:, [1, 1]], normal(0, 2)),
        Sample(lambda x: x[::-1], strided(normal(2, 3))),
        Sample(lambda x: x[[1, 1]], fortran(normal(2, 3))),
    ]


def scatter(x, index, size):
    out = np.zeros(size, x.dtype)
    np.add.at(out, index, x)
    return out


def scattered():
    """Samples of adding at an index, repeated places included."""
    samples = []
    for size, index in [
        ((4,), slice(1, 3)),
        ((4,), 2),
        ((4,), [0, 0, 3]),
        ((3, 2), [2, 2, -1]),
        ((3, 2), (np.array([0, 0, 1]), np.array([1, 1, 0]))),
        ((3, 2), np.array([True, False, True])),
        ((3, 2), (np.array([True, False, True]), np.array([0, 0]))),
        ((3, 2), (slice(None), [1, 1])),
        ((2, 3, 2), (slice(None), [[1, 1], [0, -1]])),
        ((0, 2), (slice(None), [1, 1])),
        ((), ()),
    ]:
        samples.append(
            Sample(
                lambda x, i=index, s=size: indexing.ScatterAddGrad.apply(x, i, s),
                normal(*np.zeros(size)[index].shape),
                reference=lambda x, i=index, s=size: scatter(x, i, s),
            )
        )
    return samples


SAMPLES = {
    indexing.GetItemGrad: indexed(),
    indexing.ScatterAddGrad: scattered(),
}
