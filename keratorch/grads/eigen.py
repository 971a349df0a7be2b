"""Eigenvalues and eigenvectors.

Matrices are the last two axes; all axes before these stack them.
"""

from __future__ import annotations

import numpy as np

from keratorch import graph
from keratorch.core import Grad
from keratorch.grads.decomposition import check_free_choice, quotient
from keratorch.grads.inverses import check_real, transposed
from keratorch.grads.outputs import SeveralOutputs
from keratorch.registry import composed

# NumPy gives the classes of its results no public names.
_EigResult = type(np.linalg.eig(np.eye(1)))
_EighResult = type(np.linalg.eigh(np.eye(1)))


class EighGrad(SeveralOutputs):
    """out = w, v with a @ v = v @ diag(w), for a symmetric matrix a.

    Let p = v.T @ dL/dv and m = p / (w[j] - w[i]), with dL/dw on the diagonal; then
    dL/da = v @ (m + m.T) / 2 @ v.T (Giles, 2008).  NumPy reads one triangle of a;
    the gradient is that of both.

    It is Inf or NaN where eigenvalues are equal and the loss depends on which of their
    vectors were chosen; a gradient of exactly 0 counts as none.
    """

    def __init__(self, a, UPLO="L", shapes=None):
        super().__init__(a, shapes=shapes)
        check_real("eigh", a)
        self.triangle = UPLO

    def compute(self, a):
        return tuple(np.linalg.eigh(a, self.triangle))

    def derivative(self, dw, dv):
        w, v = self.outputs
        p = transposed(v) @ dv
        m = _divided_by_gaps(p, w, dw)
        return v @ ((m + transposed(m)) / 2) @ transposed(v)


def _divided_by_gaps(p, w, dw):
    """Return p[i, j] / (w[j] - w[i]), with dw on the diagonal."""
    diagonal = np.eye(w.shape[-1], dtype=bool)
    gaps = w[..., None, :] - w[..., :, None]
    m = quotient(p, np.where(diagonal, 1, gaps))
    return np.where(diagonal, dw[..., None, :], m)


@composed(np.linalg.eigh)
def eigh(a, UPLO="L"):
    """`EighGrad`, in NumPy's named tuple."""
    return _EighResult(*EighGrad.apply(a, UPLO))


class EigvalshGrad(Grad, of=np.linalg.eigvalsh):
    """out = the eigenvalues of a symmetric matrix a with the eigenvectors v.

    Hence dL/da = v @ diag(dL/dout) @ v.T, also where some are equal.
    """

    def __init__(self, a, UPLO="L"):
        super().__init__(a)
        check_real("eigvalsh", a)
        self.triangle = UPLO

    def forward(self, a):
        return np.linalg.eigvalsh(a, self.triangle)

    def backward(self, grad):
        (a,) = self.inputs
        _, v = np.linalg.eigh(a, self.triangle)
        return (v * grad[..., None, :]) @ transposed(v)


class EigGrad(SeveralOutputs):
    """out = w, v with a @ v = v @ diag(w), where the columns of v have length 1.

    Let p = v.T @ dL/dv, and n be v.T @ conj(v) with its columns scaled by the real part
    of the diagonal of p; let m = (p - n) / (w[j] - w[i]), with dL/dw on the diagonal;
    then dL/da = inv(v).T @ m @ v.T (Boeddeker et al., 2017).

    Results and gradients of a real matrix are complex where NumPy's are.  It is Inf or
    NaN where eigenvalues are equal and the loss depends on their vectors; a gradient of
    exactly 0 counts as none.

    Raises
    ------
    ValueError : in backward, if the loss depends on the angles of complex vectors,
        which the matrix does not determine.
    """

    def compute(self, a):
        return tuple(np.linalg.eig(a))

    def derivative(self, dw, dv):
        w, v = self.outputs
        turned = transposed(v)
        p = turned @ dv
        diagonal = np.eye(w.shape[-1], dtype=bool)
        along = np.where(diagonal, p, 0).sum(axis=-2, keepdims=True)
        check_free_choice(
            np.imag(graph.value(along)),
            dv,
            "the angles of complex eigenvectors, which np.linalg.eig chose. Compute "
            "with np.abs(v), or with v * np.conj(v[0])",
        )
        m = _divided_by_gaps(p - turned @ np.conj(v) * np.real(along), w, dw)
        return np.linalg.solve(turned, m @ turned)


@composed(np.linalg.eig)
def eig(a):
    """`EigGrad`, in NumPy's named tuple."""
    return _EigResult(*EigGrad.apply(a))


@composed(np.linalg.eigvals)
def eigvals(a):
    """The eigenvalues that `EigGrad` returns."""
    return EigGrad.apply(a)[0]
