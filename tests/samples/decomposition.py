"""Samples of the operations in `keratorch.grads.decomposition`."""

import numpy as np

from keratorch.grads.decomposition import (
    CholeskyGrad,
    QrGrad,
    QuotientGrad,
    SvdGrad,
    SvdvalsGrad,
)

from .matrices import normal, positive_definite, spread, symmetric
from .outputs import packed
from .sample import Sample, binary, fortran, positive, strided


def cholesky(**params):
    return lambda x: np.linalg.cholesky(positive_definite(x), **params)


def span(basis):
    """The projection onto the space that orthonormal columns span."""
    return basis @ basis.swapaxes(-1, -2)


def svd_parts(a):
    """What does not depend on the signs of singular vectors, and s itself."""
    u, s, vt = np.linalg.svd(a, full_matrices=False)
    return (u * np.exp(-s)) @ vt


UPPER = [
    Sample(cholesky(upper=True), normal(3, 3)),
    Sample(cholesky(upper=True), normal(2, 2, 2)),
]
NUMPY_1 = np.lib.NumpyVersion(np.__version__) < "2.0.0"

SVD = np.linalg.svd
QR = np.linalg.qr
SHAPES = [(3, 3), (3, 2), (2, 3), (2, 2, 2), (1, 1), (0, 2, 2)]

SAMPLES = {
    QuotientGrad: [
        Sample(QuotientGrad.apply, *s.inputs, reference=np.divide)
        for s in binary(np.divide, positive)[:11]
    ],
    CholeskyGrad: [
        Sample(cholesky(), normal(3, 3)),
        Sample(cholesky(), normal(2, 2, 2)),
        Sample(cholesky(), normal(1, 1)),
        Sample(cholesky(), normal(0, 2, 2)),
        Sample(cholesky(), normal(0, 0)),
        Sample(cholesky(), strided(normal(3, 3))),
        Sample(cholesky(), fortran(normal(2, 2))),
        *([] if NUMPY_1 else UPPER),
    ],
    QrGrad: [
        *[packed(QrGrad, QR, normal(*shape)) for shape in SHAPES],
        packed(QrGrad, QR, normal(2, 2, 4)),
        packed(QrGrad, QR, strided(normal(3, 2))),
        packed(QrGrad, QR, fortran(normal(3, 2))),
        packed(QrGrad, QR, normal(3, 2), mode="complete"),
        packed(QrGrad, QR, normal(2, 3, 2), mode="complete"),
        packed(QrGrad, QR, normal(2, 3), mode="complete"),
    ],
    SvdGrad: [
        packed(SvdGrad, SVD, spread(3, 3), full_matrices=False),
        packed(SvdGrad, SVD, spread(4, 2), full_matrices=False),
        packed(SvdGrad, SVD, spread(2, 4), full_matrices=False),
        packed(SvdGrad, SVD, np.stack([spread(2, 2)] * 2), full_matrices=False),
        packed(SvdGrad, SVD, normal(1, 1), full_matrices=False),
        packed(SvdGrad, SVD, normal(0, 2, 3), full_matrices=False),
        packed(SvdGrad, SVD, strided(spread(3, 2)), full_matrices=False),
        packed(SvdGrad, SVD, fortran(spread(2, 3)), full_matrices=False),
        packed(SvdGrad, SVD, spread(2, 2)),
        packed(SvdGrad, SVD, spread(3, 2)),
        packed(SvdGrad, SVD, spread(2, 3)),
        packed(SvdGrad, SVD, np.stack([spread(2, 3)] * 2)),
    ],
    SvdvalsGrad: [
        Sample(SvdvalsGrad.apply, x, reference=lambda x: SVD(x, compute_uv=False))
        for x in [
            spread(3, 3),
            spread(4, 2),
            spread(2, 4),
            np.stack([spread(2, 3)] * 2),
            normal(1, 1),
            normal(0, 2, 3),
            strided(spread(3, 2)),
        ]
    ],
}

COMPOSED = {
    np.linalg.qr: [
        Sample(lambda a: QR(a, "r"), normal(3, 2)),
        Sample(lambda a: QR(a, mode="r"), normal(2, 3)),
        Sample(lambda a: QR(a)[0], normal(3, 3)),
        Sample(lambda a: QR(a, "complete").R, normal(4, 2)),
        Sample(lambda a: span(QR(a, "complete").Q[:, 2:]), normal(4, 2)),
    ],
    np.linalg.svd: [
        Sample(svd_parts, spread(3, 3)),
        Sample(svd_parts, spread(4, 2)),
        Sample(svd_parts, spread(2, 3)),
        Sample(lambda a: SVD(a, compute_uv=False), spread(3, 2)),
        Sample(lambda a: span(SVD(a).U[:, 2:]), spread(4, 2)),
        Sample(lambda a: span(SVD(a)[2][2:].T), spread(2, 4)),
        Sample(lambda a: SVD(symmetric(a), hermitian=True).S, normal(3, 3)),
        Sample(lambda a: SVD(symmetric(a), hermitian=True).Vh, normal(2, 2, 2)),
        Sample(lambda a: SVD(symmetric(a), hermitian=True)[0], normal(3, 3)),
        Sample(
            lambda a: SVD(symmetric(a), compute_uv=False, hermitian=True), normal(3, 3)
        ),
    ],
}
