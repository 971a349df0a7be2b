"""Whole numbers of few bits with a scale and a zero for each block of a matrix."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from keratorch.ops.conversion import convert_to_numpy, convert_to_tensor


def abs_max_quantize_grouped_with_zero_point(
    inputs: Any,
    block_size: int,
    value_range: tuple[int, int] = (-8, 7),
    dtype: str = "int8",
    epsilon: float = 1e-7,
    to_numpy: bool = False,
) -> tuple:
    """Round a matrix to whole numbers that cover the range of each block of rows.

    scale = (max - min + epsilon) / (value_range[1] - value_range[0])
    zero = clip(round(-min / scale) + value_range[0], *value_range)
    whole = clip(round(inputs / scale) + zero, *value_range)

    Parameters
    ----------
    inputs : (rows, columns), floats.
    block_size : int > 0, how many rows share a scale in each column. Rows of zeros fill
        the last block up.
    value_range : (smallest, largest) whole number.
    dtype : str, the type of the whole numbers.
    epsilon : float, so that a block of equal numbers can be scaled.
    to_numpy : bool; it changes nothing, since arrays here are NumPy's.

    Returns
    -------
    whole : (rows, columns); scale, zero : (blocks, columns), `zero` of int8:
    ``(whole - zero) * scale`` is about `inputs`.

    Raises
    ------
    ValueError : `inputs` has other than two axes, or `block_size` is not positive.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([[0.0], [1.5], [4.0], [5.5]])
    >>> whole, scale, zero = abs_max_quantize_grouped_with_zero_point(x, 2)
    >>> whole.numpy()[:, 0], zero.numpy()[:, 0]
    (array([-8,  7,  7,  7], dtype=int8), array([-8, -8], dtype=int8))
    """
    x = convert_to_numpy(inputs)
    if x.ndim != 2 or block_size < 1:
        raise ValueError(
            "abs_max_quantize_grouped_with_zero_point: inputs must be a matrix and "
            f"block_size at least 1; received shape {x.shape} and {block_size}."
        )
    rows, columns = x.shape
    groups = math.ceil(rows / block_size)
    smallest, largest = value_range
    filled = np.zeros((groups * block_size, columns), x.dtype)
    filled[:rows] = x
    blocks = filled.reshape(groups, block_size, columns)
    low, high = (f(blocks, axis=1, keepdims=True) for f in (np.min, np.max))
    scale = ((high - low) + epsilon) / (largest - smallest)
    zero = np.clip(np.round(-low / scale) + smallest, smallest, largest)
    whole = np.clip(np.round(blocks / scale) + zero, smallest, largest)
    return (
        convert_to_tensor(whole.reshape(-1, columns)[:rows].astype(dtype)),
        convert_to_tensor(scale[:, 0].astype(x.dtype)),
        convert_to_tensor(zero[:, 0].astype("int8")),
    )
