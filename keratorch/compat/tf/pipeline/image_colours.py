"""``tf.image``: colours, brightness and contrast."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import ops
from keratorch.compat.tf.pipeline.image_dtypes import (
    as_before,
    as_floats,
    cast,
    convert_image_dtype,
    image_of,
)
from keratorch.utils.element import as_element

_GREY = np.array([[0.2989], [0.587], [0.114]], np.float32)
_YUV = np.array(
    [
        [0.299, -0.14714119, 0.61497538],
        [0.587, -0.28886916, -0.51496512],
        [0.114, 0.43601035, -0.10001026],
    ],
    np.float32,
)
_FROM_YUV = np.array(
    [[1, 1, 1], [0, -0.394642334, 2.03206185], [1.13988303, -0.58062185, 0]],
    np.float32,
)
_YIQ = np.array(
    [
        [0.299, 0.59590059, 0.21153661],
        [0.587, -0.27455667, -0.52273617],
        [0.114, -0.32134392, 0.31119955],
    ],
    np.float32,
)
_FROM_YIQ = np.array(
    [
        [1, 1, 1],
        [0.95598634, -0.27201283, -1.10674021],
        [0.6208248, -0.64720424, 1.70423049],
    ],
    np.float32,
)


def _coloured(image: Any) -> Any:
    image = image_of(image)
    if np.shape(image)[-1] != 3:
        raise ValueError(
            f"images must have 3 channels; received shape {np.shape(image)}."
        )
    return image


def rgb_to_grayscale(images: Any, name: str | None = None) -> Any:
    """Return the brightness of RGB images, with one channel."""
    floats, old = as_floats(_coloured(images))
    return as_before(np.matmul(floats, _GREY.astype(floats.dtype)), old, False)


def grayscale_to_rgb(images: Any, name: str | None = None) -> Any:
    """Return grey images with three equal channels."""
    return np.repeat(image_of(images), 3, axis=-1)


def rgb_to_hsv(images: Any, name: str | None = None) -> Any:
    """Return hue, saturation and value, each in 0..1, of RGB images of floats."""
    return _as_image(ops.image.rgb_to_hsv(_coloured(images), "channels_last"), images)


def hsv_to_rgb(images: Any, name: str | None = None) -> Any:
    """Return RGB images of floats from hue, saturation and value."""
    return _as_image(ops.image.hsv_to_rgb(_coloured(images), "channels_last"), images)


def rgb_to_yuv(images: Any) -> Any:
    """Return brightness and two differences of colour of RGB images of floats."""
    return np.matmul(_coloured(images), _YUV)


def yuv_to_rgb(images: Any) -> Any:
    """Return RGB images of floats from what `rgb_to_yuv` gives."""
    return np.matmul(_coloured(images), _FROM_YUV)


def rgb_to_yiq(images: Any) -> Any:
    """Return brightness and two colours of RGB images of floats."""
    return np.matmul(_coloured(images), _YIQ)


def yiq_to_rgb(images: Any) -> Any:
    """Return RGB images of floats from what `rgb_to_yiq` gives."""
    return np.matmul(_coloured(images), _FROM_YIQ)


def adjust_brightness(image: Any, delta: float) -> Any:
    """Return images with `delta`, a share of the range of values, added."""
    floats, old = as_floats(image_of(image))
    return as_before(floats + np.asarray(delta, floats.dtype)[()], old)


def adjust_contrast(images: Any, contrast_factor: float) -> Any:
    """Return ``(x - mean) * contrast_factor + mean``, a mean for each channel."""
    floats, old = as_floats(image_of(images, "images"))
    mean = np.mean(floats, axis=(-3, -2), keepdims=True)
    factor = np.asarray(contrast_factor, floats.dtype)[()]
    return as_before((floats - mean) * factor + mean, old)


def adjust_gamma(image: Any, gamma: float = 1, gain: float = 1) -> Any:
    """Return ``gain * x**gamma``.

    Raises
    ------
    ValueError : a negative `gamma`.
    """
    if gamma < 0:
        raise ValueError(f"gamma must be >= 0; received {gamma}.")
    floats, old = as_floats(image_of(image))
    return as_before(floats**gamma * gain, old)


def adjust_hue(image: Any, delta: float, name: str | None = None) -> Any:
    """Return RGB images with `delta` turns of the colour wheel added to their hue."""
    floats, old = as_floats(_coloured(image))
    hsv = rgb_to_hsv(floats)
    hue = np.mod(hsv[..., :1] + np.asarray(delta, floats.dtype)[()], 1)
    turned = hsv_to_rgb(np.concatenate([hue, hsv[..., 1:]], axis=-1))
    return as_before(turned, old)


def adjust_saturation(
    image: Any, saturation_factor: float, name: str | None = None
) -> Any:
    """Return RGB images with their saturation multiplied, at most 1."""
    floats, old = as_floats(_coloured(image))
    hsv = rgb_to_hsv(floats)
    factor = np.asarray(saturation_factor, floats.dtype)[()]
    saturation = np.clip(hsv[..., 1:2] * factor, 0, 1)
    parts = [hsv[..., :1], saturation, hsv[..., 2:]]
    return as_before(hsv_to_rgb(np.concatenate(parts, axis=-1)), old)


def per_image_standardization(image: Any) -> Any:
    """Return ``(x - mean) / max(deviation, 1 / sqrt(pixels))`` of each image."""
    image = image_of(image)
    if np.dtype(image.dtype).kind != "f":
        image = cast(image, np.dtype(np.float32))
    axes = (-3, -2, -1)
    count = np.prod(np.shape(image)[-3:])
    mean = np.mean(image, axis=axes, keepdims=True)
    deviation = np.sqrt(np.mean((image - mean) ** 2, axis=axes, keepdims=True))
    least = np.asarray(1 / np.sqrt(count), image.dtype)[()]
    return (image - mean) / np.maximum(deviation, least)


def _as_image(result: Any, given: Any) -> Any:
    """Return an array for an array."""
    plain = hasattr(result, "numpy") and not getattr(result, "requires_grad", True)
    return as_element(result.numpy()) if plain else result


__all__ = [
    "adjust_brightness",
    "adjust_contrast",
    "adjust_gamma",
    "adjust_hue",
    "adjust_saturation",
    "convert_image_dtype",
    "grayscale_to_rgb",
    "hsv_to_rgb",
    "per_image_standardization",
    "rgb_to_grayscale",
    "rgb_to_hsv",
    "rgb_to_yiq",
    "rgb_to_yuv",
    "yiq_to_rgb",
    "yuv_to_rgb",
]
