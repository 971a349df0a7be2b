"""Samples of the operations in `keratorch.grads.norms`."""

import math

import numpy as np

from keratorch.grads.norms import VectorNormGrad

from .matrices import normal, regular, spread
from .sample import Sample, distinct, reductions, strided

ORDERS = [None, 2, 1, 0, math.inf, -math.inf, 3, 2.5, 0.5, -1, -2.5]
MATRIX_ORDERS = [None, "fro", "nuc", 1, -1, 2, -2, math.inf, -math.inf]


def norm(**params):
    return lambda x: np.linalg.norm(x, **params)


def vectors():
    """Samples of norms of vectors, of every order."""
    values = {0: distinct, math.inf: distinct, -math.inf: distinct}
    return [
        *[Sample(norm(ord=p), values.get(p, normal)(4)) for p in ORDERS],
        *[Sample(norm(ord=p, axis=1), distinct(2, 4)) for p in ORDERS],
        *[Sample(norm(ord=p, axis=0, keepdims=True), distinct(3, 2)) for p in ORDERS],
        Sample(norm(axis=-1), normal(2, 2, 2)),
        Sample(norm(axis=(1,)), normal(2, 3)),
        Sample(norm(axis=np.int64(1)), strided(normal(2, 3))),
        Sample(norm(), normal(2, 2, 2)),
        Sample(norm(keepdims=True), normal(2, 3)),
        Sample(norm(), normal()),
        Sample(norm(), normal(0)),
        Sample(norm(axis=0), normal(2, 0)),
        Sample(norm(ord="fro"), normal(2, 3)),
        Sample(norm(axis=(2, 0)), normal(2, 2, 3)),
        Sample(norm(ord="f", axis=(-1, 0), keepdims=True), normal(2, 2, 3)),
        Sample(lambda x: np.linalg.norm(x - x[0], 1, 1), distinct(3, 2)[1:]),
    ]


def matrices():
    """Samples of norms of matrices, of every order."""
    return [
        *[Sample(norm(ord=p), spread(3, 2)) for p in MATRIX_ORDERS],
        *[
            Sample(norm(ord=p, axis=(2, 0), keepdims=keepdims), normal(2, 2, 3))
            for p in MATRIX_ORDERS
            for keepdims in (False, True)
        ],
        *[Sample(norm(ord=p, axis=(0, 1)), strided(spread(2, 3))) for p in (1, 2)],
    ]


COMPOSED = {
    np.linalg.norm: [*matrices(), *vectors()[:3]],
    np.linalg.cond: [
        *[
            Sample(lambda x, p=p: np.linalg.cond(x, p), regular(2, 2))
            for p in [None, 2, -2, 1, -1, math.inf, -math.inf, "fro", "nuc"]
        ],
        Sample(np.linalg.cond, spread(2, 3)),
        Sample(lambda x: np.linalg.cond(x, 1), regular(2, 2, 2)),
    ],
}

if hasattr(np.linalg, "vector_norm"):  # from NumPy 2 on

    def vector_norm(**params):
        return lambda x: np.linalg.vector_norm(x, **params)

    def matrix_norm(**params):
        return lambda x: np.linalg.matrix_norm(x, **params)

    COMPOSED[np.linalg.vector_norm] = [
        *reductions(lambda x, axis=None, **kw: vector_norm(axis=axis, **kw)(x), normal),
        Sample(vector_norm(axis=(0, 2), ord=3), normal(2, 2, 2)),
        Sample(vector_norm(axis=1, ord=math.inf), distinct(2, 3)),
        Sample(vector_norm(ord=1, axis=(2, 1), keepdims=True), normal(2, 2, 2)),
    ]
    COMPOSED[np.linalg.matrix_norm] = [
        Sample(matrix_norm(), normal(2, 3)),
        Sample(matrix_norm(ord="nuc", keepdims=True), normal(2, 2, 3)),
        Sample(matrix_norm(ord=1), normal(2, 2, 3)),
        Sample(matrix_norm(ord=-2), spread(3, 3)),
    ]

SAMPLES = {VectorNormGrad: vectors()}
