"""Images cut into patches and put together, and how alike two of them are."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.grads.indexing import ScatterAddGrad
from keratorch.kernels.windows import Windows, whole_numbers
from keratorch.ops.arrays import as_floats, cast, keeps_integers
from keratorch.ops.layout import images, restored


@keeps_integers
def unfold(
    x: Any, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1
) -> Any:
    """The windows on images, one a column.

    Parameters
    ----------
    x : (batch, channels, height, width).
    kernel_size, dilation, padding, stride : int, or one for each axis, as in `conv`.

    Returns
    -------
    out : (batch, channels * window height * window width, windows).

    Raises
    ------
    ValueError : x has not four axes, or no window fits.

    >>> x = np.arange(4.0).reshape(1, 1, 2, 2)
    >>> unfold(x, (1, 2)).numpy()
    array([[[0., 2.],
            [1., 3.]]])
    """
    x = as_floats(x)
    if x.ndim != 4:
        raise ValueError(
            "unfold needs images of shape (batch, channels, height, width); received "
            f"shape {x.shape}."
        )
    pads = whole_numbers("padding", padding, 2, least=0)
    windows = Windows.of(x.shape[2:], kernel_size, stride, pads, dilation)
    if any(pads):
        x = np.pad(x, [(0, 0), (0, 0), *windows.padding])
    columns = x[_patches(windows, windows.counts(_cropped(x.shape[2:], pads)))]
    patch = int(np.prod(columns.shape[1:4]))
    return np.reshape(columns, (len(x), patch, int(np.prod(columns.shape[4:]))))


def fold(
    x: Any,
    output_size: Any,
    kernel_size: Any,
    dilation: Any = 1,
    padding: Any = 0,
    stride: Any = 1,
) -> Any:
    """The sum of windows put back where `unfold` took them from.

    Parameters
    ----------
    x : (batch, channels * window height * window width, windows).
    output_size : int or (height, width) of the images.
    kernel_size, dilation, padding, stride : those of `unfold`.

    Returns
    -------
    out : (batch, channels, height, width).

    Raises
    ------
    ValueError : x has not as many columns, or rows, as the windows need.

    >>> x = np.arange(4.0).reshape(1, 1, 2, 2)
    >>> fold(unfold(x, (1, 2)), 2, (1, 2)).numpy()
    array([[[[0., 1.],
             [2., 3.]]]])
    """
    x = as_floats(x)
    size = whole_numbers("output_size", output_size, 2)
    pads = whole_numbers("padding", padding, 2, least=0)
    windows = Windows.of(size, kernel_size, stride, pads, dilation)
    counts = windows.counts(size)
    places = int(np.prod(windows.size))
    if x.ndim != 3 or x.shape[1] % places or x.shape[2] != int(np.prod(counts)):
        raise ValueError(
            f"fold needs x of shape (batch, channels * {places}, "
            f"{int(np.prod(counts))}) for windows of size {windows.size}, {counts} of "
            f"them on images of size {size}; received shape {x.shape}."
        )
    channels = x.shape[1] // places
    columns = np.reshape(x, (len(x), channels, *windows.size, *counts))
    height, width = (n + 2 * pad for n, pad in zip(size, pads, strict=True))
    shape = (len(x), channels, height, width)
    whole = ScatterAddGrad.apply(columns, _patches(windows, counts), shape)
    return whole[:, :, pads[0] : height - pads[0], pads[1] : width - pads[1]]


def _cropped(lengths: tuple, pads: tuple) -> tuple[int, ...]:
    return tuple(n - 2 * pad for n, pad in zip(lengths, pads, strict=True))


def _patches(windows: Windows, counts: tuple[int, ...]) -> tuple:
    """Return the index of windows on padded images: (size, size, count, count)."""
    rows, columns = (
        np.add.outer(np.arange(size) * dilation, np.arange(count) * stride)
        for size, dilation, count, stride in zip(
            windows.size, windows.dilation, counts, windows.strides, strict=True
        )
    )
    both = slice(None)
    return both, both, rows[:, None, :, None], columns[None, :, None, :]


@keeps_integers
def depth_to_space(
    x: Any, block_size: int, data_format: str | None = "channels_last"
) -> Any:
    """Blocks of places out of channels: fewer of these, larger images.

    Parameters
    ----------
    x : (batch, height, width, channels), or channels first.
    block_size : int >= 2, whose square divides the number of channels.
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.

    Returns
    -------
    out : (batch, height * block_size, width * block_size, channels / block_size**2).

    Raises
    ------
    ValueError : shapes that do not fit.

    >>> depth_to_space([[[[1.0, 2.0, 3.0, 4.0]]]], 2).numpy()[0, :, :, 0]
    array([[1., 2.],
           [3., 4.]], dtype=float32)
    """
    x, first = _blocks("depth_to_space", x, block_size, data_format)
    n, height, width, channels = x.shape
    if channels % block_size**2:
        raise ValueError(
            "depth_to_space: block_size**2 must divide the number of channels; "
            f"received block_size={block_size} for {channels} channels."
        )
    depth = channels // block_size**2
    # Keras counts the places of a block before the channels if these come last
    split = (
        (depth, block_size, block_size) if first else (block_size, block_size, depth)
    )
    x = np.reshape(x, (n, height, width, *split))
    order = (0, 1, 4, 2, 5, 3) if first else (0, 1, 3, 2, 4, 5)
    shape = (n, height * block_size, width * block_size, depth)
    return restored(np.reshape(np.transpose(x, order), shape), first)


@keeps_integers
def space_to_depth(
    x: Any, block_size: int, data_format: str | None = "channels_last"
) -> Any:
    """Channels out of blocks of places: the inverse of `depth_to_space`.

    Parameters
    ----------
    x : (batch, height, width, channels), or channels first.
    block_size : int >= 2 that divides the height and the width.
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.

    Raises
    ------
    ValueError : shapes that do not fit.

    >>> space_to_depth([[[[1.0], [2.0]], [[3.0], [4.0]]]], 2).numpy()
    array([[[[1., 2., 3., 4.]]]], dtype=float32)
    """
    x, first = _blocks("space_to_depth", x, block_size, data_format)
    n, height, width, channels = x.shape
    if height % block_size or width % block_size:
        raise ValueError(
            "space_to_depth: block_size must divide the height and the width; received "
            f"block_size={block_size} for images of {height} by {width}."
        )
    rows, columns = height // block_size, width // block_size
    x = np.reshape(x, (n, rows, block_size, columns, block_size, channels))
    order = (0, 1, 3, 5, 2, 4) if first else (0, 1, 3, 2, 4, 5)
    shape = (n, rows, columns, channels * block_size**2)
    return restored(np.reshape(np.transpose(x, order), shape), first)


def _blocks(name: str, x: Any, block_size: int, data_format: str | None) -> tuple:
    x, first = images(name, x, data_format)
    if x.ndim != 4 or block_size < 2:
        raise ValueError(
            f"{name} needs images with four axes and a block_size of 2 or more; "
            f"received {x.ndim} axes and block_size={block_size}."
        )
    return x, first


def psnr(x1: Any, x2: Any, max_val: float) -> Any:
    """The peak signal-to-noise ratio in decibels: 10 log10(max_val**2 / mse).

    Parameters
    ----------
    x1, x2 : array_like of one shape.
    max_val : float, the largest value that a signal can have.

    Raises
    ------
    ValueError : different shapes.

    >>> float(psnr([1.0, 0.0], [0.9, 0.1], max_val=1.0).numpy().round(2))
    20.0
    """
    x1 = as_floats(x1)
    x2 = cast(x2, x1.dtype)
    if x1.shape != x2.shape:
        raise ValueError(
            f"psnr needs two signals of one shape; received {x1.shape} and {x2.shape}."
        )
    return 20 * float(np.log10(max_val)) - 10 * np.log10(np.square(x1 - x2).mean())
