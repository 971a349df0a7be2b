"""Images in another size, as `tf.image.resize` computes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from keratorch.errors import suggest


def _triangle(x: np.ndarray) -> np.ndarray:
    return np.maximum(1 - x, 0)


def _cubic(x: np.ndarray, b: float, c: float) -> np.ndarray:
    """Mitchell and Netravali's family of cubic filters."""
    near = (12 - 9 * b - 6 * c) * x**3 + (-18 + 12 * b + 6 * c) * x**2 + (6 - 2 * b)
    far = (-b - 6 * c) * x**3 + (6 * b + 30 * c) * x**2
    far = far + (-12 * b - 48 * c) * x + (8 * b + 24 * c)
    return np.where(x < 1, near, np.where(x < 2, far, 0)) / 6


def _lanczos(x: np.ndarray, radius: float) -> np.ndarray:
    return np.where(x < radius, np.sinc(x) * np.sinc(x / radius), 0)


def _gaussian(x: np.ndarray) -> np.ndarray:
    return np.where(x < 1.5, np.exp(-(x**2) / (2 * 0.5**2)), 0)


_FILTERS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "bilinear": _triangle,
    "bicubic": lambda x: _cubic(x, 0, 0.5),
    "mitchellcubic": lambda x: _cubic(x, 1 / 3, 1 / 3),
    "lanczos3": lambda x: _lanczos(x, 3),
    "lanczos5": lambda x: _lanczos(x, 5),
    "gaussian": _gaussian,
}
_NEIGHBOURS = 6  # with more of them a product of matrices is faster
INTERPOLATIONS = (*_FILTERS, "area", "nearest")


def check_interpolation(interpolation: str) -> str:
    """Return the name of an interpolation in lower case.

    Raises
    ------
    ValueError : no such interpolation.
    """
    name = str(interpolation).lower()
    if name not in INTERPOLATIONS:
        raise ValueError(
            f"interpolation {interpolation!r} is unknown. "
            f"{suggest(name, INTERPOLATIONS)}"
        )
    return name


def resize(
    x: Any,
    size: tuple[int, int],
    interpolation: str = "bilinear",
    data_format: str = "channels_last",
) -> np.ndarray:
    """Return images in another size.

    Each axis by itself: a new pixel's middle lies at c = (i + 1/2) * old / new - 1/2,
    and its value is the mean of the old pixels j weighted by k(|j - c|), where k is the
    filter that the interpolation is named after. When images shrink, the filter does
    not widen. 'nearest' takes one old pixel, 'area' the mean over the new pixel's area.

    Parameters
    ----------
    x : (..., height, width, channels), or (..., channels, height, width).
    size : (height, width) wanted.
    interpolation : one of `INTERPOLATIONS`.
    data_format : 'channels_last' or 'channels_first'.

    Returns
    -------
    array of the new size, float32, or of x's type with 'nearest'.

    Examples
    --------
    >>> row = np.array([0.0, 4.0]).reshape(1, 2, 1)
    >>> resize(row, (1, 4))[0, :, 0]
    array([0., 1., 3., 4.], dtype=float32)
    """
    name = check_interpolation(interpolation)
    x = np.asarray(x)
    axes = (-3, -2) if data_format == "channels_last" else (-2, -1)
    for axis, new in zip(axes, size, strict=True):
        old = x.shape[axis]
        if name == "nearest":
            places = (np.arange(new) + 0.5) * (old / new)
            x = np.take(x, np.minimum(places.astype(int), old - 1), axis)
        elif new != old:
            x = _mixed(x, _weights(name, old, new), axis)
    return x if name == "nearest" else x.astype(np.float32)


def _mixed(x: np.ndarray, weights: np.ndarray, axis: int) -> np.ndarray:
    """Return sums of pixels along an axis: of few neighbours each, or by a product.

    Parameters
    ----------
    weights : (new, old), the share of each old pixel in each new one.
    """
    used = weights != 0
    first = used.argmax(1)
    count = int((weights.shape[1] - used[:, ::-1].argmax(1) - first).max())
    if count > _NEIGHBOURS:
        return np.moveaxis(np.tensordot(weights, x, (1, axis)), 0, axis)
    first = np.minimum(first, weights.shape[1] - count)
    rows = np.arange(len(weights))
    shape = [1] * x.ndim
    shape[axis] = len(weights)
    result = np.zeros((), np.float32)
    for step in range(count):
        shares = weights[rows, first + step].astype(np.float32).reshape(shape)
        result = result + np.take(x, first + step, axis) * shares
    return result


def crop_to_ratio(x: np.ndarray, size: tuple[int, int], data_format: str) -> np.ndarray:
    """Return the largest middle part of images that has the proportions of `size`."""
    axes = (-3, -2) if data_format == "channels_last" else (-2, -1)
    height, width = (x.shape[axis] for axis in axes)
    crops = int(width * size[0] / size[1]), int(height * size[1] / size[0])
    where: list[Any] = [slice(None)] * x.ndim
    for axis, old, crop in zip(axes, (height, width), crops, strict=True):
        kept = max(min(old, crop), 1)
        start = int((old - kept) / 2)
        where[axis] = slice(start, start + kept)
    return x[tuple(where)]


def resize_with_pad(
    x: np.ndarray, size: tuple[int, int], interpolation: str
) -> np.ndarray:
    """Return an image resized in its proportions, amid zeros that fill `size`.

    Parameters
    ----------
    x : (height, width, channels).
    """
    height, width, channels = x.shape
    ratio = max(height / size[0], width / size[1])
    inner = max(int(height / ratio), 1), max(int(width / ratio), 1)
    top, left = (size[0] - inner[0]) // 2, (size[1] - inner[1]) // 2
    image = np.zeros((*size, channels), np.float32)
    image[top : top + inner[0], left : left + inner[1]] = resize(
        x, inner, interpolation
    )
    return image


def _weights(name: str, old: int, new: int) -> np.ndarray:
    """Return (new, old) weights whose rows add up to 1."""
    if name == "area":
        edges = np.arange(new + 1) * (old / new)
        low = np.maximum(edges[:-1, None], np.arange(old))
        high = np.minimum(edges[1:, None], np.arange(1, old + 1))
        weights = np.maximum(high - low, 0)
    else:
        middles = (np.arange(new) + 0.5) * (old / new) - 0.5
        if name == "bilinear":
            middles = np.clip(middles, 0, old - 1)
        weights = _FILTERS[name](np.abs(middles[:, None] - np.arange(old)))
    return weights / weights.sum(1, keepdims=True)
