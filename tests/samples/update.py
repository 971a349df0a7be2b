"""Samples of the operations in `keratorch.grads.update`."""

import numpy as np
import pytest

from keratorch import GradArray
from keratorch.grads import update
from keratorch.graph import plain

from .sample import Sample, between, distinct, fortran, normal, positive, strided

MASK = np.array([[True, False, True], [False, True, False], [False, False, False]])
HALVES = np.arange(9, dtype=np.float32).reshape(3, 3) / 2
INDICES = [
    ((2, 3), (0, 1), ()),
    ((2, 3), -1, (3,)),
    ((2, 3), (slice(None), slice(None, None, -2)), (2, 2)),
    ((2, 3), (slice(None), 1), ()),
    ((2, 3), ..., (3,)),
    ((2, 3), (None, ..., 0), (2,)),
    ((3, 3), MASK, (3,)),
    ((3, 3), MASK, ()),
    ((3,), MASK[0], (2,)),
    ((3,), MASK[0], ()),
    ((2, 3), ([1, 0], [2, 2]), (2,)),
    ((2, 3), [1, 0], (3,)),
    ((2, 3), (slice(None), GradArray([0, 2], int)), (2, 1)),
    ((3,), [0, 2, 0, 0], (4,)),
    ((3, 2), [1, 1, -2], (3, 2)),
    ((3, 2), [1, 1, -2], (2,)),
    ((3,), [[0, 1], [1, 1]], (2, 1)),
    ((2, 3), (slice(None), [0, 0]), (2, 2)),
    ((2, 3), ([1, 1, 0], [2, 2, 2]), (3,)),
    ((2, 3), ([1, 1], slice(1, 3)), (2, 2)),
    ((3, 2), [[0, 1], [1, 1]], (2, 2)),
    ((2, 2, 2), ([1, 1], [0, 0], slice(None)), (2, 2)),
    ((2, 3), ([0, 0], None, [1, 1]), (2, 1)),
    ((3,), [], (0,)),
    ((0, 2), slice(None), (2,)),
    ((), (), ()),
]


def written(function, values, others=None):
    """Samples of a method of ``x.at[index]``, and NumPy's own writing in place."""
    others = others or values
    method = "set" if function is np.ndarray.__setitem__ else METHODS[function]

    def sample(x, index, value):
        return Sample(
            lambda x, value: getattr(x.at[index], method)(value),
            *(x, value),
            reference=lambda x, value: in_place(function, x, index, value),
        )

    samples = [sample(values(*x), i, others(*value)) for x, i, value in INDICES]
    return [
        *samples,
        sample(strided(values(2, 3)), [0, 0], fortran(others(2, 3))),
        sample(fortran(values(2, 3)), (slice(None), [1, 1]), strided(others(2, 2))),
        Sample(
            lambda x: getattr(x.at[1], method)(x[0]),
            values(2, 3),
            reference=lambda x: in_place(function, x, 1, x[0]),
        ),
        Sample(
            lambda x: getattr(x.at[[0, 0]], method)(2.25),
            values(3),
            reference=lambda x: in_place(function, x, [0, 0], 2.25),
        ),
        Sample(
            lambda value: getattr(GradArray(MASK + 1.5).detach().at[0], method)(value),
            others(3),
            reference=lambda value: in_place(function, MASK + 1.5, 0, value),
            keeps_dtype=False,
        ),
    ]


METHODS = {
    np.add.at: "add",
    np.subtract.at: "subtract",
    np.multiply.at: "multiply",
    np.true_divide.at: "divide",
    np.power.at: "power",
    np.maximum.at: "max",
    np.minimum.at: "min",
}


def in_place(function, x, index, value):
    out = np.array(x)
    function(out, plain(index), value)
    return out


def refused(function, instead, *args, **kwargs):
    """Samples of what the error of a function advises: it gives the same values."""

    def advised(x):
        if x.requires_grad:
            with pytest.raises(TypeError, match=f"np.{function.__name__} writes"):
                function(x, *args, **kwargs)
        return instead(x, *args)

    def reference(x):
        out = x.copy()
        function(out, *args, **kwargs)
        return out

    return [
        Sample(advised, normal(3, 3), reference=reference),
        Sample(advised, fortran(normal(3, 3)), reference=reference),
    ]


def put_along_rows(x, indices, values, axis):
    rows = np.arange(len(x))[:, None]
    return x.at[rows, indices].set(values)


def fill_diagonal(x, value):
    i = np.arange(min(x.shape))
    return x.at[i, i].set(value)


SAMPLES = {
    update.SetItemGrad: written(np.ndarray.__setitem__, normal),
    update.AddAtGrad: written(np.add.at, normal),
    update.MaximumAtGrad: written(np.maximum.at, distinct, between),
    update.MinimumAtGrad: written(np.minimum.at, distinct, between),
}
COMPOSED = {
    np.subtract.at: written(np.subtract.at, normal),
    np.multiply.at: written(np.multiply.at, normal),
    np.true_divide.at: written(np.true_divide.at, normal, positive),
    np.power.at: written(np.power.at, positive),
    np.put: refused(
        np.put,
        lambda x, i, v: x.at[np.unravel_index(i, x.shape)].set(v),
        *([0, 4, -0], [5.0, 6.0, 7.0]),
    ),
    np.place: refused(
        np.place, lambda x, mask, v: x.at[mask].set(v), MASK, [5.0, 6.0, 7.0]
    ),
    np.putmask: refused(
        np.putmask, lambda x, mask, v: np.where(mask, v, x), MASK, HALVES
    ),
    np.copyto: refused(
        np.copyto, lambda x, v: np.where(MASK, v, x), HALVES[0], where=MASK
    ),
    np.put_along_axis: refused(
        np.put_along_axis, put_along_rows, np.array([[0], [2], [2]]), 9.0, 1
    ),
    np.fill_diagonal: refused(np.fill_diagonal, fill_diagonal, 9.0),
}
