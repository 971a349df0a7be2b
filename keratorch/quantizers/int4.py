"""Two numbers of 4 bits in each byte."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.ops.conversion import convert_to_numpy, convert_to_tensor

_BYTES = ("int8", "uint8")


def pack_int4(arr: Any, axis: int = 0, dtype: str = "int8") -> tuple:
    """Put neighbours along an axis into one byte, the first into its lower half.

    Parameters
    ----------
    arr : array of `dtype` with numbers from -8 to 7, or from 0 to 15.
    axis : int. A 0 is added to an odd number of neighbours.
    dtype : 'int8' or 'uint8'.

    Returns
    -------
    The bytes, their shape, and the length of the axis before.

    Raises
    ------
    ValueError : another `dtype`.
    TypeError : an array of another type.

    Examples
    --------
    >>> import numpy as np
    >>> packed, shape, length = pack_int4(np.array([1, 2, -1], np.int8))
    >>> packed.numpy(), shape, length
    (array([33, 15], dtype=int8), (2,), 3)
    >>> unpack_int4(packed, length).numpy()
    array([ 1,  2, -1], dtype=int8)
    """
    _check_dtype("pack_int4", dtype)
    values = convert_to_numpy(arr)
    if values.dtype != dtype:
        raise TypeError(
            f"pack_int4: arr must have dtype {dtype}; received {values.dtype}. Use "
            f"arr.astype({dtype!r})."
        )
    front = np.moveaxis(values, axis, 0)
    length = front.shape[0]
    if length % 2:
        front = np.concatenate([front, np.zeros_like(front[:1])])
    low, high = (front[i::2].view(np.uint8) & 15 for i in (0, 1))
    packed = np.moveaxis((low | (high << 4)).view(dtype), 0, axis)
    return convert_to_tensor(packed), packed.shape, length


def unpack_int4(packed: Any, orig_len: int, axis: int = 0, dtype: str = "int8") -> Any:
    """Take the two numbers out of each byte that `pack_int4` made.

    Parameters
    ----------
    packed : array of `dtype`.
    orig_len : int, the length of the axis before it was packed.
    axis : int, along which it was packed.
    dtype : 'int8' for numbers from -8 to 7, 'uint8' for 0 to 15.

    Raises
    ------
    ValueError : another `dtype`.
    TypeError : an array of another type.

    Examples
    --------
    >>> import numpy as np
    >>> unpack_int4(np.array([[-8, 16]], np.int8), 3, axis=1).numpy()
    array([[-8, -1,  0]], dtype=int8)
    """
    _check_dtype("unpack_int4", dtype)
    values = convert_to_numpy(packed)
    if values.dtype != dtype:
        raise TypeError(
            f"unpack_int4: packed must have dtype {dtype}; received {values.dtype}."
        )
    front = np.ascontiguousarray(np.moveaxis(values, axis, 0)).view(np.uint8)
    halves = np.stack([front & 15, front >> 4], axis=1).astype(np.int8)
    if dtype == "int8":
        halves -= (halves > 7) * np.int8(16)
    both = halves.reshape(-1, *front.shape[1:])[:orig_len].astype(dtype)
    return convert_to_tensor(np.moveaxis(both, 0, axis))


def _check_dtype(function: str, dtype: str) -> None:
    if dtype not in _BYTES:
        raise ValueError(
            f"{function}: dtype must be 'int8' or 'uint8'; received {dtype!r}."
        )
