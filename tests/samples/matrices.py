"""Matrices that samples of linear algebra use, far from where derivatives end.

They come from a generator of their own, so that they stay what they are when other
families draw more samples.
"""

import numpy as np

_rng = np.random.default_rng(11)


def normal(*size):
    return _rng.normal(size=size)


def regular(*size):
    """Matrices far from singular ones."""
    return normal(*size) / 2 + 2 * np.eye(size[-1])


def spread(rows, columns):
    """A matrix whose singular values are far from each other and from 0."""
    u, _, vt = np.linalg.svd(normal(rows, columns), full_matrices=False)
    return u * np.arange(1.0, min(rows, columns) + 1) @ vt


def separated(*size):
    """Matrices with real eigenvalues far from each other."""
    return np.diag(2.0 * np.arange(size[-1])) + normal(*size) / 4


def symmetric(x):
    return x + x.swapaxes(-1, -2)


def positive_definite(x):
    return x @ x.swapaxes(-1, -2) + np.eye(x.shape[-1], dtype=x.dtype)
