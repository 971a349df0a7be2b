"""The root by which a gradient is scaled, with an epsilon that keeps it from 0."""

from __future__ import annotations

import numpy as np


def write_root(
    square: np.ndarray, epsilon: float, out: np.ndarray, inside: bool = True
) -> None:
    """Write sqrt(square + epsilon), or else sqrt(square) + epsilon, into `out`.

    Parameters
    ----------
    square : array; it may be `out`.
    epsilon : float >= 0.
    out : array of the same shape.
    inside : bool, which of the two.

    Examples
    --------
    >>> out = np.array([9.0])
    >>> write_root(out, 7.0, out)
    >>> out.item()
    4.0
    """
    if inside:
        np.add(square, epsilon, out=out)
        np.sqrt(out, out=out)
    else:
        np.sqrt(square, out=out)
        out += epsilon
