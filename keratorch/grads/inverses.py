"""Linear systems: inverses, determinants, least squares.

Matrices are the last two axes; all axes before these stack them.
"""

from __future__ import annotations

import math

import numpy as np

from keratorch import graph
from keratorch.broadcasting import unbroadcast
from keratorch.core import Grad
from keratorch.grads.indexing import ScatterAddGrad
from keratorch.modes import current_mode
from keratorch.registry import composed


def transposed(x):
    """Return each matrix transposed."""
    return x.swapaxes(-1, -2)


def check_real(name, a):
    """Raise if a function would be asked for the gradient of a complex matrix."""
    wanted = getattr(a, "requires_grad", False) and current_mode.get().records
    if wanted and np.iscomplexobj(graph.value(a)):
        raise TypeError(
            f"np.linalg.{name} is differentiable for real matrices; received one of "
            f"dtype {a.dtype}. For its values alone, use x.detach()."
        )


class InvGrad(Grad, of=np.linalg.inv):
    """out = inverse of a, hence dL/da = -out.T @ dL/dout @ out.T."""

    def backward(self, grad):
        turned = transposed(self.output)
        return -turned @ grad @ turned


class SolveGrad(Grad, of=np.linalg.solve):
    """out = x with a @ x = b; dL/db = solve(a.T, dL/dout) and dL/da = -dL/db @ x.T.

    Where b holds vectors, each takes part as a matrix of one column.
    """

    def backward(self, grad):
        a, _ = self.inputs
        x = self.output
        column = x.ndim < a.ndim  # NumPy 1 and 2 differ in what they take for vectors
        if column:
            x, grad = x[..., None], grad[..., None]
        db = np.linalg.solve(transposed(a), grad)
        da = None
        if self.needs(0):
            da = -db @ transposed(x)
            da = da if da.shape == a.shape else unbroadcast(da, a.shape)
        return da, db[..., 0] if column else db


class DetGrad(Grad, of=np.linalg.det):
    """out = det(a), hence dL/da = dL/dout * cofactors of a = dL/dout * out * inv(a).T.

    The cofactors of a singular matrix, which has no inverse, come from `CofactorGrad`.
    """

    def backward(self, grad):
        (a,) = self.inputs
        out = self.output
        if np.all(out != 0):
            return (grad * out)[..., None, None] * transposed(np.linalg.inv(a))
        return grad[..., None, None] * CofactorGrad.apply(a)


class CofactorGrad(Grad):
    """out[i, j] = (-1) ** (i + j) * det(a without row i and column j).

    Hence dL/da sums, over i and j, the cofactors of that smaller matrix, times
    (-1) ** (i + j) * dL/dout[i, j].  The decomposition a = u @ diag(s) @ vt computes
    out = det(u) * det(vt) * u @ diag(product of the other s) @ vt, for singular a too.
    dL/da, which only second derivatives of the determinant need, takes n**2 of those.
    """

    def forward(self, a):
        u, s, vt = np.linalg.svd(a)
        n = s.shape[-1]
        others = np.where(np.eye(n, dtype=bool), 1, s[..., None, :]).prod(axis=-1)
        sign = np.linalg.det(u) * np.linalg.det(vt)
        u, vt = u.conj(), vt.conj()
        out = sign[..., None, None] * ((u * others[..., None, :]) @ vt)
        return out.astype(a.dtype, copy=False)

    def backward(self, grad):
        (a,) = self.inputs
        n = a.shape[-1]
        if n < 2:  # the cofactor is 1
            return grad * np.zeros_like(a)
        kept = np.array([[j for j in range(n) if j != i] for i in range(n)])
        rows, columns = kept[:, None, :, None], kept[None, :, None, :]
        sign = (-1.0) ** np.add.outer(np.arange(n), np.arange(n))
        smaller = CofactorGrad.apply(a[..., rows, columns])
        parts = (sign.astype(grad.dtype) * grad)[..., None, None] * smaller
        return ScatterAddGrad.apply(parts, (..., rows, columns), a.shape)


class LogDetGrad(Grad):
    """out = log(abs(det(a))), hence dL/da = dL/dout * inv(a).T.

    For a singular matrix, where out is -inf, it is Inf and NaN.
    """

    def forward(self, a):
        return np.linalg.slogdet(a)[1]

    def backward(self, grad):
        (a,) = self.inputs
        if np.all(np.isfinite(self.output)):
            return grad[..., None, None] * transposed(np.linalg.inv(a))
        with np.errstate(divide="ignore", invalid="ignore"):
            return (grad / np.linalg.det(a))[..., None, None] * CofactorGrad.apply(a)


@composed(np.linalg.slogdet)
def slogdet(a):
    """The sign, a plain array since it is constant between jumps, and `LogDetGrad`."""
    check_real("slogdet", a)  # a complex sign is no constant
    result = np.linalg.slogdet(graph.value(a))
    return result._replace(logabsdet=LogDetGrad.apply(a))


class PinvGrad(Grad, of=np.linalg.pinv):
    """out = p, the pseudo-inverse of a.

    With g = dL/dout.T and k = p @ g @ p, dL/da is

        -k.T + (g @ p - a @ k) @ p.T + p.T @ (p @ g - k @ a)

    as long as the rank does not change (Golub & Pereyra, 1973).  It is symmetrised
    with ``hermitian=True``.
    """

    def __init__(self, a, rcond=None, hermitian=False, *, rtol=np._NoValue):
        super().__init__(a)
        check_real("pinv", a)
        self.hermitian = hermitian
        self.cutoff = {}  # what was given: the default has changed over time
        if rcond is not None:
            self.cutoff["rcond"] = graph.plain(rcond)
        if rtol is not np._NoValue:
            self.cutoff["rtol"] = graph.plain(rtol)

    def forward(self, a):
        return np.linalg.pinv(a, hermitian=self.hermitian, **self.cutoff)

    def backward(self, grad):
        (a,) = self.inputs
        if self.hermitian:  # only the lower triangle was read
            a = _from_lower(a)
        p, g = self.output, transposed(grad)
        gp, pg = g @ p, p @ g
        k = pg @ p
        turned = transposed(p)
        da = (gp - a @ k) @ turned + turned @ (pg - k @ a) - transposed(k)
        return (da + transposed(da)) / 2 if self.hermitian else da


def _from_lower(a):
    """Return the symmetric matrices of these lower triangles."""
    lower = np.tri(a.shape[-1], dtype=bool)
    return np.where(lower, a, transposed(a))


class LstsqGrad(Grad):
    """out = x, the shortest of those with the smallest sum((b - a @ x) ** 2).

    It is p @ b with p = pinv(a).  Let y = p.T @ dL/dout; then dL/db = y, and dL/da is

        -y @ x.T + (b - a @ x) @ (p @ y).T + p.T @ x @ (dL/dout - a.T @ y).T

    as long as the rank does not change, which follows from `PinvGrad`.
    """

    def __init__(self, a, b, rcond=None, others=None):
        super().__init__(a, b)
        check_real("lstsq", a)
        check_real("lstsq", b)
        self.rcond = rcond
        # residuals, rank and singular values: `forward` fills this list
        self.others = [] if others is None else others

    def forward(self, a, b):
        x, *self.others[:] = np.linalg.lstsq(a, b, self.rcond)
        return x

    def backward(self, grad):
        a, b = self.inputs
        x = self.output
        vector = b.ndim == 1
        if vector:
            b, x, grad = b[:, None], x[:, None], grad[:, None]
        cutoff = self.rcond
        if cutoff is None or cutoff < 0:  # float64's: NumPy solves float32 in it too
            size = max(a.shape) if cutoff is None else 0.5
            cutoff = size * float(np.finfo(np.float64).eps)
        p = np.linalg.pinv(a, rcond=cutoff)
        turned = transposed(p)
        y = turned @ grad
        da = None
        if self.needs(0):
            rest = grad - transposed(a) @ y
            da = turned @ x @ transposed(rest) - y @ transposed(x)
            da = da + (b - a @ x) @ transposed(p @ y)
        return da, y[:, 0] if vector else y


@composed(np.linalg.lstsq)
def lstsq(a, b, rcond=None):
    """The solution by `LstsqGrad`, the squares that it leaves, rank and `svdvals`.

    The rank is a plain number: no gradient flows through it.
    """
    rcond = None if rcond is None or rcond == "warn" else float(graph.value(rcond))
    others = []
    x = LstsqGrad.apply(a, b, rcond, others)
    residuals, rank, s = others
    if residuals.size:
        rest = b - a @ x
        rest = np.abs(rest) if rest.dtype.kind == "c" else rest
        residuals = np.square(rest).sum(axis=0)
        residuals = residuals.reshape(residuals.size)  # a vector b has one sum, in 1-d
    if hasattr(a, "_grad_op"):
        s = np.linalg.svd(a, compute_uv=False)
    return x, residuals, rank, s


@composed(np.linalg.tensorinv)
def tensorinv(a, ind=2):
    """The inverse of a as a matrix, of which its first `ind` axes are the rows."""
    if ind <= 0:
        raise ValueError(f"tensorinv: ind must be positive; received {ind}.")
    rows, columns = a.shape[:ind], a.shape[ind:]
    matrix = a.reshape(math.prod(columns), -1)
    return np.linalg.inv(matrix).reshape(columns + rows)


@composed(np.linalg.tensorsolve)
def tensorsolve(a, b, axes=None):
    """The solution of a as a matrix, of which the axes of b are the rows."""
    if axes is not None:
        order = [axis for axis in range(a.ndim) if axis not in axes]
        a = np.transpose(a, (*order, *axes))
    shape = a.shape[np.ndim(b) :]
    columns = math.prod(shape)
    x = np.linalg.solve(np.reshape(a, (columns, columns)), np.reshape(b, columns))
    return x.reshape(shape)
