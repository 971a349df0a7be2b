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


def check_gradient(gradient: Any, variable: GradArray, position: int) -> np.ndarray:
    """Return a gradient as an ndarray of its variable's shape and dtype.

    Raises
    ------
    ValueError : another shape, or a variable that cannot be written.
    TypeError : something other than real numbers.
    """
    weight = variable._array
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


def clip_by_norm(gradients: Sequence[np.ndarray], limit: float) -> list[np.ndarray]:
    """Scale each gradient g by limit / max(|g|, limit): its norm is at most `limit`.

    Examples
    --------
    >>> clip_by_norm([np.array([3.0, 4.0]), np.array([0.5])], limit=1.0)
    [array([0.6, 0.8]), array([0.5])]
    """
    return [_shrink([gradient], limit)[0] for gradient in gradients]


def clip_by_global_norm(
    gradients: Sequence[np.ndarray], limit: float
) -> list[np.ndarray]:
    """Scale all gradients by one factor: the norm of all together is at most `limit`.

    Where that norm is NaN or infinite, all become NaN, as in Keras.

    Source: Pascanu et al. (2013), 'On the difficulty of training recurrent networks'.

    Examples
    --------
    >>> clip_by_global_norm([np.array([3.0]), np.array([4.0])], limit=1.0)
    [array([0.6]), array([0.8])]
    """
    return _shrink(gradients, limit, beyond=math.nan)


def norm(arrays: Sequence[np.ndarray]) -> float:
    """Return the square root of the sum of all squared elements.

    Examples
    --------
    >>> norm([np.array([3.0]), np.array([4.0])])
    5.0
    """
    # A product by BLAS would be faster, but its last digit depends on the threads.
    squares = [np.square(x, dtype=np.result_type(x.dtype, np.float32)) for x in arrays]
    return math.sqrt(sum(float(np.sum(x)) for x in squares))


def _shrink(
    gradients: Sequence[np.ndarray], limit: float, beyond: float = 0.0
) -> list[np.ndarray]:
    """Scale by min(limit / norm, 1), or by `beyond` where the norm is infinite."""
    size = norm(gradients)
    if size <= limit:
        return list(gradients)
    return scale(gradients, beyond if math.isinf(size) else limit / size)
