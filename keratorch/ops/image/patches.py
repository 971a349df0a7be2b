"""Patches cut out of images and volumes."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.ops.arrays import as_floats, keeps_integers
from keratorch.ops.convolution import conv
from keratorch.ops.image.layout import checked_format
from keratorch.symbolic import lifted


@lifted
@keeps_integers
def extract_patches(
    images: Any,
    size: Any,
    strides: Any = None,
    dilation_rate: Any = 1,
    padding: str = "valid",
    data_format: str | None = None,
) -> Any:
    """Patches of images, each flattened onto the axis of the channels.

    Parameters
    ----------
    images : (..., height, width, channels), one or a batch; with three entries in
        `size` volumes (..., depth, height, width, channels).
    size : int, or the lengths of a patch.
    strides : int, or one for each axis; by default `size`.
    dilation_rate : int, or one for each axis, the step between pixels of a patch.
    padding : 'valid', or 'same' for zeros around.
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.

    Returns
    -------
    out : (..., rows, columns, patch height * patch width * channels).

    Raises
    ------
    TypeError, ValueError : sizes, strides or images that do not fit.

    >>> x = np.arange(4.0).reshape(2, 2, 1)
    >>> extract_patches(x, 2).numpy()
    array([[[0., 1., 2., 3.]]])
    """
    if not isinstance(size, (int, tuple, list)):
        raise TypeError(
            "extract_patches: size must be an int, or a tuple of int; received "
            f"{size!r}."
        )
    lengths = (size, size) if isinstance(size, int) else tuple(size)
    if len(lengths) not in (2, 3):
        raise ValueError(
            f"extract_patches: size must have 2 or 3 lengths; received {size!r}."
        )
    x = as_floats(images)
    single = x.ndim == len(lengths) + 1
    x = x[None] if single else x
    first = checked_format("extract_patches", data_format) == "channels_first"
    channels = x.shape[1 if first else -1]
    depth = int(np.prod(lengths)) * channels
    kernel = np.eye(depth, dtype=x.dtype).reshape(*lengths, channels, depth)
    out = conv(x, kernel, strides or lengths, padding, data_format, dilation_rate)
    return out[0] if single else out


@lifted
def extract_patches_3d(
    volumes: Any,
    size: Any,
    strides: Any = None,
    dilation_rate: Any = 1,
    padding: str = "valid",
    data_format: str | None = None,
) -> Any:
    """Patches of volumes: `extract_patches` with three lengths.

    Raises
    ------
    TypeError : a size that is no int and no three of them.

    >>> extract_patches_3d(np.ones((4, 4, 4, 1)), 2).shape
    (2, 2, 2, 8)
    """
    size = (size,) * 3 if isinstance(size, int) else size
    if not isinstance(size, (tuple, list)) or len(size) != 3:
        raise TypeError(
            "extract_patches_3d: size must be an int, or (depth, height, width); "
            f"received {size!r}. For images use extract_patches."
        )
    return extract_patches(volumes, size, strides, dilation_rate, padding, data_format)
