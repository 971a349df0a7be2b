"""Products of vectors, matrices and tensors."""

from __future__ import annotations

import functools
import operator

import numpy as np

from keratorch.core import Grad
from keratorch.grads.arithmetic import MatMulGrad
from keratorch.registry import composed


class DotGrad(MatMulGrad, of=np.dot):
    """out = a @ b for vectors and matrices, whose derivative it shares.

    Beyond two axes it is tensordot over the last axis of a and the last but one of b.
    A scalar multiplies: dL/da = dL/dout * b and dL/db = dL/dout * a.
    """

    notation = "{}.dot({})"

    def backward(self, grad):
        a, b = self.inputs
        ranks = np.ndim(a), np.ndim(b)
        if 0 in ranks:
            return grad * b, grad * a
        if max(ranks) <= 2:
            return super().backward(grad)
        return _tensordot_gradients(self, grad, [a.ndim - 1], [max(b.ndim - 2, 0)])


class OuterGrad(Grad, of=np.outer):
    """out = a[:, None] * b, hence dL/da = dL/dout @ b and dL/db = a @ dL/dout.

    Arrays of several axes take part as the vector of their elements.
    """

    def __init__(self, a, b):
        super().__init__(a, b)

    def backward(self, grad):
        a, b = self.inputs
        da = db = None
        if self.needs(0):
            da = np.reshape(grad @ np.reshape(b, -1), a.shape)
        if self.needs(1):
            db = np.reshape(np.reshape(a, -1) @ grad, b.shape)
        return da, db


class VdotGrad(Grad, of=np.vdot):
    """out = sum(conj(a) * b) over all elements, hence dL/db = dL/dout * conj(a).

    dL/da = conj(dL/dout * b), since out depends on a through its conjugate.
    """

    def __init__(self, a, b):
        super().__init__(a, b)

    def backward(self, grad):
        a, b = self.inputs
        da = db = None
        if self.needs(0):
            da = np.reshape(_conjugate(grad * b), a.shape)
        if self.needs(1):
            db = np.reshape(grad * _conjugate(a), b.shape)
        return da, db


class TensordotGrad(Grad, of=np.tensordot):
    """out = a * b summed over pairs of axes; it has the free axes of a, then of b.

    dL/da is dL/dout times b summed over the free axes of b, and dL/db is a times
    dL/dout summed over the free axes of a; then the axes are put in order.
    """

    def __init__(self, a, b, axes=2):
        super().__init__(a, b)
        of_a, of_b = axes if np.iterable(axes) else (range(-axes, 0), range(axes))
        self.axes = np.atleast_1d(of_a).tolist(), np.atleast_1d(of_b).tolist()

    def forward(self, a, b):
        return np.tensordot(a, b, self.axes)

    def backward(self, grad):
        (a, b), (a_axes, b_axes) = self.inputs, self.axes
        a_axes = [axis % np.ndim(a) for axis in a_axes]
        b_axes = [axis % np.ndim(b) for axis in b_axes]
        return _tensordot_gradients(self, grad, a_axes, b_axes)


def _tensordot_gradients(op, grad, a_axes, b_axes):
    """Return dL/da and dL/db of a tensordot over these axes, none of them negative."""
    a, b = op.inputs
    a_free = [axis for axis in range(np.ndim(a)) if axis not in a_axes]
    b_free = [axis for axis in range(np.ndim(b)) if axis not in b_axes]
    of_a, of_b = range(len(a_free)), range(len(a_free), grad.ndim)
    da = db = None
    if op.needs(0):
        partner = dict(zip(b_axes, a_axes, strict=True))
        order = [*a_free, *[partner[axis] for axis in sorted(b_axes)]]
        da = np.tensordot(grad, b, (of_b, b_free)).transpose(np.argsort(order))
    if op.needs(1):
        partner = dict(zip(a_axes, b_axes, strict=True))
        order = [*[partner[axis] for axis in sorted(a_axes)], *b_free]
        db = np.tensordot(a, grad, (a_free, of_a)).transpose(np.argsort(order))
    return da, db


@composed(np.inner)
def inner(a, b):
    """Composed of np.tensordot over the last axes; of np.multiply for scalars."""
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        return np.multiply(a, b)
    return np.tensordot(a, b, (-1, -1))


@composed(np.kron)
def kron(a, b):
    """Composed of np.multiply, with each axis of a before the same axis of b."""
    ndim = max(np.ndim(a), np.ndim(b))
    a_shape, b_shape = ((1,) * (ndim - np.ndim(x)) + np.shape(x) for x in (a, b))
    a = np.reshape(a, [n for length in a_shape for n in (length, 1)])
    b = np.reshape(b, [n for length in b_shape for n in (1, length)])
    return np.reshape(a * b, [m * n for m, n in zip(a_shape, b_shape, strict=True)])


class CrossGrad(Grad):
    """out = a x b of 3-vectors, hence dL/da = b x dL/dout and dL/db = dL/dout x a."""

    def forward(self, a, b):
        return np.cross(a, b)

    def backward(self, grad):
        a, b = self.inputs
        da = np.cross(b, grad) if self.needs(0) else None
        db = np.cross(grad, a) if self.needs(1) else None
        return da, db


@composed(np.cross)
def cross(a, b, axisa=-1, axisb=-1, axisc=-1, axis=None):
    """Composed of np.moveaxis and the cross product along the last axis."""
    if axis is not None:
        axisa = axisb = axisc = axis
    a, b = _moved(a, axisa, -1), _moved(b, axisb, -1)
    if np.shape(a)[-1:] != (3,) or np.shape(b)[-1:] != (3,):
        raise ValueError(
            "cross is differentiable for vectors of three numbers; received arrays of "
            f"shapes {np.shape(a)} and {np.shape(b)}, vectors last. For the plane "
            "write a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]."
        )
    return _moved(CrossGrad.apply(a, b), -1, axisc)


def _moved(x, source, destination):
    return x if source == destination else np.moveaxis(x, source, destination)


@composed(getattr(np, "vecdot", None))
def vecdot(x1, x2, axis=-1):
    """Composed of np.matmul of rows conj(x1) and columns x2."""
    row = np.expand_dims(_conjugate(_moved(x1, axis, -1)), -2)
    column = np.expand_dims(_moved(x2, axis, -1), -1)
    return np.matmul(row, column)[..., 0, 0]


@composed(getattr(np, "matvec", None))
def matvec(x1, x2):
    """Composed of np.matmul of matrices x1 and columns x2."""
    return np.matmul(x1, np.expand_dims(x2, -1))[..., 0]


@composed(getattr(np, "vecmat", None))
def vecmat(x1, x2):
    """Composed of np.matmul of rows conj(x1) and matrices x2."""
    return np.matmul(np.expand_dims(_conjugate(x1), -2), x2)[..., 0, :]


@composed(np.linalg.multi_dot)
def multi_dot(arrays):
    """Composed of np.matmul, in the order that needs the fewest multiplications."""
    arrays = [x if hasattr(x, "ndim") else np.asarray(x) for x in arrays]
    if len(arrays) < 2:
        raise ValueError(f"multi_dot needs two arrays or more; received {len(arrays)}.")
    rows = 1 if arrays[0].ndim == 1 else arrays[0].shape[0]
    columns = 1 if arrays[-1].ndim == 1 else arrays[-1].shape[1]
    lengths = [rows, *[x.shape[0] for x in arrays[1:]], columns]

    @functools.cache
    def cheapest(first, last):
        """Return what the product of these arrays costs, and where to split it."""
        if first == last:
            return 0, first
        return min(
            (
                cheapest(first, middle)[0]
                + cheapest(middle + 1, last)[0]
                + lengths[first] * lengths[middle + 1] * lengths[last + 1],
                middle,
            )
            for middle in range(first, last)
        )

    def product(first, last):
        if first == last:
            return arrays[first]
        _, middle = cheapest(first, last)
        return np.matmul(product(first, middle), product(middle + 1, last))

    return product(0, len(arrays) - 1)


@composed(np.linalg.matrix_power)
def matrix_power(a, n):
    """Composed of np.matmul, squaring; of np.linalg.inv too where n is negative."""
    n = operator.index(n)
    if a.ndim < 2 or a.shape[-1] != a.shape[-2]:
        raise np.linalg.LinAlgError(
            f"matrix_power needs square matrices; received shape {a.shape}."
        )
    if n == 0:
        identity = np.eye(a.shape[-1], dtype=a.dtype)
        return np.where(True, identity, a)  # a takes part, with no gradient
    if n < 0:
        return matrix_power(np.linalg.inv(a), -n)
    if n == 1:
        return +a
    half = matrix_power(a, n // 2)
    square = np.matmul(half, half)
    return np.matmul(square, a) if n % 2 else square


@composed(np.polyval)
def polyval(p, x):
    """Composed of Horner's rule: multiply by x, add the next coefficient of p."""
    p, x = (y if hasattr(y, "ndim") else np.asarray(y) for y in (p, x))
    result = np.zeros_like(x)
    for coefficient in p:
        result = result * x + coefficient
    return result


@composed(np.vander)
def vander(x, N=None, increasing=False):
    """Composed of np.stack of the powers of x; float64, as in NumPy."""
    if x.ndim != 1:
        raise ValueError(
            f"vander needs a vector; received an array of shape {x.shape}."
        )
    powers = range(len(x) if N is None else N)
    x = x.astype(np.result_type(x.dtype, int))
    return np.stack([x**k for k in (powers if increasing else powers[::-1])], axis=1)


# The functions that np.linalg has since NumPy 2, by those that NumPy always had.


def _linalg(name):
    return composed(getattr(np.linalg, name, None))


@_linalg("cross")
def linalg_cross(x1, x2, *, axis=-1):
    """Composed of np.cross."""
    return np.cross(x1, x2, axis=axis)


@_linalg("diagonal")
def linalg_diagonal(x, *, offset=0):
    """Composed of np.diagonal of the last two axes."""
    return np.diagonal(x, offset, -2, -1)


@_linalg("matmul")
def linalg_matmul(x1, x2):
    """Composed of np.matmul."""
    return np.matmul(x1, x2)


@_linalg("matrix_transpose")
def linalg_matrix_transpose(x):
    """Composed of np.swapaxes of the last two axes."""
    return np.swapaxes(x, -1, -2)


@_linalg("outer")
def linalg_outer(x1, x2):
    """Composed of np.outer, for vectors only."""
    if np.ndim(x1) != 1 or np.ndim(x2) != 1:
        raise ValueError(
            "linalg.outer multiplies vectors; received arrays of shapes "
            f"{np.shape(x1)} and {np.shape(x2)}. np.outer takes them as vectors."
        )
    return np.outer(x1, x2)


@_linalg("tensordot")
def linalg_tensordot(x1, x2, *, axes=2):
    """Composed of np.tensordot."""
    return np.tensordot(x1, x2, axes)


@_linalg("trace")
def linalg_trace(x, *, offset=0, dtype=None):
    """Composed of np.trace of the last two axes."""
    return np.trace(x, offset, -2, -1, dtype)


@_linalg("vecdot")
def linalg_vecdot(x1, x2, *, axis=-1):
    """Composed of np.vecdot."""
    return vecdot(x1, x2, axis)


def _conjugate(x):
    return np.conjugate(x) if np.iscomplexobj(x) else x
