"""What is done to gradients before they change weights: check, add up, clip.

None of these functions changes the arrays it is given.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from keratorch.core import GradArray
from keratorch.optimizers.parameters import label

# Elements up to which BLAS multiplies two vectors on one thread: the last digit of a
# product on several would depend on their number.
ALONE = 8_192


def check_gradient(gradient: Any, variable: GradArray, position: int) -> np.ndarray:
    """Return a gradient as an ndarray of its variable's shape and dtype.

    Raises
    ------
    ValueError : another shape, or a variable that cannot be written.
    TypeError : something other than real numbers.
    """
    weight = variable._array
    if (
        type(gradient) is np.ndarray
        and gradient.shape == weight.shape
        and gradient.dtype is weight.dtype
        and weight.flags.writeable
    ):
        return gradient  # as most are
    if not weight.flags.writeable:
        raise ValueError(
            f"{label(variable, position)!r} is read-only: it cannot be updated in "
            "place. Make it from a copy of its array."
        )
    array = np.asarray(getattr(gradient, "_array", gradient))
    if array.shape != weight.shape:
        raise ValueError(
            f"The gradient of {label(variable, position)!r} must have its shape "
            f"{weight.shape}; received shape {array.shape}. Are gradients and "
            "variables in the same order?"
        )
    if array.dtype.kind not in "fiub":
        raise TypeError(
            f"The gradient of {label(variable, position)!r} must hold real numbers; "
            f"received dtype {array.dtype}."
        )
    return array if array.dtype == weight.dtype else array.astype(weight.dtype)


def scale(gradients: Sequence[np.ndarray], factor: float) -> list[np.ndarray]:
    """Multiply each gradient by a number, in its own dtype."""
    return [np.multiply(x, x.dtype.type(factor)) for x in gradients]


def clip_by_value(gradients: Sequence[np.ndarray], limit: float) -> list[np.ndarray]:
    """Limit each element to [-limit, limit].

    Examples
    --------
    >>> clip_by_value([np.array([0.5, -3.0])], limit=1.0)
    [array([ 0.5, -1. ])]
    """
    return [
        np.clip(g, -limit, limit).astype(g.dtype, copy=False)  # NumPy 1 promotes 0-d
        for g in gradients
    ]


def norm_factor(gradients: Sequence[np.ndarray], limit: float) -> float:
    """Return by what to multiply arrays whose norm together is to be at most `limit`.

    min(limit / norm, 1)

    Examples
    --------
    >>> norm_factor([np.array([3.0, 4.0])], limit=1.0), norm_factor([np.ones(1)], 1.0)
    (0.2, 1.0)
    """
    return _factor(norm(gradients), limit, beyond=0.0)


def global_norm_factor(gradients: Sequence[np.ndarray], limit: float) -> float:
    """Return by what to multiply all gradients: their norm is to be at most `limit`.

    Where that norm is NaN or infinite, the factor is NaN, as in Keras.

    Source: Pascanu et al. (2013), 'On the difficulty of training recurrent networks'.

    Examples
    --------
    >>> global_norm_factor([np.array([3.0]), np.array([4.0])], limit=1.0)
    0.2
    """
    return _factor(norm(gradients), limit, beyond=math.nan)


def norm(arrays: Sequence[np.ndarray]) -> float:
    """Return the square root of the sum of all squared elements.

    Examples
    --------
    >>> norm([np.array([3.0]), np.array([4.0])])
    5.0
    """
    return math.sqrt(sum(map(_sum_of_squares, arrays)))


def _sum_of_squares(array: np.ndarray) -> float:
    flat = array.reshape(-1)
    if flat.dtype == np.float16:
        flat = flat.astype(np.float32)
    if flat.size <= ALONE:
        return float(flat @ flat)
    parts = (flat[i : i + ALONE] for i in range(0, flat.size, ALONE))
    return sum([float(part @ part) for part in parts])


def _factor(size: float, limit: float, beyond: float) -> float:
    """Return min(limit / size, 1), or `beyond` where the size is infinite."""
    if size <= limit:
        return 1.0
    return beyond if math.isinf(size) else limit / size
