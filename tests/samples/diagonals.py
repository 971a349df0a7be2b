"""Samples of the operations in `keratorch.grads.diagonals`."""

import numpy as np

from keratorch.grads import diagonals

from .sample import Sample, fortran, normal, strided


def triangles(function):
    """Samples of tril or triu."""
    return [
        *[Sample(lambda x, k=k: function(x, k), normal(3, 2)) for k in (0, 1, -2, 9)],
        Sample(lambda x: function(x, k=1), strided(normal(2, 2, 3))),
        Sample(function, fortran(normal(2, 3))),
        Sample(function, normal(3)),
        Sample(function, normal(0, 2)),
    ]


def placed(x, shape, offset=0, axis1=0, axis2=1):
    """Zeros with x on a diagonal, written one place after another."""
    out = np.zeros(shape, x.dtype)
    matrices = np.moveaxis(out, (axis1, axis2), (-2, -1))
    for i in range(x.shape[-1]):
        matrices[..., i + max(-offset, 0), i + max(offset, 0)] = x[..., i]
    return out


SAMPLES = {
    diagonals.TrilGrad: triangles(np.tril),
    diagonals.TriuGrad: triangles(np.triu),
    diagonals.DiagonalGrad: [
        Sample(np.diagonal, normal(2, 3)),
        Sample(lambda x: np.diagonal(x, 1), strided(normal(2, 3))),
        Sample(lambda x: x.diagonal(-1), fortran(normal(3, 2))),
        Sample(lambda x: x.diagonal(offset=7), normal(2, 2)),
        Sample(lambda x: np.diagonal(x, 0, 1, 2), normal(2, 2, 3)),
        Sample(lambda x: np.diagonal(x, 1, axis1=-1, axis2=0), normal(3, 2, 2)),
        Sample(lambda x: np.diagonal(x, -1, 0, 2), normal(2, 2, 2, 2)),
        Sample(np.diagonal, normal(0, 2)),
    ],
    diagonals.DiagonalMatrixGrad: [
        Sample(
            lambda x, shape=shape, place=place: diagonals.DiagonalMatrixGrad.apply(
                x, shape, *place
            ),
            normal(*size),
            reference=lambda x, shape=shape, place=place: placed(x, shape, *place),
        )
        for size, shape, place in [
            ((2,), (2, 2), ()),
            ((2,), (2, 3), (1,)),
            ((2, 1), (2, 2, 2), (1, 1, 2)),
            ((2, 2), (2, 2, 2), (0, -1, 0)),
            ((0,), (0, 2), ()),
        ]
    ],
}

COMPOSED = {
    np.diag: [
        *[Sample(lambda x, k=k: np.diag(x, k), normal(2)) for k in (0, 1, -2)],
        *[Sample(lambda x, k=k: np.diag(x, k=k), normal(3, 2)) for k in (0, 1, -2)],
        Sample(np.diag, strided(normal(2, 3))),
        Sample(np.diag, normal(0)),
        Sample(lambda x: np.diag(np.diag(x)), normal(2, 2)),
    ],
    np.diagflat: [
        Sample(np.diagflat, normal(2)),
        Sample(lambda x: np.diagflat(x, 1), strided(normal(1, 3))),
        Sample(lambda x: np.diagflat(x, k=-1), normal()),
        Sample(np.diagflat, normal(0)),
    ],
    np.trace: [
        Sample(np.trace, normal(2, 3)),
        Sample(lambda x: x.trace(1), strided(normal(2, 3))),
        Sample(lambda x: np.trace(x, -1, 1, 2), normal(2, 2, 2)),
        Sample(lambda x: np.trace(x, axis1=-1, axis2=0), normal(2, 2, 3)),
        Sample(lambda x: np.trace(x, dtype=float), normal(2, 2), keeps_dtype=False),
        Sample(lambda x: np.trace(x, offset=9), normal(2, 2)),
        Sample(np.trace, normal(0, 2)),
    ],
}
