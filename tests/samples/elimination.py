"""Samples of the operation in `keratorch.grads.elimination`."""

import numpy as np

from keratorch.grads import elimination

from .sample import Sample, fortran, normal, strided


def eliminated(a):
    """Return l + u - 1 of each matrix, each number by the sum that defines it."""
    out = np.zeros_like(a)
    n = a.shape[-1]
    for i in range(n):
        for j in range(n):
            known = min(i, j)
            inner = (out[..., i, :known] * out[..., :known, j]).sum(-1)
            rest = a[..., i, j] - inner
            out[..., i, j] = rest / out[..., j, j] if i > j else rest
    return out


def heavy(*size):
    """Matrices with large diagonals, which need no exchange of rows."""
    return normal(*size) + 4 * np.eye(size[-1])


SAMPLES = {
    elimination.LuGrad: [
        Sample(elimination.LuGrad.apply, x, reference=eliminated)
        for x in (
            heavy(3, 3),
            heavy(2, 2, 2),
            heavy(1, 1),
            heavy(0, 2, 2),
            fortran(heavy(3, 3)),
            strided(heavy(2, 2)[:, ::-1]),
        )
    ]
}
