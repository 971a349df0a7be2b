"""Samples of the operations in `keratorch.grads.products`."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from keratorch.grads import products

from .sample import Sample, complex_normal, fortran, normal, strided, zero_d

RANKS = [
    ((), ()),
    ((), (3,)),
    ((2, 3), ()),
    ((3,), (3,)),
    ((2, 3), (3,)),
    ((2, 3), (2, 3)),
    ((3,), (2, 3)),
    ((2, 1, 3), (2, 3)),
    ((2, 3), (2, 2, 3)),
    ((0, 3), (2, 3)),
    ((2, 0), (3, 0)),
]


def last_but_one(shape):
    """Return a shape with the last two axes swapped."""
    return shape if len(shape) < 2 else (*shape[:-2], shape[-1], shape[-2])


def pairs(function, shapes):
    """Samples of a product of arrays of these shapes, and of special arrays."""
    return [
        *[Sample(function, normal(*a), normal(*b)) for a, b in shapes],
        Sample(function, strided(normal(2, 2)), fortran(normal(2, 2))),
        Sample(lambda x: function(x, x), normal(2, 2)),
        Sample(lambda x: function(x, x.T), normal(2, 2)),
        Sample(function, complex_normal(2, 2), complex_normal(2, 2)),
        Sample(function, complex_normal(2, 2), normal(2, 2)),
        Sample(lambda x: function(x, x), complex_normal(2, 2)),
    ]


def any_tensordot(draw):
    """A sample of tensordot over any axes of arrays of any rank."""
    one = draw(hnp.array_shapes(min_dims=0, max_dims=3, max_side=3))
    axes = draw(st.permutations(range(len(one))))
    axes = axes[: draw(st.integers(0, len(axes)))]
    free = draw(hnp.array_shapes(min_dims=0, max_dims=2, max_side=3))
    lengths = [*[one[axis] for axis in axes], *free]
    order = draw(st.permutations(range(len(lengths))))
    others = [order.index(i) for i in range(len(axes))]
    return Sample(
        lambda a, b: np.tensordot(a, b, (axes, others)),
        normal(*one),
        normal(*[lengths[i] for i in order]),
    )


def any_dot(draw):
    """A sample of dot of arrays of one axis or more."""
    stacked = hnp.array_shapes(min_dims=0, max_dims=2, max_side=3)
    length = draw(st.integers(0, 3))
    last = draw(st.sampled_from([(), (1,), (3,)]))
    before = draw(stacked) if last else ()
    return Sample(
        np.dot, normal(*draw(stacked), length), normal(*before, length, *last)
    )


def tensordots():
    """Samples of tensordot over every kind of axes."""
    forms = [
        (0, (2, 3), (2,)),
        (1, (2, 3), (3, 2)),
        (2, (2, 3, 2), (3, 2)),
        (2, (2, 3), (2, 3)),
        ((0, 1), (2, 3), (3, 2)),
        ((-1, -2), (2, 3), (3, 2)),
        (([0], [1]), (3, 2), (2, 3)),
        (([0, 2], [2, 0]), (2, 3, 2), (2, 3, 2)),
        (([2, 0], [0, 1]), (3, 2, 2), (2, 3, 2)),
        (([1, -1], (-2, 0)), (2, 3, 2), (2, 3, 1)),
        (([2, 0, 1], [1, 2, 0]), (2, 3, 2), (3, 2, 2)),
        (([], []), (2,), (3,)),
        (np.array([[0], [0]]), (2, 3), (2,)),
        (0, (), ()),
        (0, (), (2, 3)),
        (1, (0, 3), (3, 2)),
        (1, (2, 0), (0, 3)),
    ]
    return [
        *[
            Sample(
                lambda a, b, axes=axes: np.tensordot(a, b, axes=axes),
                normal(*one),
                normal(*other),
            )
            for axes, one, other in forms
        ],
        Sample(
            np.tensordot,
            strided(normal(2, 3)),
            fortran(normal(2, 3)),
            like=any_tensordot,
        ),
        Sample(lambda x: np.tensordot(x, x, 1), normal(2, 2)),
        Sample(lambda x: np.tensordot(x, 2.0, 0), normal(2, 2), keeps_dtype=False),
        Sample(
            lambda a, b: np.tensordot(a, b, ([1, 0], [0, 2])),
            complex_normal(2, 2, 1),
            complex_normal(2, 1, 2),
        ),
    ]


def crosses(function):
    """Samples of a cross product of vectors along the last axis."""
    return [
        Sample(function, normal(3), normal(3)),
        Sample(function, normal(2, 3), normal(3)),
        Sample(function, normal(2, 1, 3), normal(2, 3)),
        Sample(function, normal(0, 3), normal(3)),
        Sample(function, strided(normal(2, 3)), fortran(normal(2, 3))),
        Sample(lambda a: function(a, [1.0, 2.0, 3.0]), normal(3), keeps_dtype=False),
        Sample(lambda a: function(a, a[::-1]), normal(2, 3)),
        Sample(lambda a: function(a, a), normal(2, 3)),
        Sample(function, complex_normal(3), complex_normal(2, 3)),
    ]


def crosses_along_axes():
    """Samples of np.cross with vectors along any axes."""
    return [
        *crosses(np.cross),
        Sample(lambda a, b: np.cross(a, b, axis=0), normal(3, 2), normal(3, 2)),
        Sample(lambda a, b: np.cross(a, b, 0), normal(3, 2), normal(2, 3)),
        Sample(lambda a, b: np.cross(a, b, axisb=-2), normal(2, 3), normal(3, 2)),
        Sample(lambda a, b: np.cross(a, b, axisc=0), normal(2, 3), normal(2, 3)),
        Sample(
            lambda a, b: np.cross(a, b, axisa=1, axisb=0, axisc=1),
            normal(2, 3, 2),
            normal(3, 1),
        ),
    ]


def chains():
    """Samples of multi_dot, which reduces the vectors at its ends."""
    shapes = [
        ((2, 3), (3, 2)),
        ((2, 3), (3, 2), (2, 2)),
        ((3, 1), (1, 3), (3, 2)),
        ((1, 3), (3, 2), (2, 3), (3, 1)),
        ((3,), (3, 2), (2, 2)),
        ((2, 3), (3, 2), (2,)),
        ((3,), (3, 2), (2,)),
        ((3,), (3,)),
        ((2, 0), (0, 3), (3, 2)),
    ]
    return [
        *[
            Sample(
                lambda *arrays: np.linalg.multi_dot(arrays), *[normal(*x) for x in form]
            )
            for form in shapes
        ],
        Sample(lambda x: np.linalg.multi_dot([x, x, x]), normal(2, 2)),
        Sample(
            lambda x: np.linalg.multi_dot([x, [[1.0], [2.0]], x]),
            normal(1, 2),
            keeps_dtype=False,
        ),
        Sample(
            lambda a, b: np.linalg.multi_dot([a, b, a.T]),
            strided(normal(2, 3)),
            fortran(normal(3, 3)),
        ),
        Sample(
            lambda a, b: np.linalg.multi_dot([a, b, a]),
            complex_normal(2, 2),
            complex_normal(2, 2),
        ),
    ]


def matrix_powers():
    """Samples of matrix_power with every exponent, of well-conditioned matrices."""
    near_identity = np.eye(2) + 0.2 * normal(2, 2)
    return [
        *[
            Sample(lambda x, n=n: np.linalg.matrix_power(x, n), near_identity)
            for n in (0, 1, 2, 3, 4, 5, 7, -1, -2, -3, np.int64(3))
        ],
        Sample(lambda x: np.linalg.matrix_power(x, 3), normal(2, 2, 2)),
        Sample(lambda x: np.linalg.matrix_power(x, 0), normal(2, 2, 2)),
        Sample(lambda x: np.linalg.matrix_power(x, 3), strided(normal(2, 2))),
        Sample(lambda x: np.linalg.matrix_power(x, 2), normal(0, 2, 2)),
        Sample(lambda x: np.linalg.matrix_power(x, 3), complex_normal(2, 2)),
    ]


def vecdots(function):
    """Samples of vecdot along any axis."""
    return [
        Sample(function, normal(3), normal(3)),
        Sample(function, normal(2, 3), normal(3)),
        Sample(function, normal(2, 1, 3), normal(2, 3)),
        Sample(function, normal(0, 3), normal(3)),
        Sample(function, normal(2, 0), normal(2, 0)),
        Sample(lambda a, b: function(a, b, axis=0), normal(3, 2), normal(3, 2)),
        Sample(lambda a, b: function(a, b, axis=-2), normal(2, 3, 2), normal(3, 1)),
        Sample(lambda x: function(x, x), normal(2, 3)),
        Sample(lambda x: function(x, [1.0, 2.0]), normal(2), keeps_dtype=False),
        Sample(function, complex_normal(2, 2), complex_normal(2)),
        Sample(function, normal(2), complex_normal(2)),
        Sample(function, complex_normal(2), normal(2)),
        Sample(lambda x: function(x, x), complex_normal(2)),
    ]


def polynomials():
    """Samples of polyval: the coefficients stand along one axis."""
    return [
        Sample(np.polyval, normal(4), normal(2, 3)),
        Sample(np.polyval, normal(1), normal(2)),
        Sample(np.polyval, normal(3), zero_d(0.7)),
        Sample(lambda x: np.polyval([1.0, -2.0, 3.0], x), normal(3), keeps_dtype=False),
        Sample(lambda p: np.polyval(p, 2.0), normal(3), keeps_dtype=False),
        Sample(
            lambda p: np.polyval(p, [1.0, 2.0]), strided(normal(3)), keeps_dtype=False
        ),
        Sample(lambda p: np.polyval(p, p), normal(3)),
        Sample(np.polyval, complex_normal(3), complex_normal(2)),
    ]


def vandermondes():
    """Samples of vander, which gives float64 to float32."""
    return [
        Sample(np.vander, normal(3), keeps_dtype=False),
        Sample(lambda x: np.vander(x, 2), strided(normal(3)), keeps_dtype=False),
        Sample(lambda x: np.vander(x, N=4), normal(2), keeps_dtype=False),
        Sample(lambda x: np.vander(x, increasing=True), normal(3), keeps_dtype=False),
        Sample(lambda x: np.vander(x, 3, True), np.zeros(2), keeps_dtype=False),
        Sample(lambda x: np.vander(x, 3), normal(0), keeps_dtype=False),
    ]


SAMPLES = {
    products.DotGrad: [
        *pairs(np.dot, [(a, last_but_one(b)) for a, b in RANKS]),
        Sample(lambda x: x.dot(x), normal(3), like=any_dot),
        Sample(lambda x: x.dot(1.5), normal(3), keeps_dtype=False),
        Sample(lambda x: np.dot(2.5, x), normal(2, 2), keeps_dtype=False),
        Sample(lambda x: np.dot([[1.0], [2.0]], x), normal(1, 2), keeps_dtype=False),
        Sample(np.dot, normal(2, 3, 2), normal(3, 2, 1)),
        Sample(np.dot, normal(2), normal(2, 2, 3)),
    ],
    products.OuterGrad: [
        *pairs(np.outer, [((2,), (3,)), ((), ()), ((2,), ()), ((0,), (3,))]),
        Sample(np.outer, normal(2, 2), normal(3, 1)),
        Sample(lambda x: np.outer(x, x), normal(3)),
        Sample(lambda x: np.outer(x, [1.0, 2.0]), normal(3), keeps_dtype=False),
    ],
    products.VdotGrad: [
        *pairs(np.vdot, [((3,), (3,)), ((), ()), ((0,), (0,)), ((2, 3), (2, 3))]),
        Sample(np.vdot, normal(2, 3), normal(3, 2)),
        Sample(lambda x: np.vdot([1.0, 2.0], x), normal(2), keeps_dtype=False),
        Sample(np.vdot, normal(2), complex_normal(2)),
    ],
    products.TensordotGrad: tensordots(),
    products.CrossGrad: crosses(np.cross),
}

COMPOSED = {
    np.inner: pairs(np.inner, RANKS),
    np.kron: [
        *pairs(np.kron, [((), ()), ((2,), ()), ((2,), (3,)), ((2, 2), (3,))]),
        Sample(np.kron, normal(2), normal(2, 3)),
        Sample(np.kron, normal(2, 1, 2), normal(2, 2)),
        Sample(np.kron, normal(0, 2), normal(2, 2)),
        Sample(lambda x: np.kron(np.eye(2), x), normal(2, 2), keeps_dtype=False),
    ],
    np.cross: crosses_along_axes(),
    np.linalg.multi_dot: chains(),
    np.linalg.matrix_power: matrix_powers(),
    np.polyval: polynomials(),
    np.vander: vandermondes(),
}

if hasattr(np, "vecdot"):
    COMPOSED[np.vecdot] = vecdots(np.vecdot)
    COMPOSED[np.linalg.vecdot] = vecdots(np.linalg.vecdot)
    COMPOSED[np.linalg.cross] = [
        *crosses(np.linalg.cross),
        Sample(lambda a, b: np.linalg.cross(a, b, axis=0), normal(3, 2), normal(3, 2)),
    ]
    COMPOSED[np.linalg.outer] = [
        Sample(np.linalg.outer, normal(2), normal(3)),
        Sample(lambda x: np.linalg.outer(x, x), normal(2)),
    ]
    COMPOSED[np.linalg.matmul] = [
        Sample(np.linalg.matmul, normal(2, 3), normal(3, 2)),
        Sample(np.linalg.matmul, normal(2, 2, 3), normal(3)),
    ]
    COMPOSED[np.linalg.tensordot] = [
        Sample(np.linalg.tensordot, normal(2, 3), normal(2, 3)),
        Sample(
            lambda a, b: np.linalg.tensordot(a, b, axes=([0], [1])),
            normal(2, 3),
            normal(2, 2),
        ),
    ]
    COMPOSED[np.linalg.diagonal] = [
        Sample(np.linalg.diagonal, normal(2, 3)),
        Sample(lambda x: np.linalg.diagonal(x, offset=1), normal(2, 2, 3)),
    ]
    COMPOSED[np.linalg.trace] = [
        Sample(np.linalg.trace, normal(3, 3)),
        Sample(lambda x: np.linalg.trace(x, offset=-1), normal(2, 3, 2)),
        Sample(
            lambda x: np.linalg.trace(x, dtype=np.float64),
            normal(2, 2),
            keeps_dtype=False,
        ),
    ]
    COMPOSED[np.linalg.matrix_transpose] = [
        Sample(np.linalg.matrix_transpose, normal(2, 3)),
        Sample(np.linalg.matrix_transpose, normal(2, 2, 3)),
    ]

if hasattr(np, "matvec"):
    COMPOSED[np.matvec] = [
        Sample(np.matvec, normal(2, 3), normal(3)),
        Sample(np.matvec, normal(2, 2, 3), normal(3)),
        Sample(np.matvec, normal(2, 3), normal(2, 1, 3)),
        Sample(np.matvec, complex_normal(2, 2), complex_normal(2)),
    ]
    COMPOSED[np.vecmat] = [
        Sample(np.vecmat, normal(3), normal(3, 2)),
        Sample(np.vecmat, normal(2, 1, 3), normal(2, 3, 2)),
        Sample(np.vecmat, normal(2), complex_normal(2, 2)),
        Sample(np.vecmat, complex_normal(2), complex_normal(2, 2)),
    ]
