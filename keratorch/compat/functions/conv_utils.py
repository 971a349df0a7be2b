"""Functions that `keras.utils.conv_utils` had, which layers of one's own call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from keratorch import config


def normalize_data_format(value: str | None) -> str:
    """Return 'channels_last' or 'channels_first'; None means the one set by `config`.

    Raises
    ------
    ValueError : another text.
    """
    value = config.image_data_format() if value is None else value
    data_format = str(value).lower()
    if data_format not in ("channels_first", "channels_last"):
        raise ValueError(
            "data_format must be 'channels_first' or 'channels_last'; received "
            f"{value!r}."
        )
    return data_format


def normalize_tuple(
    value: int | Sequence[int], n: int, name: str, allow_zero: bool = True
) -> tuple[int, ...]:
    """Return `n` integers, of which one may stand for all.

    Raises
    ------
    ValueError : another number of them.

    Examples
    --------
    >>> normalize_tuple(3, 2, "kernel_size")
    (3, 3)
    """
    if isinstance(value, int):
        return (value,) * n
    try:
        entries = tuple(map(int, value))
    except (TypeError, ValueError):
        entries = ()
    if len(entries) != n:
        raise ValueError(f"{name} must be {n} integers; received {value!r}.")
    return entries


def normalize_padding(value: str) -> str:
    """Return 'valid', 'same' or 'causal' in lower case.

    Raises
    ------
    ValueError : another text.
    """
    padding = value.lower()
    if padding not in ("valid", "same", "causal"):
        raise ValueError(
            f"padding must be 'valid', 'same' or 'causal'; received {value!r}."
        )
    return padding


def conv_output_length(
    input_length: Any, filter_size: int, padding: str, stride: int, dilation: int = 1
) -> Any:
    """Return the length of an axis after a convolution; None for one of None.

    Examples
    --------
    >>> conv_output_length(28, 3, "valid", 1), conv_output_length(28, 3, "same", 2)
    (26, 14)
    """
    if input_length is None:
        return None
    reach = (filter_size - 1) * dilation
    lost = _chosen(padding, same=0, causal=0, valid=reach, full=-reach)
    return (input_length - lost + stride - 1) // stride


def conv_input_length(
    output_length: Any, filter_size: int, padding: str, stride: int
) -> Any:
    """Return the length of an axis before a convolution; None for one of None."""
    if output_length is None:
        return None
    pad = _chosen(padding, same=filter_size // 2, valid=0, full=filter_size - 1)
    return (output_length - 1) * stride - 2 * pad + filter_size


def _chosen(padding: str, **known: int) -> int:
    """Return what belongs to a padding, or say which there are."""
    if padding not in known:
        names = ", ".join(map(repr, known))
        raise ValueError(f"padding must be one of {names}; received {padding!r}.")
    return known[padding]


def deconv_length(
    dim_size: Any,
    stride_size: int,
    kernel_size: int,
    padding: str,
    output_padding: int | None = None,
    data_format: str | None = None,
    dilation: int = 1,
) -> Any:
    """Return the length of an axis after a transposed convolution; None for None.

    Examples
    --------
    >>> deconv_length(7, 2, 5, "same"), deconv_length(7, 2, 5, "valid")
    (14, 17)
    """
    if dim_size is None:
        return None
    reach = kernel_size + (kernel_size - 1) * (dilation - 1)
    if output_padding is None:
        longer = {"valid": max(reach - stride_size, 0), "full": 2 - stride_size - reach}
        return dim_size * stride_size + longer.get(padding, 0)
    pad = _chosen(padding, same=reach // 2, valid=0, full=reach - 1)
    return (dim_size - 1) * stride_size + reach - 2 * pad + output_padding


__all__ = [
    "conv_input_length",
    "conv_output_length",
    "deconv_length",
    "normalize_data_format",
    "normalize_padding",
    "normalize_tuple",
]
