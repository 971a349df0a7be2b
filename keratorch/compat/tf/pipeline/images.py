"""``tf.image``: sizes and places of pixels."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import ops
from keratorch.compat.tf.pipeline.image_dtypes import cast, image_of, is_plain
from keratorch.utils import resizing
from keratorch.utils.element import as_element
from keratorch.utils.pipeline.values import as_value


class ResizeMethod:
    """The names of the interpolations."""

    AREA = "area"
    BICUBIC = "bicubic"
    BILINEAR = "bilinear"
    GAUSSIAN = "gaussian"
    LANCZOS3 = "lanczos3"
    LANCZOS5 = "lanczos5"
    MITCHELLCUBIC = "mitchellcubic"
    NEAREST_NEIGHBOR = "nearest"


_NUMBERS = {0: "bilinear", 1: "nearest", 2: "bicubic", 3: "area"}


def resize(
    images: Any,
    size: Any,
    method: Any = ResizeMethod.BILINEAR,
    preserve_aspect_ratio: bool = False,
    antialias: bool = False,
    name: str | None = None,
) -> Any:
    """Return images in another size, float32, or in their dtype with 'nearest'.

    Parameters
    ----------
    images : (height, width, channels), or a batch of them.
    size : (height, width) wanted.
    method : name of an interpolation.
    preserve_aspect_ratio : bool, whether `size` is the greatest one rather.
    antialias : bool, whether a smaller image averages over all pixels that it covers.
    name : str, a label, which changes nothing.
    """
    images = image_of(images, "images")
    height, width = (int(n) for n in np.asarray(as_value(size)).ravel())
    if preserve_aspect_ratio:
        old = np.shape(images)[-3:-1]
        ratio = min(height / old[0], width / old[1])
        height, width = (max(1, round(n * ratio)) for n in old)
    kind = _NUMBERS.get(method, method) if not isinstance(method, str) else method
    if is_plain(images) and not (antialias and kind not in ("nearest", "area")):
        return as_element(resizing.resize(images, (height, width), kind))
    if kind != "nearest":
        images = cast(images, np.dtype(np.float32))
    return ops.image.resize(
        images, (height, width), kind, antialias, data_format="channels_last"
    )


def resize_with_pad(
    image: Any,
    target_height: int,
    target_width: int,
    method: Any = ResizeMethod.BILINEAR,
    antialias: bool = False,
) -> Any:
    """Return images resized in their proportions, amid zeros that fill the size."""
    image = image_of(image)
    target = int(target_height), int(target_width)
    height, width = np.shape(image)[-3:-1]
    ratio = max(height / target[0], width / target[1])
    exact = height / ratio, width / ratio
    inner = tuple(int(np.floor(n)) for n in exact)
    offsets = [
        max(0, int(np.floor((t - n) / 2))) for t, n in zip(target, exact, strict=True)
    ]
    resized = resize(image, inner, method, antialias=antialias)
    return pad_to_bounding_box(resized, offsets[0], offsets[1], *target)


def resize_with_crop_or_pad(image: Any, target_height: int, target_width: int) -> Any:
    """Return the middle of images, or images amid zeros, in a size."""
    image = image_of(image)
    target = int(target_height), int(target_width)
    size = np.shape(image)[-3:-1]
    more = [t - n for t, n in zip(target, size, strict=True)]
    cuts = [max(-m // 2, 0) for m in more]
    kept = [min(t, n) for t, n in zip(target, size, strict=True)]
    cropped = crop_to_bounding_box(image, *cuts, *kept)
    top, left = (max(m // 2, 0) for m in more)
    return pad_to_bounding_box(cropped, top, left, *target)


def crop_to_bounding_box(
    image: Any,
    offset_height: int,
    offset_width: int,
    target_height: int,
    target_width: int,
) -> Any:
    """Return a part of images, from (offset_height, offset_width) on.

    Raises
    ------
    ValueError : a part that reaches out of the images.
    """
    image = image_of(image)
    top, left, height, width = _whole(
        offset_height, offset_width, target_height, target_width
    )
    size = np.shape(image)[-3:-1]
    if min(top, left) < 0 or top + height > size[0] or left + width > size[1]:
        raise ValueError(
            f"the part from ({top}, {left}) of size ({height}, {width}) is not inside "
            f"of an image of size {size}."
        )
    return image[..., top : top + height, left : left + width, :]


def pad_to_bounding_box(
    image: Any,
    offset_height: int,
    offset_width: int,
    target_height: int,
    target_width: int,
) -> Any:
    """Return images amid zeros, at (offset_height, offset_width) of a size.

    Raises
    ------
    ValueError : a size that is too small.
    """
    image = image_of(image)
    top, left, height, width = _whole(
        offset_height, offset_width, target_height, target_width
    )
    size = np.shape(image)[-3:-1]
    below, right = height - size[0] - top, width - size[1] - left
    if min(top, left, below, right) < 0:
        raise ValueError(
            f"an image of size {size} at ({top}, {left}) does not fit into "
            f"({height}, {width})."
        )
    before = [(0, 0)] * (np.ndim(image) - 3)
    padded = np.pad(image, [*before, (top, below), (left, right), (0, 0)])
    return as_element(padded)


def central_crop(image: Any, central_fraction: float) -> Any:
    """Return the middle of images, a share in (0, 1] of each side.

    Raises
    ------
    ValueError : another share.
    """
    image = image_of(image)
    share = float(central_fraction)
    if not 0 < share <= 1:
        raise ValueError(f"central_fraction must be in (0, 1]; received {share}.")
    starts = [int((n - n * share) / 2) for n in np.shape(image)[-3:-1]]
    sizes = [
        n - 2 * start for n, start in zip(np.shape(image)[-3:-1], starts, strict=True)
    ]
    return crop_to_bounding_box(image, *starts, *sizes)


def crop_and_resize(
    image: Any,
    boxes: Any,
    box_indices: Any,
    crop_size: Any,
    method: str = "bilinear",
    extrapolation_value: float = 0.0,
    name: str | None = None,
) -> Any:
    """Return parts of images, each in the same size, float32.

    Parameters
    ----------
    image : (batch, height, width, channels).
    boxes : (boxes, 4), the corners y1, x1, y2, x2 as shares of the sides less one.
    box_indices : (boxes,), the image of each box.
    crop_size : (height, width) of the parts.
    method : 'bilinear' or 'nearest'.
    extrapolation_value : float, of pixels outside of the image.
    name : str, a label, which changes nothing.
    """
    image = image_of(image)
    batch = np.asarray(as_value(image), np.float32)
    corners = np.asarray(as_value(boxes), np.float32)
    height, width = (int(n) for n in np.asarray(as_value(crop_size)).ravel())
    parts = []
    for box, place in zip(corners, np.asarray(as_value(box_indices)), strict=True):
        rows = _along(box[0], box[2], height, batch.shape[1])
        columns = _along(box[1], box[3], width, batch.shape[2])
        parts.append(_sampled(batch[place], rows, columns, method, extrapolation_value))
    shape = (0, height, width, batch.shape[3])
    result = np.stack(parts) if parts else np.zeros(shape, np.float32)
    return as_element(result.astype(np.float32))


def flip_left_right(image: Any) -> Any:
    """Return images seen in a mirror."""
    return image_of(image)[..., :, ::-1, :]


def flip_up_down(image: Any) -> Any:
    """Return images with the top below."""
    return image_of(image)[..., ::-1, :, :]


def rot90(image: Any, k: int = 1, name: str | None = None) -> Any:
    """Return images turned `k` quarters to the left."""
    image = image_of(image)
    return np.rot90(image, int(k), axes=(np.ndim(image) - 3, np.ndim(image) - 2))


def transpose(image: Any, name: str | None = None) -> Any:
    """Return images with rows for columns."""
    return np.swapaxes(image_of(image), -3, -2)


def _whole(*numbers: Any) -> list[int]:
    return [int(number) for number in numbers]


def _along(start: float, stop: float, count: int, length: int) -> np.ndarray:
    """Return the places of new pixels along a side."""
    last = np.float32(length - 1)
    if count > 1:
        step = (stop - start) * last / np.float32(count - 1)
        return start * last + np.arange(count, dtype=np.float32) * step
    return np.array([np.float32(0.5) * (start + stop) * last])


def _sampled(
    image: np.ndarray, rows: np.ndarray, columns: np.ndarray, method: str, fill: float
) -> np.ndarray:
    inside_rows = (rows >= 0) & (rows <= image.shape[0] - 1)
    inside = inside_rows[:, None] & ((columns >= 0) & (columns <= image.shape[1] - 1))
    rows = np.clip(rows, 0, image.shape[0] - 1)
    columns = np.clip(columns, 0, image.shape[1] - 1)
    if method == "nearest":
        rows, columns = (np.floor(p + 0.5).astype(int) for p in (rows, columns))
        near = image[rows][:, columns]
        return np.where(inside[..., None], near, fill)
    top, left = np.floor(rows).astype(int), np.floor(columns).astype(int)
    down = np.ceil(rows).astype(int)
    right = np.ceil(columns).astype(int)
    y, x = (rows - top)[:, None, None], (columns - left)[None, :, None]
    above = image[top][:, left] * (1 - x) + image[top][:, right] * x
    below = image[down][:, left] * (1 - x) + image[down][:, right] * x
    return np.where(inside[..., None], above * (1 - y) + below * y, fill)
