"""Samples of the operations in `keratorch.grads.eigen`."""

import numpy as np

from keratorch.grads.eigen import EigGrad, EighGrad, EigvalshGrad

from .matrices import normal, separated, symmetric
from .outputs import packed
from .sample import Sample, fortran, strided

EIGH = np.linalg.eigh
EIG = np.linalg.eig


def turning():
    """A matrix with one real and two complex eigenvalues."""
    return np.array([[1.0, -2, 0.3], [2, 0.5, 0.1], [-0.2, 0.4, 3]])


def moved_values(a):
    """The eigenvalues of a matrix with complex ones, as real numbers."""
    w = np.linalg.eigvals(a)
    return np.abs(w - 1.5)


def shares(a):
    """Lengths of the elements of complex eigenvectors."""
    return np.abs(EIG(a).eigenvectors)


def eigh(*inputs, **params):
    """A sample of both results of eigh, which reads one triangle of a matrix."""
    return packed(EighGrad, EIGH, *inputs, of=lambda x: (symmetric(x),), **params)


def eigvalsh(*inputs, **params):
    return Sample(lambda x: np.linalg.eigvalsh(symmetric(x), **params), *inputs)


SHAPES = [(3, 3), (2, 2, 2), (1, 1), (0, 2, 2), (0, 0)]

SAMPLES = {
    EighGrad: [
        *[eigh(normal(*shape)) for shape in SHAPES],
        eigh(strided(normal(3, 3))),
        eigh(fortran(normal(2, 2))),
        eigh(normal(3, 3), UPLO="U"),
    ],
    EigvalshGrad: [
        *[eigvalsh(normal(*shape)) for shape in SHAPES],
        eigvalsh(strided(normal(3, 3))),
        eigvalsh(fortran(normal(2, 2))),
        eigvalsh(normal(3, 3), UPLO="U"),
    ],
    EigGrad: [
        packed(EigGrad, EIG, x)
        for x in [
            separated(3, 3),
            separated(2, 2, 2),
            separated(1, 1),
            separated(0, 2, 2),
            strided(separated(3, 3)[:, ::-1]),
            fortran(separated(2, 2)),
        ]
    ],
}

COMPOSED = {
    np.linalg.eigh: [
        Sample(lambda a: EIGH(symmetric(a)).eigenvalues, normal(3, 3)),
        Sample(lambda a: EIGH(symmetric(a), "U")[1] ** 2, normal(3, 3)),
    ],
    np.linalg.eig: [
        Sample(lambda a: EIG(a).eigenvectors, separated(3, 3)),
        Sample(shares, turning()),
        Sample(shares, np.stack([turning(), turning().T])),
    ],
    np.linalg.eigvals: [
        Sample(np.linalg.eigvals, separated(3, 3)),
        Sample(np.linalg.eigvals, separated(2, 2, 2)),
        Sample(moved_values, turning()),
        Sample(np.linalg.eigvals, normal(0, 0)),
    ],
}
