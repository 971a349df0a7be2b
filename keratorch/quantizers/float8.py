"""Floats of 8 bits: how they round, and the scale that keeps numbers in their range."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from keratorch.ops.conversion import convert_to_tensor


class _Format(NamedTuple):
    """A float of 8 bits: its largest number, bits of the fraction, least exponent."""

    largest: float
    fraction: int
    exponent: int


_FORMATS = {
    "float8_e4m3fn": _Format(448.0, 3, -6),
    "float8_e5m2": _Format(57344.0, 2, -14),
}


def compute_float8_scale(
    amax: Any, scale: Any, dtype_max: float, margin: int = 0
) -> Any:
    """Return the scale by which numbers up to `amax` are divided to fit a float.

    out = amax * 2**margin / dtype_max, and `scale` where `amax` is 0 or infinite.

    Parameters
    ----------
    amax : array, the largest number seen.
    scale : array, the scale so far.
    dtype_max : float, the largest number of the type, such as 448.
    margin : int, how many powers of 2 are left free.

    Examples
    --------
    >>> import numpy as np
    >>> compute_float8_scale(np.array([896.0, 0]), np.array([1.0, 3.0]), 448.0).numpy()
    array([2., 3.])
    """
    amax, scale = convert_to_tensor(amax), convert_to_tensor(scale)
    usable = (amax > 0) & np.isfinite(amax)
    with np.errstate(divide="ignore"):
        factor = dtype_max / amax / 2**margin
    return np.reciprocal(np.where(usable, factor, np.reciprocal(scale)))


def compute_float8_amax_history(x: Any, amax_history: Any) -> Any:
    """Move a history by one step, and put the largest size of `x` in front.

    Parameters
    ----------
    x : array.
    amax_history : (steps,), the largest sizes of the steps before.

    Examples
    --------
    >>> import numpy as np
    >>> compute_float8_amax_history(np.array([1.0, -5]), np.array([2.0, 3, 4])).numpy()
    array([5., 4., 2.])
    """
    history = convert_to_tensor(amax_history)
    newest = np.max(np.abs(convert_to_tensor(x))).astype(history.dtype)
    return np.concatenate([newest.reshape(1), np.roll(history, -1)[1:]])


def quantize_and_dequantize(
    inputs: Any, scale: Any, quantized_dtype: str, compute_dtype: str
) -> Any:
    """Round numbers as floats of 8 bits would hold them.

    Parameters
    ----------
    inputs : array.
    scale : array, by which the inputs are divided before, and multiplied after.
    quantized_dtype : 'float8_e4m3fn' or 'float8_e5m2'.
    compute_dtype : str, the type of the output.

    Raises
    ------
    ValueError : another `quantized_dtype`.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([1.0, 1.05, 1.1, 1000.0])
    >>> quantize_and_dequantize(x, 1.0, "float8_e4m3fn", "float64").numpy()
    array([  1.   ,   1.   ,   1.125, 448.   ])
    """
    if str(quantized_dtype) not in _FORMATS:
        raise ValueError(
            f"quantize_and_dequantize: quantized_dtype must be one of "
            f"{', '.join(map(repr, _FORMATS))}; received {quantized_dtype!r}."
        )
    form = _FORMATS[str(quantized_dtype)]
    scale = np.asarray(convert_to_tensor(scale)).astype(compute_dtype)
    x = np.asarray(convert_to_tensor(inputs)).astype(compute_dtype) / scale
    x = np.clip(x, -form.largest, form.largest)
    exponent = np.maximum(np.frexp(x)[1] - 1, form.exponent)
    step = np.ldexp(np.ones((), x.dtype), exponent - form.fraction)
    return convert_to_tensor((np.round(x / step) * step * scale).astype(compute_dtype))
