"""Samples of the operations in `keratorch.grads.shape`."""

import numpy as np
from hypothesis import strategies as st

from keratorch import GradArray
from keratorch.grads import shape

from .sample import SHAPES, Sample, fortran, normal, strided


def end_to_end(arrays):
    """The results of a function in one vector."""
    return np.concatenate([np.ravel(x) for x in arrays])


def permuted(draw):
    x = normal(*draw(SHAPES))
    order = draw(st.permutations(range(x.ndim)))
    return Sample(lambda x: np.transpose(x, order), x)


def moved(draw):
    x = normal(*draw(SHAPES.filter(bool)))
    axes = st.lists(st.integers(-x.ndim, x.ndim - 1), min_size=1, max_size=1)
    source, destination = draw(axes), draw(axes)
    return Sample(lambda x: np.moveaxis(x, source, destination), x)


def filled(size, value_size, **options):
    """A sample of full_like, whose first argument wants no gradient."""
    like = np.zeros(size)
    return Sample(
        lambda x: np.full_like(GradArray(like), x, **options),
        normal(*value_size),
        reference=lambda x: np.full_like(like, x, **options),
        keeps_dtype=False,
    )


def at_least(function, ndim):
    """Samples of one array of each rank, and of several."""
    return [
        *[
            Sample(lambda x: 2 * function(x), normal(*(2, 1, 3, 1)[:rank]))
            for rank in range(ndim + 2)
        ],
        Sample(
            lambda a, b, c: end_to_end(function(a, b, c)),
            normal(),
            strided(normal(3)),
            normal(2, 2),
        ),
        Sample(lambda a: end_to_end(function(a, 1.5, a)), normal(2), keeps_dtype=False),
        Sample(lambda x: 2 * function(x), normal(0)),
    ]


IN_DOUBLE = {"keeps_dtype": False}

SAMPLES = {
    shape.ReshapeGrad: [
        Sample(lambda x: np.reshape(x, (3, 2)), normal(2, 3)),
        Sample(lambda x: np.reshape(x, -1), strided(normal(2, 3))),
        Sample(lambda x: x.reshape(3, -1, order="F"), normal(2, 3)),
        Sample(lambda x: np.reshape(x, (2, -1), "F"), fortran(normal(2, 3))),
        Sample(lambda x: np.reshape(x.T, 6, order="A"), normal(2, 3)),
        Sample(lambda x: np.reshape(x, 6, order="A"), strided(normal(2, 3))),
        Sample(lambda x: np.reshape(x.T, (2, 3), order="A"), normal(2, 3)),
        Sample(
            lambda x: shape.ReshapeGrad.apply(x, newshape=(3, 2)),
            normal(2, 3),
            reference=lambda x: x.reshape(3, 2),
        ),
        Sample(
            lambda x: shape.ReshapeGrad.apply(x, (3, 2), "F", copy=True),
            normal(2, 3),
            reference=lambda x: x.reshape((3, 2), order="F"),
        ),
        Sample(lambda x: x.reshape(1, 1), normal()),
        Sample(lambda x: x.reshape(()), normal(1)),
        Sample(lambda x: x.reshape(3, 0), normal(0, 2)),
    ],
    shape.TransposeGrad: [
        Sample(np.transpose, normal(2, 3), like=permuted),
        Sample(lambda x: x.T, normal(2, 3, 2)),
        Sample(lambda x: x.transpose(1, 2, 0), normal(2, 3, 2)),
        Sample(lambda x: np.transpose(x, (-1, 0, 1)), strided(normal(2, 3, 2))),
        Sample(lambda x: x.transpose(0), normal(3)),
        Sample(lambda x: x.T, normal()),
        Sample(lambda x: x.transpose([1, 0]), normal(0, 2)),
    ],
    shape.SwapaxesGrad: [
        Sample(lambda x: np.swapaxes(x, 0, 2), normal(2, 3, 2)),
        Sample(lambda x: x.swapaxes(-1, 1), strided(normal(2, 3, 2))),
        Sample(lambda x: x.swapaxes(0, 0), normal(2)),
    ],
    shape.MoveaxisGrad: [
        Sample(lambda x: np.moveaxis(x, 0, -1), normal(2, 3, 2), like=moved),
        Sample(lambda x: np.moveaxis(x, [0, 2], [1, 0]), strided(normal(2, 3, 2))),
        Sample(lambda x: np.moveaxis(x, (-1, 0), (0, 1)), normal(2, 1, 3)),
        Sample(lambda x: np.moveaxis(x, 1, 0), normal(0, 2)),
    ],
    shape.ExpandDimsGrad: [
        Sample(lambda x: np.expand_dims(x, 0), normal()),
        Sample(lambda x: np.expand_dims(x, -1), strided(normal(2, 3))),
        Sample(lambda x: np.expand_dims(x, (0, 2)), normal(2, 3)),
        Sample(lambda x: np.expand_dims(x, 1), normal(0, 2)),
    ],
    shape.SqueezeGrad: [
        Sample(np.squeeze, normal(2, 1, 3, 1)),
        Sample(lambda x: np.squeeze(x, 1), normal(2, 1, 3, 1)),
        Sample(lambda x: x.squeeze(axis=(1, -1)), normal(2, 1, 3, 1)),
        Sample(np.squeeze, normal(1, 1)),
        Sample(np.squeeze, normal()),
        Sample(np.squeeze, normal(0, 1)),
    ],
    shape.BroadcastToGrad: [
        Sample(lambda x: np.broadcast_to(x, (2, 3)), normal(3)),
        Sample(lambda x: np.broadcast_to(x, (2, 2, 3)), normal(2, 1)),
        Sample(lambda x: np.broadcast_to(x, 3), normal()),
        Sample(lambda x: np.broadcast_to(x, (2, 3), subok=True), normal(2, 3)),
        Sample(lambda x: np.broadcast_to(x, (0, 3)), normal(1, 3)),
    ],
}

COMPOSED = {
    np.ravel: [
        *[Sample(lambda x, o=o: np.ravel(x, o), normal(2, 3, 2)) for o in "CFAK"],
        *[Sample(lambda x, o=o: np.ravel(x.T, o), normal(2, 3)) for o in "CFAK"],
        *[Sample(lambda x, o=o: x.ravel(o), strided(normal(2, 3))) for o in "CFAK"],
        Sample(lambda x: np.swapaxes(x, 0, 1).ravel("K"), normal(2, 3, 2)),
        Sample(lambda x: x[:, None].ravel("K"), normal(3)),
        Sample(lambda x: x.ravel(), normal()),
        Sample(np.ravel, normal(0, 2)),
    ],
    np.ndarray.flatten: [
        *[Sample(lambda x, o=o: x.T.flatten(o), normal(2, 3)) for o in "CFAK"],
        Sample(lambda x: x.flatten(), strided(normal(2, 3))),
        Sample(lambda x: x.flatten(order="F"), normal(2, 2, 2)),
        Sample(lambda x: x.flatten(), normal()),
        Sample(lambda x: x.flatten(), normal(0, 2)),
    ],
    np.copy: [
        Sample(np.copy, normal(2, 3)),
        Sample(lambda x: np.copy(x, "F"), strided(normal(2, 3))),
        Sample(np.copy, normal()),
        Sample(lambda x: np.copy(x, subok=True), normal(0, 2)),
    ],
    np.rollaxis: [
        Sample(
            lambda x, axis=axis, start=start: np.rollaxis(x, axis, start),
            normal(2, 1, 3),
        )
        for axis, start in [(2, 0), (0, 3), (-1, -3), (1, 1), (1, 2), (0, -1), (-2, 0)]
    ],
    np.broadcast_arrays: [
        Sample(
            lambda a, b: end_to_end(np.broadcast_arrays(a, b)), normal(3), normal(2, 1)
        ),
        Sample(
            lambda a, b: end_to_end(np.broadcast_arrays(a, 1.5, b, subok=True)),
            normal(2, 3),
            normal(),
            keeps_dtype=False,
        ),
        Sample(lambda a: end_to_end(np.broadcast_arrays(a, a)), normal(2)),
        Sample(
            lambda a: end_to_end(np.broadcast_arrays(a, [[0.0], [1]])),
            normal(0),
            keeps_dtype=False,
        ),
    ],
    np.full_like: [
        filled((2, 3), ()),
        filled((2, 3), (3,), order="F", subok=False),
        filled((3,), (2, 1), dtype=float, shape=(2, 2)),
        filled((0, 3), (3,)),
    ],
    np.array: [
        Sample(lambda a, b: np.array([a, b], like=a), normal(2), normal(2)),
        Sample(lambda a, b: np.array([[a, b], [b, a]], like=a), normal(), normal()),
        Sample(lambda a: np.array([[a, 0.0], [1.0, a]], like=a), normal(), **IN_DOUBLE),
        Sample(lambda a: np.array(a, ndmin=3, like=a), normal(2)),
        Sample(
            lambda a: np.array(a, float, order="F", like=a), normal(2, 3), **IN_DOUBLE
        ),
    ],
    np.asarray: [
        Sample(lambda a, b: np.asarray([a, b], like=a), normal(2), normal(2)),
        Sample(
            lambda a: np.asarray([[a], [2.0]], float, like=a), normal(), **IN_DOUBLE
        ),
        Sample(lambda a: np.asarray([a], order="C", like=a), normal(0)),
    ],
    np.full: [
        Sample(lambda a: np.full((2, 3), a, like=a), normal()),
        Sample(lambda a: np.full((2, 3), a, order="F", like=a), normal(3)),
        Sample(lambda a: np.full(2, a, float, like=a), normal(), **IN_DOUBLE),
    ],
    np.atleast_1d: at_least(np.atleast_1d, 1),
    np.atleast_2d: at_least(np.atleast_2d, 2),
    np.atleast_3d: at_least(np.atleast_3d, 3),
    np.meshgrid: [
        *[
            Sample(
                lambda a, b, c, options=options: end_to_end(
                    np.meshgrid(a, b, c, **options)
                ),
                normal(2),
                strided(normal(3)),
                normal(),
            )
            for options in [
                {},
                {"indexing": "ij"},
                {"sparse": True},
                {"sparse": True, "copy": False, "indexing": "ij"},
                {"copy": False},
            ]
        ],
        Sample(lambda a: end_to_end(np.meshgrid(a)), normal(3)),
        Sample(lambda a: end_to_end(np.meshgrid(a, a)), normal(2)),
        Sample(
            lambda a: end_to_end(np.meshgrid([0.5, 1, 2], a)),
            normal(0),
            keeps_dtype=False,
        ),
    ],
}

if hasattr(np, "matrix_transpose"):  # from NumPy 2 on
    COMPOSED[np.matrix_transpose] = [
        Sample(np.matrix_transpose, normal(2, 3)),
        Sample(np.matrix_transpose, strided(normal(2, 3, 2))),
        Sample(np.matrix_transpose, normal(0, 2)),
    ]
