"""Samples of the operations in `keratorch.grads.joining`."""

import numpy as np

from keratorch.grads import joining

from .sample import Sample, fortran, normal, strided
from .shape import end_to_end


def joined(function, extra):
    """Samples of concatenate or stack."""
    axes = [
        Sample(
            lambda a, b, axis=axis: function((a, b), axis=axis),
            normal(2, 3),
            strided(normal(2, 3)),
        )
        for axis in (0, 1, -1, -2, *extra)
    ]
    return [
        Sample(lambda a, b: function([a, b]), normal(2, 3), normal(2, 3)),
        *axes,
        Sample(lambda a: function([a, a]), normal(2)),
        Sample(lambda a: function([a]), normal(1, 2)),
        Sample(lambda a: function([a, [[1.0, 2.0]]]), normal(1, 2), keeps_dtype=False),
        Sample(lambda a: function(a), normal(2, 3)),
        Sample(lambda a, b: function([a, b], 1), normal(2, 0), normal(2, 0)),
        Sample(
            lambda a: function([a, np.ones((2, 2))], axis=1, dtype=float),
            normal(2, 2),
            keeps_dtype=False,
        ),
        Sample(
            lambda a, b: function([a, b], dtype=float, casting="safe"),
            normal(1, 2),
            normal(1, 2),
            keeps_dtype=False,
        ),
    ]


def side_by_side(function, *sizes):
    """Samples of a function of a list of arrays."""
    return [
        *[
            Sample(lambda a, b: function([a, b]), normal(*size), normal(*size))
            for size in [(), (2,), (2, 1), (2, 1, 2), (1, 2, 1, 2)]
        ],
        *[
            Sample(lambda a, b: function((a, b)), normal(*one), normal(*other))
            for one, other in sizes
        ],
        Sample(lambda a: function([a, a]), strided(normal(2, 3))),
        Sample(lambda a: function([a]), fortran(normal(2, 3))),
        Sample(lambda a: function([a, [1.0, 2.0]]), normal(2), keeps_dtype=False),
        Sample(function, normal(2, 3)),
    ]


def with_options(function):
    """Samples of the options that hstack and vstack have since NumPy 1.24."""
    return [
        Sample(
            lambda a: function([a, np.ones(2)], dtype=float),
            normal(2),
            keeps_dtype=False,
        ),
        Sample(
            lambda a: function([a, a], dtype=float, casting="safe"),
            normal(1, 2),
            keeps_dtype=False,
        ),
    ]


def parts(function, *sizes):
    """Samples of hsplit, vsplit or dsplit."""
    return [
        Sample(
            lambda x, places=places: end_to_end(function(x, places)),
            normal(*size),
        )
        for size in sizes
        for places in (2, [1], (1, -1))
    ]


def outer_sum(x):
    return x[:, None] + x * x


SAMPLES = {
    joining.ConcatenateGrad: [
        *joined(np.concatenate, (None,)),
        Sample(
            lambda a, b, c: np.concatenate([a, b, c], 1),
            normal(2, 1),
            normal(2, 0),
            normal(2, 3),
        ),
        Sample(lambda a, b: np.concatenate([a, b], None), normal(2, 3), normal()),
        Sample(
            lambda a, b: np.concatenate([[a, 0.5], b]),
            normal(),
            normal(2),
            reference=lambda a, b: np.hstack([a, np.array(0.5, a.dtype), b]),
            keeps_dtype=False,
        ),
    ],
    joining.StackGrad: [
        *joined(np.stack, (2, -3)),
        Sample(lambda a, b: np.stack([a, b]), normal(), normal()),
    ],
}

COMPOSED = {
    np.hstack: [
        *side_by_side(np.hstack, ((), (2,)), ((2, 1), (2, 2)), ((0,), (2,))),
        *with_options(np.hstack),
    ],
    np.vstack: [
        *side_by_side(np.vstack, ((2,), (1, 2)), ((0, 2), (2,))),
        *with_options(np.vstack),
    ],
    np.dstack: side_by_side(np.dstack, ((2,), (1, 2)), ((2, 1), (2, 1, 0))),
    np.column_stack: side_by_side(np.column_stack, ((2,), (2, 2)), ((2, 0), (2,))),
    np.block: [
        Sample(lambda a: np.block(a), normal(2, 2)),
        Sample(lambda a, b: np.block([a, b]), normal(2), normal()),
        Sample(
            lambda a, b, c: np.block([[a, b], [c, b[:1]]]),
            normal(2, 2),
            strided(normal(2, 1)),
            normal(2),
        ),
        Sample(lambda a: np.block([[a, a], [a, 2 * a]]), fortran(normal(1, 2))),
        Sample(
            lambda a, b: np.block([[[a], [b]], [[b], [a]]]), normal(1, 2), normal(2)
        ),
        Sample(lambda a, b: np.block([[a], [b]]), normal(1, 2, 2), normal(1, 2)),
        Sample(lambda a: np.block([a, a]), normal(0, 2)),
    ],
    np.append: [
        Sample(np.append, normal(2, 2), normal()),
        Sample(lambda a, b: np.append(a, b, 1), normal(2, 2), strided(normal(2, 1))),
        Sample(lambda a, b: np.append(a, b, axis=-2), normal(2, 2), normal(0, 2)),
        Sample(lambda a: np.append(a, [[1.0], [2]]), normal(2), keeps_dtype=False),
        Sample(lambda a: np.append(a, a), normal(2)),
    ],
    np.insert: [
        *[
            Sample(
                lambda x, v, obj=obj, axis=axis: np.insert(x, obj, v, axis),
                normal(*size),
                normal(*values),
            )
            for size, obj, values, axis in [
                ((3,), 1, (), None),
                ((3,), -1, (2,), 0),
                ((2, 2), 4, (), None),
                ((2, 2), [0, 3, 0], (3,), None),
                ((2, 3), 1, (2,), 1),
                ((2, 3), 1, (2, 2), -1),
                ((2, 3), [1], (2, 2), 1),
                ((2, 3), [1], (2, 1), 1),
                ((2, 3), [1, -1], (2, 1), 1),
                ((2, 3), slice(0, 2), (), 0),
                ((2, 3), slice(0, 1), (3,), 0),
                ((3,), np.array([2, 0]), (2,), 0),
                ((2,), [], (), 0),
                ((0,), 0, (2,), None),
                ((2, 2, 2), 0, (2, 2), 2),
            ]
        ],
        Sample(lambda x: np.insert(x, 1, 0.5, axis=-1), strided(normal(2, 3))),
        Sample(lambda x: np.insert(x, [2, 0], x[:2]), normal(3)),
        Sample(lambda v: np.insert(np.zeros(2), 1, v), normal(2), keeps_dtype=False),
    ],
    np.delete: [
        Sample(lambda x: np.delete(x, 1), normal(3)),
        Sample(lambda x: np.delete(x, [0, -1, 0]), normal(2, 2)),
        Sample(lambda x: np.delete(x, slice(None, None, 2), 1), normal(2, 3)),
        Sample(lambda x: np.delete(x, np.array([True, False]), 0), normal(2, 3)),
        Sample(lambda x: np.delete(x, -1, axis=-1), strided(normal(2, 3))),
        Sample(lambda x: np.delete(x, [], 0), fortran(normal(2, 3))),
        Sample(lambda x: np.delete(x, [0, 1]), normal(2)),
    ],
    np.trim_zeros: [
        Sample(
            lambda x, trim=trim: np.trim_zeros(
                np.concatenate([np.zeros(2, x.dtype), x, np.zeros(1, x.dtype)]), trim
            ),
            normal(2),
        )
        for trim in ("fb", "f", "B", "bf")
    ],
    np.array_split: [
        *[
            Sample(
                lambda x, places=places, axis=axis: end_to_end(
                    np.array_split(x, places, axis)
                ),
                normal(*size),
            )
            for size, places, axis in [
                ((5,), 3, 0),
                ((2,), 4, 0),
                ((2, 3), [1, 2], 1),
                ((2, 3), (2, 1, 9), -1),
                ((2, 3), [], 0),
                ((0, 3), 2, 1),
                ((3, 2), np.array([-1]), 0),
            ]
        ],
        Sample(lambda x: np.array_split(x, 2, axis=1)[1], strided(normal(2, 3))),
    ],
    np.split: [
        Sample(lambda x: end_to_end(np.split(x, 2)), normal(4)),
        Sample(lambda x: end_to_end(np.split(x, 3, axis=-1)), strided(normal(2, 3))),
        Sample(lambda x: np.split(x, [1], 1)[1], fortran(normal(2, 3))),
        Sample(lambda x: end_to_end(np.split(x, (1, 2))), normal(3, 2)),
    ],
    np.hsplit: parts(np.hsplit, (4,), (1, 2), (2, 2, 1)),
    np.vsplit: parts(np.vsplit, (2, 1), (4, 1, 2)),
    np.dsplit: parts(np.dsplit, (1, 2, 2), (1, 1, 2, 2)),
    np.apply_along_axis: [
        Sample(lambda x: np.apply_along_axis(np.sum, 1, x), normal(2, 3)),
        Sample(lambda x: np.apply_along_axis(np.cumsum, 0, x), strided(normal(2, 3))),
        Sample(lambda x: np.apply_along_axis(outer_sum, -1, x), normal(2, 2)),
        Sample(lambda x: np.apply_along_axis(outer_sum, 1, x), normal(2, 2, 2)),
        Sample(
            lambda x: np.apply_along_axis(
                lambda v, n, k=1: n * k * v[:2], 0, x, 3, k=2
            ),
            normal(3),
        ),
    ],
    np.apply_over_axes: [
        Sample(lambda x: np.apply_over_axes(np.sum, x, [0, -1]), normal(2, 2, 2)),
        Sample(lambda x: np.apply_over_axes(np.prod, x, 1), normal(2, 3)),
        Sample(lambda x: np.apply_over_axes(np.cumsum, x, (0, 1)), normal(2, 3)),
    ],
}

if hasattr(np, "unstack"):  # from NumPy 2.1 on
    COMPOSED[np.unstack] = [
        Sample(lambda x: end_to_end(np.unstack(x)), normal(2, 3)),
        Sample(lambda x: end_to_end(np.unstack(x, axis=-1)), strided(normal(2, 3))),
        Sample(lambda x: np.unstack(x, axis=1)[1], fortran(normal(2, 2, 2))),
        Sample(lambda x: np.unstack(x)[0], normal(1)),
    ]

if np.lib.NumpyVersion(np.__version__) >= "2.2.0":  # that of matrices is younger
    COMPOSED[np.trim_zeros] += [
        Sample(
            lambda x, trim=trim, axis=axis: np.trim_zeros(
                np.pad(x, ((1, 2), (2, 1))), trim, axis
            ),
            normal(2, 2),
        )
        for trim, axis in [("fb", None), ("f", 0), ("b", -1), ("fb", (0, 1))]
    ]
