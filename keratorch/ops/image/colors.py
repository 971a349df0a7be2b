"""Colours: grey, and hue, saturation and value."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.ops.image.layout import Layout
from keratorch.symbolic import lifted

_GREY = (0.2989, 0.5870, 0.1140)


@lifted
def rgb_to_grayscale(images: Any, data_format: str | None = None) -> Any:
    """Grey images: 0.2989 red + 0.587 green + 0.114 blue.

    Parameters
    ----------
    images : (..., height, width, 3), one or a batch; with 1 channel they are returned
        as they are. Integers give integers.
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.

    Returns
    -------
    out : (..., height, width, 1).

    Raises
    ------
    ValueError : another number of axes or channels.

    >>> rgb_to_grayscale([[[1.0, 0.0, 0.0]]]).numpy()
    array([[[0.2989]]], dtype=float32)
    """
    layout = Layout("rgb_to_grayscale", images, data_format)
    channels = layout.images.shape[layout.channel_axis]
    if channels == 1:
        return layout.images
    if channels != 3:
        raise ValueError(
            "rgb_to_grayscale needs images with 3 channels, or 1; received shape "
            f"{layout.images.shape}."
        )
    x = layout.batch()
    grey = layout.restored((x @ np.array(_GREY, x.dtype))[..., None])
    return grey if layout.dtype.kind == "f" else grey.astype(layout.dtype)


@lifted
def rgb_to_hsv(images: Any, data_format: str | None = None) -> Any:
    """Hue, saturation and value, from 0 to 1, of red, green and blue from 0 to 1.

    Parameters
    ----------
    images : (..., height, width, 3) of floats, one or a batch.
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.

    Raises
    ------
    ValueError : integers, or another number of axes or channels.

    >>> rgb_to_hsv(np.array([[[0.0, 0.5, 0.0]]])).numpy().round(3)
    array([[[0.333, 1.   , 0.5  ]]])
    """
    layout = _colored("rgb_to_hsv", images, data_format)
    x = layout.batch()
    x = np.where(np.abs(x) < np.finfo(x.dtype).eps, np.zeros((), x.dtype), x)
    red, green, blue = x[..., 0], x[..., 1], x[..., 2]
    value = np.maximum(np.maximum(red, green), blue)
    spread = value - np.minimum(np.minimum(red, green), blue)
    colored, lit = spread > 0, value > 0
    one, zero = np.ones((), x.dtype), np.zeros((), x.dtype)
    unit = 1 / (6 * np.where(colored, spread, one))
    hue = np.where(
        value == red,
        unit * (green - blue),
        np.where(
            value == green, unit * (blue - red) + 2 / 6, unit * (red - green) + 4 / 6
        ),
    )
    negative = (hue < 0).astype(x.dtype)
    hue = np.where(colored, hue, zero) + negative
    saturation = np.where(lit, spread / np.where(lit, value, one), zero)
    return layout.restored(np.stack([hue, saturation, value], axis=-1))


@lifted
def hsv_to_rgb(images: Any, data_format: str | None = None) -> Any:
    """Red, green and blue of hue, saturation and value: the inverse of `rgb_to_hsv`.

    Parameters, errors: see `rgb_to_hsv`.

    >>> hsv_to_rgb(np.array([[[0.0, 1.0, 0.5]]])).numpy()
    array([[[0.5, 0. , 0. ]]])
    """
    layout = _colored("hsv_to_rgb", images, data_format)
    x = layout.batch()
    hue, saturation, value = x[..., 0] % 1 * 6, x[..., 1], x[..., 2]
    shares = (
        np.clip(np.abs(hue - 3) - 1, 0, 1),
        np.clip(2 - np.abs(hue - 2), 0, 1),
        np.clip(2 - np.abs(hue - 4), 0, 1),
    )
    channels = [value * (1 - saturation + saturation * share) for share in shares]
    return layout.restored(np.stack(channels, axis=-1))


def _colored(name: str, images: Any, data_format: str | None) -> Layout:
    layout = Layout(name, images, data_format)
    if layout.dtype.kind != "f":
        raise ValueError(
            f"{name} needs floats from 0 to 1; received dtype {layout.dtype}. Write "
            "images / 255."
        )
    if layout.images.shape[layout.channel_axis] != 3:
        raise ValueError(
            f"{name} needs images with 3 channels; received shape "
            f"{layout.images.shape}."
        )
    return layout
