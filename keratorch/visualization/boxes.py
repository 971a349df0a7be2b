"""Boxes drawn on images."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from keratorch.ops.conversion import convert_to_numpy
from keratorch.utils.bounding_boxes import convert_format
from keratorch.utils.image_utils import pillow
from keratorch.visualization.images import channels_last

_FONT_SIZE = 24.0  # pixels of a letter at a font_scale of 1


def draw_bounding_boxes(
    images: Any,
    bounding_boxes: Mapping[str, Any],
    bounding_box_format: str,
    class_mapping: Mapping[int, str] | None = None,
    color: Sequence[int] = (128, 128, 128),
    line_thickness: int = 2,
    text_thickness: int = 1,
    font_scale: float = 1.0,
    data_format: str | None = None,
) -> np.ndarray:
    """Draw boxes on images.

    Parameters
    ----------
    images : (batch, height, width, channels), from 0 to 255; floats up to 1 are
        multiplied by 255.
    bounding_boxes : dict of 'boxes' (batch, boxes, 4), 'labels' (batch, boxes), where
        -1 stands for no box, and, if known, 'confidences' (batch, boxes).
    bounding_box_format : str, as `utils.bounding_boxes.convert_format` knows them.
    class_mapping : dict from labels to names, which are written beside their boxes.
        This needs Pillow.
    color : (red, green, blue), from 0 to 255.
    line_thickness, text_thickness : int > 0, pixels.
    font_scale : float > 0, the size of letters.
    data_format : 'channels_last', 'channels_first', or None for the setting.

    Returns
    -------
    array of uint8 (batch, height, width, channels).

    Raises
    ------
    ValueError : images with another number of axes, boxes without labels.
    TypeError : `bounding_boxes` is no dict.
    ImportError : names are to be written, and Pillow is not installed.

    Examples
    --------
    >>> import numpy as np
    >>> boxes = {"boxes": np.array([[[1, 1, 3, 3]]]), "labels": np.array([[0]])}
    >>> drawn = draw_bounding_boxes(
    ...     np.zeros((1, 5, 5, 1)), boxes, "xyxy", color=(9,), line_thickness=1
    ... )
    >>> drawn[0, :, :, 0]
    array([[0, 0, 0, 0, 0],
           [0, 9, 9, 9, 0],
           [0, 9, 0, 9, 0],
           [0, 9, 9, 9, 0],
           [0, 0, 0, 0, 0]], dtype=uint8)
    """
    _check_boxes(bounding_boxes)
    pictures = _bytes(channels_last("draw_bounding_boxes", images, data_format))
    height, width = pictures.shape[1:3]
    corners = convert_format(
        dict(bounding_boxes), bounding_box_format, "xyxy", height, width
    )["boxes"]
    places = convert_to_numpy(corners).astype("int32")
    labels = convert_to_numpy(bounding_boxes["labels"]).astype("int32")
    sure = bounding_boxes.get("confidences")
    sure = None if sure is None else convert_to_numpy(sure)
    names = class_mapping or {}
    for i, picture in enumerate(pictures):
        for j, label in enumerate(labels[i].tolist()):
            if label == -1:
                continue
            _outline(picture, places[i, j].tolist(), color, line_thickness)
            if label in names:
                text = names[label]
                if sure is not None:
                    text = f"{text} | {sure[i, j]:.2f}"
                x, y = places[i, j, :2].tolist()
                at = _place_of_text(x, y, font_scale)
                thickness = text_thickness or line_thickness
                _write(picture, text, at, color, font_scale, thickness)
    return pictures


def _check_boxes(boxes: Any) -> None:
    if not isinstance(boxes, Mapping):
        raise TypeError(
            "draw_bounding_boxes: bounding_boxes must be a dict of 'boxes' and "
            f"'labels'; received {type(boxes).__name__}."
        )
    missing = [key for key in ("boxes", "labels") if key not in boxes]
    if missing:
        raise ValueError(
            f"draw_bounding_boxes: bounding_boxes must have {missing[0]!r}; received "
            f"the keys {list(boxes)}."
        )


def _bytes(images: np.ndarray) -> np.ndarray:
    """Return a copy of images as numbers from 0 to 255."""
    if images.dtype.kind == "f" and images.size:
        images = images * 255 if images.max() <= 1 else images
        images = np.clip(images, 0, 255)
    return np.array(images, dtype=np.uint8)


def _outline(
    picture: np.ndarray, box: list[int], color: Sequence[int], thickness: int
) -> None:
    """Draw the border of a box, half of it inside and half outside."""
    left, top, right, bottom = box
    outer, inner = thickness // 2, (thickness - 1) // 2
    rows = slice(max(top - outer, 0), max(bottom + outer + 1, 0))
    columns = slice(max(left - outer, 0), max(right + outer + 1, 0))
    ink = np.array(color, np.uint8)
    for y in (top, bottom):
        picture[max(y - outer, 0) : max(y + inner + 1, 0), columns] = ink
    for x in (left, right):
        picture[rows, max(x - outer, 0) : max(x + inner + 1, 0)] = ink


def _place_of_text(x: int, y: int, scale: float) -> tuple[int, int]:
    """Return the left upper corner of a name: above its box, or inside at its top."""
    height = int(scale * _FONT_SIZE)
    return (x, y - 8 - height) if y - 8 - height > 0 else (x + 3, y + 3)


def _write(
    picture: np.ndarray,
    text: str,
    at: tuple[int, int],
    color: Sequence[int],
    scale: float,
    thickness: int,
) -> None:
    """Write a text into a picture, in place."""
    size = picture.shape[1], picture.shape[0]
    page = pillow("Image").new("L", size, 0)
    font = pillow("ImageFont").load_default(max(scale * _FONT_SIZE, 1.0))
    pillow("ImageDraw").Draw(page).text(
        at, text, fill=255, font=font, stroke_width=max(thickness - 1, 0)
    )
    share = np.asarray(page, dtype=np.float32)[..., None] / 255
    ink = np.array(color, dtype=np.float32)
    picture[...] = np.round(picture * (1 - share) + ink * share).astype(np.uint8)
