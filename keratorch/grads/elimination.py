"""Gaussian elimination: a square matrix as a lower one times an upper one."""

from __future__ import annotations

import numpy as np

from keratorch.core import Grad
from keratorch.grads.inverses import transposed


class LuGrad(Grad):
    """out = l + u - 1 with a = l @ u, l lower with ones on its diagonal, u upper.

    With dl and du the parts of dL/dout below the diagonal and from it on,
    dL/da = inv(l.T) @ (tril(l.T @ dl, -1) + triu(du @ u.T)) @ inv(u.T).

    Rows are not exchanged.  Matrices are the last two axes.

    Source: de Hoog, Anderssen & Lukas (2011), Differentiation of matrix functionals
    using triangular factorization.
    """

    def forward(self, a):
        out = np.array(a)
        for k in range(out.shape[-1] - 1):
            out[..., k + 1 :, k] /= out[..., k, k, None]
            column, row = out[..., k + 1 :, k, None], out[..., None, k, k + 1 :]
            out[..., k + 1 :, k + 1 :] -= column * row
        return out

    def backward(self, grad):
        out = self.output
        lower = np.tril(out, -1) + np.eye(out.shape[-1], dtype=grad.dtype)
        upper = np.triu(out)
        # the products mix no entry of one part of dL/dout into the other's triangle
        middle = np.tril(transposed(lower) @ grad, -1)
        middle = middle + np.triu(grad @ transposed(upper))
        left = np.linalg.solve(transposed(lower), middle)
        return transposed(np.linalg.solve(upper, transposed(left)))


def pivots_of(a):
    """Return with which later row each row of a matrix is exchanged, and the order.

    That brings the largest of a column to its diagonal, step by step of an elimination.
    """
    rest = np.array(a)
    *stack, rows, columns = rest.shape
    stacks = np.indices(stack, sparse=True)
    order = np.broadcast_to(np.arange(rows), rest.shape[:-1]).copy()
    pivots = np.zeros((*stack, min(rows, columns)), np.int32)
    for k in range(min(rows, columns)):
        found = k + np.abs(rest[..., k:, k]).argmax(axis=-1)
        pivots[..., k] = found
        for array in (rest, order):
            here, there = (*stacks, k), (*stacks, found)
            array[here], array[there] = array[there].copy(), array[here].copy()
        diagonal = rest[..., k, k, None]
        factors = rest[..., k + 1 :, k] / np.where(diagonal == 0, 1, diagonal)
        rest[..., k + 1 :, k:] -= factors[..., None] * rest[..., None, k, k:]
    return pivots, order
