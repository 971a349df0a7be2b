"""Samples of the operations in `keratorch.grads.inverses`."""

import numpy as np

from keratorch.grads import inverses

from .matrices import normal, regular
from .sample import Sample, fortran, strided

TURNED = np.array([1.0, 2j, 3.0 - 1j])


def singular():
    """A matrix of rank 2, of three rows."""
    a = normal(3, 3)
    a[2] = a[0] - 2 * a[1]
    return a


def squares(function):
    """Samples of a function of a square matrix."""
    return [
        Sample(function, regular(3, 3)),
        Sample(function, regular(2, 2, 2)),
        Sample(function, regular(1, 1)),
        Sample(function, regular(0, 2, 2)),
        Sample(function, regular(0, 0)),
        Sample(function, strided(normal(3, 3))),
        Sample(function, fortran(regular(2, 2))),
        Sample(lambda x: function(x * x.T), regular(2, 2)),
        Sample(function, regular(2, 2) + 0.5j * normal(2, 2)),
    ]


def cofactors(a):
    """The cofactors of each matrix, by their definition."""
    out = np.zeros_like(a)
    for *stack, i, j in np.ndindex(a.shape):
        smaller = np.delete(np.delete(a[tuple(stack)], i, axis=0), j, axis=1)
        out[(*stack, i, j)] = (-1) ** (i + j) * np.linalg.det(smaller)
    return out


def systems():
    """Samples of solve, with vectors and matrices, and stacks that broadcast."""
    samples = [
        Sample(np.linalg.solve, regular(*a), normal(*b))
        for a, b in [
            [(3, 3), (3,)],
            [(3, 3), (3, 2)],
            [(2, 2, 2), (2, 2, 3)],
            [(2, 2, 2), (1, 2, 1)],
            [(2, 2), (3, 2, 1)],
            [(2, 1, 2, 2), (1, 3, 2, 1)],
            [(1, 1), (1,)],
            [(3, 3), (3, 0)],
            [(0, 2, 2), (1, 2, 1)],
            [(0, 0), (0,)],
        ]
    ]
    # NumPy 1 takes b for a stack of vectors where it has one axis less than a
    before_2 = np.lib.NumpyVersion(np.__version__) < "2.0.0"
    return [
        *samples,
        Sample(
            np.linalg.solve, regular(1, 2, 2), normal(*((3, 2) if before_2 else (2,)))
        ),
        Sample(np.linalg.solve, regular(2, 2, 2), normal(2, 2 if before_2 else 1)),
        Sample(np.linalg.solve, regular(2, 2) + 0.3j, normal(2, 2) - 0.5j),
        Sample(np.linalg.solve, regular(2, 2) + 0.3j, normal(2)),
        Sample(np.linalg.solve, strided(normal(3, 3)), fortran(normal(3, 2))),
        Sample(lambda a: np.linalg.solve(a, a.T), regular(2, 2)),
        Sample(lambda a: np.linalg.solve(a, np.ones(2, a.dtype)), regular(2, 2)),
        Sample(lambda b: np.linalg.solve(np.eye(2, dtype=b.dtype), b), normal(2)),
    ]


def pseudo_inverses():
    """Samples of pinv of matrices of full rank, tall, square and wide, and of less."""
    pinv = np.linalg.pinv
    u, v = normal(3, 1), normal(1, 4)
    return [
        Sample(pinv, normal(3, 2)),
        Sample(pinv, normal(2, 4)),
        Sample(pinv, regular(2, 2)),
        Sample(pinv, normal(2, 2, 3)),
        Sample(pinv, strided(normal(4, 2))),
        Sample(pinv, fortran(normal(2, 3))),
        Sample(pinv, normal(0, 2, 3)),
        Sample(lambda a: pinv(a, rcond=0.1), np.diag([3.0, 2.0]) + 0.1),
        Sample(lambda a: pinv(a, 1e-3 * np.ones(2)), normal(2, 3, 2)),
        Sample(lambda a: pinv(a + a.T, hermitian=True), regular(2, 2)),
    ], [
        # the rank stays 1, and sums of the elements of a differ from those of u and v
        Sample(lambda u, v: pinv(u @ v, rcond=1e-6), u, v),
        Sample(lambda u: pinv(u @ u.T, 1e-6, hermitian=True), u),
    ]


full_rank, less_rank = pseudo_inverses()


def least_squares():
    """Samples of what lstsq returns first, with every number of equations."""

    def solution(a, b):
        return np.linalg.lstsq(a, b, rcond=None)[0]

    return [
        Sample(solution, normal(4, 2), normal(4)),
        Sample(solution, normal(4, 2), normal(4, 2)),
        Sample(solution, regular(2, 2), normal(2)),
        Sample(solution, normal(2, 4), normal(2)),
        Sample(solution, normal(2, 3), normal(2, 2)),
        Sample(solution, strided(normal(4, 2)), fortran(normal(4, 2))),
        Sample(lambda a: solution(a, a), normal(3, 2)),
        Sample(lambda b: solution(np.ones((3, 1), b.dtype), b), normal(3)),
        Sample(lambda a: solution(a, TURNED), normal(3, 2), keeps_dtype=False),
        Sample(lambda a: np.linalg.lstsq(a, a[:, 0], rcond=0.01)[0], normal(3, 2)),
        Sample(lambda a: np.linalg.lstsq(a, a[:, 0], rcond=-1)[0], normal(3, 2)),
    ]


def log_det(a):
    return np.linalg.slogdet(a)[1]


SAMPLES = {
    inverses.InvGrad: squares(np.linalg.inv),
    inverses.SolveGrad: systems(),
    inverses.DetGrad: [
        *squares(np.linalg.det),
        Sample(np.linalg.det, np.zeros((1, 1))),
        Sample(np.linalg.det, np.zeros((2, 2))),
        Sample(np.linalg.det, np.diag([2.0, 0.0, 3.0])),
        Sample(np.linalg.det, np.stack([np.diag([0.0, 2.0]), regular(2, 2)])),
    ],
    inverses.CofactorGrad: [
        Sample(inverses.CofactorGrad.apply, x, reference=cofactors)
        for x in [
            regular(3, 3),
            singular(),
            np.ones((3, 3)),
            normal(2, 2, 2),
            normal(1, 1),
            normal(0, 2, 2),
            strided(normal(4, 4)),
            normal(3, 3) + 1j * normal(3, 3),
        ]
    ],
    inverses.LogDetGrad: squares(log_det)[:-1],
    inverses.PinvGrad: [*full_rank, *less_rank],
    inverses.LstsqGrad: least_squares(),
}

COMPOSED = {
    np.linalg.slogdet: squares(log_det)[:2],
    np.linalg.lstsq: [
        Sample(lambda a: np.linalg.lstsq(a, a[:, 0], rcond=None)[3], normal(3, 2)),
        *[
            Sample(lambda a, b: np.linalg.lstsq(a, b, rcond=None)[1], *inputs)
            for inputs in [
                (normal(4, 2), normal(4)),
                (normal(4, 2), normal(4, 2)),
            ]
        ],
        Sample(
            lambda a: np.linalg.lstsq(a, TURNED, rcond=None)[1],
            normal(3, 2),
            keeps_dtype=False,
        ),
    ],
    np.linalg.tensorinv: [
        Sample(np.linalg.tensorinv, normal(2, 2, 4)),
        Sample(lambda a: np.linalg.tensorinv(a, ind=1), normal(4, 2, 2)),
    ],
    np.linalg.tensorsolve: [
        Sample(np.linalg.tensorsolve, normal(2, 2, 4), normal(2, 2)),
        Sample(
            lambda a, b: np.linalg.tensorsolve(a, b, axes=(0, 2)),
            normal(2, 3, 2, 3)[:, :2, :, :2],
            normal(2, 2),
        ),
        Sample(np.linalg.tensorsolve, regular(3, 3), normal(3)),
    ],
}
