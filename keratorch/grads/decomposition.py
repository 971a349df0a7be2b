"""Decompositions of a matrix: Cholesky's, QR, and by singular values.

Matrices are the last two axes; all axes before these stack them.
"""

from __future__ import annotations

import numpy as np

from keratorch import graph
from keratorch.core import Grad
from keratorch.grads.inverses import check_real, transposed
from keratorch.grads.outputs import SeveralOutputs
from keratorch.registry import composed

# NumPy gives the classes of its results no public names.
_QRResult = type(np.linalg.qr(np.eye(1)))
_SVDResult = type(np.linalg.svd(np.eye(1)))


class QuotientGrad(Grad):
    """out = a / b, but 0 where both are 0; hence dL/da = dL/dout / b.

    dL/db is -dL/dout * out / b, and both divide in the same way.  So what a loss does
    not use stays 0, to any order, where the derivative of a decomposition divides by
    the distance of equal eigenvalues; what it uses becomes Inf or NaN there.
    """

    def forward(self, a, b):
        return _plain_quotient(a, b)

    def backward(self, grad):
        _, b = self.inputs
        return quotient(grad, b), -quotient(grad * self.output, b)


def quotient(a, b):
    """Return what `QuotientGrad` computes, of ndarrays as an ndarray."""
    plain = type(a) is np.ndarray and type(b) is np.ndarray
    return _plain_quotient(a, b) if plain else QuotientGrad.apply(a, b)


def _plain_quotient(a, b):
    return a / (b + ((a == 0) & (b == 0)))


class CholeskyGrad(Grad, of=np.linalg.cholesky):
    """out = l, lower triangular, with l @ l.T = a.

    Let m be l.T @ dL/dout with zeros above the diagonal and the diagonal halved, and
    s = inv(l).T @ m @ inv(l); then dL/da = (s + s.T) / 2 (Murray, 2016).  With
    ``upper=True`` out is l.T.  NumPy reads one triangle of a; the gradient is that of
    both.
    """

    def __init__(self, a, *, upper=False):
        super().__init__(a)
        check_real("cholesky", a)
        self.upper = upper

    def forward(self, a):
        # NumPy before 2 knows no upper=
        options = {"upper": True} if self.upper else {}
        return np.linalg.cholesky(a, **options)

    def backward(self, grad):
        lower = self.output
        if self.upper:
            lower, grad = transposed(lower), transposed(grad)
        n = lower.shape[-1]
        halved = (np.tri(n) - np.eye(n) / 2).astype(grad.dtype)
        inverse = np.linalg.inv(lower)
        s = transposed(inverse) @ (halved * (transposed(lower) @ grad)) @ inverse
        return (s + transposed(s)) / 2


class QrGrad(SeveralOutputs):
    """out = q, r with q @ r = a; q has orthonormal columns, r is upper triangular.

    For a with at least as many rows as columns, let m = r @ dL/dr.T - dL/dq.T @ q and
    copy its lower triangle to the upper one; then (Seeger et al., 2017)

        dL/da = (dL/dq + q @ m) @ inv(r).T

    A wider a is [x, y] with x square and r = [u, v], where v = q.T @ y: dL/dy is
    q @ dL/dv, and y @ dL/dv.T joins dL/dq.  ``mode="complete"`` gives q more columns,
    of which only the space that they span has a derivative.
    """

    def __init__(self, a, mode="reduced", shapes=None):
        super().__init__(a, shapes=shapes)
        check_real("qr", a)
        self.mode = mode

    def compute(self, a):
        return tuple(np.linalg.qr(a, self.mode))

    def derivative(self, dq, dr):
        (a,) = self.inputs
        q, r = self.outputs
        rows, columns = a.shape[-2:]
        if rows < columns:
            y, du, dv = a[..., rows:], dr[..., :rows], dr[..., rows:]
            dx = _from_square(q, r[..., :rows], dq + y @ transposed(dv), du)
            return np.concatenate([dx, q @ dv], axis=-1)
        q, dq = _without_complement("qr", q, dq, columns)
        return _from_square(q, r[..., :columns, :], dq, dr[..., :columns, :])


def _from_square(q, r, dq, dr):
    """Return dL/da of a = q @ r with a square r."""
    m = r @ transposed(dr) - transposed(dq) @ q
    lower = np.tri(m.shape[-1], dtype=bool)
    turned = transposed(dq + q @ np.where(lower, m, transposed(m)))
    return transposed(np.linalg.solve(r, turned))


@composed(np.linalg.qr)
def qr(a, mode="reduced"):
    """`QrGrad`, in NumPy's named tuple; ``mode="r"`` is its r alone."""
    if mode not in ("reduced", "complete", "r"):
        raise ValueError(
            "np.linalg.qr is differentiable with mode 'reduced', 'complete' or 'r'; "
            f"received {mode!r}."
        )
    q, r = QrGrad.apply(a, "reduced" if mode == "r" else mode)
    return r if mode == "r" else _QRResult(q, r)


class SvdGrad(SeveralOutputs):
    """out = u, s, vt with u @ diag(s) @ vt = a.

    Let p = u.T @ dL/du and q = vt @ dL/dvt.T, let e[i, j] = s[j] ** 2 - s[i] ** 2 and

        m = ((p - p.T) * s[j] + s[i] * (q - q.T)) / e, with dL/ds on the diagonal

    Then dL/da = u @ m @ vt, and for a with more rows than columns in addition
    (dL/du - u @ p) / s @ vt, for one with more columns the same of its transpose
    (Townsend, 2016).

    It is Inf or NaN where singular values are equal and the loss depends on which of
    their vectors were chosen; a gradient of exactly 0 counts as none.  With
    ``full_matrices=True`` u or vt has more vectors, of which only the space that they
    span has a derivative.
    """

    def __init__(self, a, full_matrices=True, shapes=None):
        super().__init__(a, shapes=shapes)
        check_real("svd", a)
        self.full_matrices = full_matrices

    def compute(self, a):
        return tuple(np.linalg.svd(a, self.full_matrices))

    def derivative(self, du, ds, dvt):
        u, s, vt = self.outputs
        n = s.shape[-1]
        u, du = _without_complement("svd", u, du, n)
        v, dv = _without_complement("svd", transposed(vt), transposed(dvt), n)
        p, q = transposed(u) @ du, transposed(v) @ dv
        row, column = s[..., None, :], s[..., :, None]
        diagonal = np.eye(n, dtype=bool)
        gaps = np.where(diagonal, 1, (row - column) * (row + column))
        # gaps.T = -gaps, hence both sums divide skew matrices
        p_part, q_part = quotient(p, gaps), quotient(q, gaps)
        m = (p_part + transposed(p_part)) * row
        m = m + column * (q_part + transposed(q_part))
        m = np.where(diagonal, ds[..., None, :], m)
        da = u @ m @ transposed(v)
        if u.shape[-2] > n:
            da = da + quotient(du - u @ p, row) @ transposed(v)
        if v.shape[-2] > n:
            da = da + u @ transposed(quotient(dv - v @ q, row))
        return da


def _without_complement(name, q, dq, count):
    """Return the first columns of an orthogonal q, and their gradient.

    The others are a basis of the space that is orthogonal to the first, and change
    with it: dq2 = -q1 @ dq1.T @ q2.  Hence -q2 @ dL/dq2.T @ q1 joins dL/dq1.
    """
    if q.shape[-1] == count:
        return q, dq
    q1, q2 = q[..., :count], q[..., count:]
    dq1, dq2 = dq[..., :count], dq[..., count:]
    turn = graph.value(transposed(q2) @ dq2)
    check_free_choice(
        turn - transposed(turn),
        dq2,
        f"which basis np.linalg.{name} chose of the space orthogonal to the matrix. "
        "Compute with q2 @ q2.T of those columns q2, or leave them away: "
        "full_matrices=False, mode='reduced'",
    )
    return q1, dq1 - q2 @ (transposed(dq2) @ q1)


def check_free_choice(slope, gradient, what):
    """Raise if a loss changes with what a decomposition may choose at will.

    `slope` is how much, for a gradient of that size.  Neither the rounding of what
    should be 0 nor that of large gradients counts.
    """
    limit = 1e-3 * np.max(np.abs(graph.value(gradient)), initial=1)
    if np.any(np.abs(slope) > limit):
        raise ValueError(f"The gradient does not exist: the loss depends on {what}.")


class SvdvalsGrad(Grad, of=getattr(np.linalg, "svdvals", None)):
    """out = the singular values s of a = u @ diag(s) @ vt, from large to small.

    Hence dL/da = u @ diag(dL/dout) @ vt.
    """

    def __init__(self, x, /):
        super().__init__(x)
        check_real("svdvals", x)

    def forward(self, a):
        return np.linalg.svd(a, compute_uv=False)

    def backward(self, grad):
        (a,) = self.inputs
        u, _, vt = np.linalg.svd(a, full_matrices=False)
        return (u * grad[..., None, :]) @ vt


@composed(np.linalg.svd)
def svd(a, full_matrices=True, compute_uv=True, hermitian=False):
    """`SvdGrad`, in NumPy's named tuple; `SvdvalsGrad` without u and vt.

    ``hermitian=True`` is composed of `numpy.linalg.eigh`.
    """
    if hermitian:
        return _svd_by_eigenvalues(a, compute_uv)
    if not compute_uv:
        return SvdvalsGrad.apply(a)
    return _SVDResult(*SvdGrad.apply(a, full_matrices))


def _svd_by_eigenvalues(a, compute_uv):
    """Return u, s and vt of a symmetric matrix: |w| from large to small, w's sign."""
    w, v = np.linalg.eigh(a) if compute_uv else (np.linalg.eigvalsh(a), None)
    order = np.argsort(np.abs(graph.value(w)))[..., ::-1]
    picked = np.take_along_axis(w, order, axis=-1)
    s = np.abs(picked)
    if not compute_uv:
        return s
    u = np.take_along_axis(v, order[..., None, :], axis=-1)
    signs = np.copysign(1, graph.value(picked)).astype(u.dtype)  # not 0 for 0
    vt = transposed(u * signs[..., None, :])
    return _SVDResult(u, s, vt)
