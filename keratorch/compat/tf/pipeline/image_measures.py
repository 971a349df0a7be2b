"""``tf.image``: what images are like, and how alike two are."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import ops
from keratorch.compat.tf.pipeline.image_dtypes import (
    cast,
    convert_image_dtype,
    image_of,
    is_plain,
)
from keratorch.core import GradArray
from keratorch.utils.element import as_element
from keratorch.utils.pipeline.values import as_value


def psnr(a: Any, b: Any, max_val: float, name: str | None = None) -> Any:
    """Return ``10 * log10(max_val**2 / mean((a - b)**2))`` of each image, float32."""
    a, b = image_of(a, "a"), image_of(b, "b")
    top = _top(max_val, a)
    a, b = convert_image_dtype(a, "float32"), convert_image_dtype(b, "float32")
    error = np.mean((a - b) ** 2, axis=(-3, -2, -1))
    ratio = 20 * np.log10(top) - 10 / np.log(10) * np.log(error)
    return _result(cast(ratio, np.dtype(np.float32)))


def ssim(
    img1: Any,
    img2: Any,
    max_val: float,
    filter_size: int = 11,
    filter_sigma: float = 1.5,
    k1: float = 0.01,
    k2: float = 0.03,
    return_index_map: bool = False,
) -> Any:
    """Return the structural similarity of images, 1 for equal ones.

    Raises
    ------
    ValueError : `return_index_map`.
    """
    if return_index_map:
        raise ValueError("return_index_map must be False: means alone are computed.")
    a, b = image_of(img1, "img1"), image_of(img2, "img2")
    top = _top(max_val, a)
    a, b = convert_image_dtype(a, "float32"), convert_image_dtype(b, "float32")
    single = np.ndim(a) == 3
    if single:
        a, b = a[None], b[None]
    result = ops.image.ssim(a, b, top, filter_size, filter_sigma, k1, k2)
    return _result(result[0] if single else result)


def total_variation(images: Any, name: str | None = None) -> Any:
    """Return the sum of the differences of neighbours of each image."""
    images = image_of(images, "images")
    if np.dtype(images.dtype).kind != "f":
        raise ValueError(
            f"total_variation needs floats; received {images.dtype}. Use tf.cast first."
        )
    down = np.abs(images[..., 1:, :, :] - images[..., :-1, :, :])
    right = np.abs(images[..., :, 1:, :] - images[..., :, :-1, :])
    axes = (-3, -2, -1)
    return _result(np.sum(down, axis=axes) + np.sum(right, axis=axes))


def image_gradients(image: Any) -> tuple[Any, Any]:
    """Return the differences to the pixels below and to the right, 0 at the end."""
    image = image_of(image)
    down = image[..., 1:, :, :] - image[..., :-1, :, :]
    right = image[..., :, 1:, :] - image[..., :, :-1, :]
    before = [(0, 0)] * (np.ndim(image) - 3)
    none, one = (0, 0), (0, 1)
    return (
        as_element(np.pad(down, [*before, one, none, none])),
        as_element(np.pad(right, [*before, none, one, none])),
    )


def sobel_edges(image: Any) -> Any:
    """Return Sobel's vertical and horizontal edges along a new last axis."""
    image = image_of(image)
    framed = np.pad(image, [(0, 0), (1, 1), (1, 1), (0, 0)], mode="reflect")
    h, w = np.shape(image)[1:3]

    def part(y: int, x: int) -> Any:
        return framed[:, y : y + h, x : x + w, :]

    down = part(2, 0) + 2 * part(2, 1) + part(2, 2)
    up = part(0, 0) + 2 * part(0, 1) + part(0, 2)
    right = part(0, 2) + 2 * part(1, 2) + part(2, 2)
    left = part(0, 0) + 2 * part(1, 0) + part(2, 0)
    return np.stack([down - up, right - left], axis=-1)


def extract_patches(
    images: Any,
    sizes: Any,
    strides: Any,
    rates: Any,
    padding: str,
    name: str | None = None,
) -> Any:
    """Return the patches of images, (batch, rows, columns, size * size * channels).

    Parameters
    ----------
    images : (batch, height, width, channels).
    sizes, strides, rates : (1, rows, columns, 1): the size of a patch, from one to the
        next, and from a pixel of a patch to its next.
    padding : 'VALID' or 'SAME'.
    name : str, a label, which changes nothing.
    """
    images = image_of(images, "images")
    size, stride, rate = (
        tuple(int(n) for n in v)[1:3] for v in (sizes, strides, rates)
    )
    if rate[0] != rate[1]:
        raise ValueError(f"rates must be equal in both axes; received {rate}.")
    patches = ops.image.extract_patches(
        images, size, stride, rate[0], padding.lower(), "channels_last"
    )
    return _result(patches)


def non_max_suppression(
    boxes: Any,
    scores: Any,
    max_output_size: int,
    iou_threshold: float = 0.5,
    score_threshold: float = -np.inf,
    name: str | None = None,
) -> Any:
    """Return the numbers of the best boxes, int32, without those that overlap them.

    Parameters
    ----------
    boxes : (boxes, 4), the corners y1, x1, y2, x2.
    scores : (boxes,).
    max_output_size : int, how many boxes at most.
    iou_threshold : share of the common area of two in that of both, above which the one
        with the lower score is left out.
    score_threshold : scores up to which boxes are left out.
    name : str, a label, which changes nothing.
    """
    corners = np.asarray(as_value(boxes), np.float64)
    points = np.asarray(as_value(scores), np.float64)
    low = np.minimum(corners[:, :2], corners[:, 2:])
    high = np.maximum(corners[:, :2], corners[:, 2:])
    areas = np.prod(high - low, axis=1)
    kept: list[int] = []
    for place in np.argsort(-points, kind="stable"):
        if len(kept) >= int(max_output_size) or points[place] <= score_threshold:
            break
        sides = np.minimum(high[kept], high[place]) - np.maximum(low[kept], low[place])
        common = np.prod(np.maximum(sides, 0), axis=1)
        both = areas[kept] + areas[place] - common
        if not (common > iou_threshold * both).any():
            kept.append(int(place))
    return as_element(np.array(kept, np.int32))


def draw_bounding_boxes(
    images: Any, boxes: Any, colors: Any = None, name: str | None = None
) -> Any:
    """Return images with the borders of boxes drawn in, one pixel wide.

    Parameters
    ----------
    images : (batch, height, width, channels), floats.
    boxes : (batch, boxes, 4), the corners y1, x1, y2, x2 as shares of the sides.
    colors : (colours, channels), which take turns; None for red.
    name : str, a label, which changes nothing.
    """
    drawn = np.array(as_value(image_of(images, "images")))
    height, width, channels = drawn.shape[1:]
    paint = (
        np.asarray([[1.0, 0, 0, 1][:channels]])
        if colors is None
        else (np.asarray(as_value(colors)))
    )
    for image, corners in zip(drawn, np.asarray(as_value(boxes)), strict=True):
        for place, (y1, x1, y2, x2) in enumerate(corners):
            top, bottom = int(y1 * (height - 1)), int(y2 * (height - 1))
            left, right = int(x1 * (width - 1)), int(x2 * (width - 1))
            colour = paint[place % len(paint)]
            rows = slice(max(top, 0), min(bottom, height - 1) + 1)
            columns = slice(max(left, 0), min(right, width - 1) + 1)
            for row in (top, bottom):
                if 0 <= row < height:
                    image[row, columns] = colour
            for column in (left, right):
                if 0 <= column < width:
                    image[rows, column] = colour
    return as_element(drawn)


def _top(max_val: float, image: Any) -> np.float32:
    """Return the greatest value that images can have, in the scale of floats."""
    dtype = np.dtype(image.dtype)
    scale = np.iinfo(dtype).max if dtype.kind in "iu" else 1
    return np.float32(float(max_val) / scale)


def _result(value: Any) -> Any:
    """Return arrays with a method ``numpy()``, unless there is a graph."""
    if isinstance(value, GradArray) and not value.requires_grad:
        return as_element(np.asarray(value.numpy()))
    return as_element(value) if is_plain(value) else value
