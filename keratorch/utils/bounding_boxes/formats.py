"""The formats of bounding boxes, and the way from one to another.

A box is four numbers on the last axis of an array. The formats, which may be written in
capitals as well:

- 'xyxy': left, top, right, bottom, in pixels; 'yxyx': top, left, bottom, right
- 'xywh': left, top, width, height
- 'center_xywh': x and y of the middle, width, height
- 'center_yxhw': y and x of the middle, height, width
- 'rel_xyxy', 'rel_yxyx', 'rel_xywh', 'rel_center_xywh': as shares of the image's width
  and height, in place of pixels
"""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.errors import suggest
from keratorch.ops.conversion import cast

# For each layout: whether y comes first, and what the numbers are.
_LAYOUTS = {
    "xyxy": (False, "corners"),
    "yxyx": (True, "corners"),
    "xywh": (False, "sizes"),
    "center_xywh": (False, "middle"),
    "center_yxhw": (True, "middle"),
}
RELATIVE = "rel_"
FORMATS = (*_LAYOUTS, "rel_xyxy", "rel_yxyx", "rel_xywh", "rel_center_xywh")


def convert_format(
    boxes: Any,
    source: str,
    target: str,
    height: float | None = None,
    width: float | None = None,
    dtype: str = "float32",
) -> Any:
    """Return boxes in another format.

    Parameters
    ----------
    boxes : array (..., 4), or a dict with such an array under 'boxes'.
    source, target : str, the formats: see the top of this file.
    height, width : size of the image, for formats relative to it.
    dtype : str, of the result.

    Returns
    -------
    An array like `boxes`, or a new dict.

    Raises
    ------
    ValueError : an unknown format, arrays of other shapes, or no size of the image
        where a format is relative.

    Examples
    --------
    >>> convert_format([[10, 20, 30, 60]], "xyxy", "xywh")
    array([[10., 20., 20., 40.]], dtype=float32)
    >>> convert_format([[10, 20, 30, 60]], "xyxy", "rel_yxyx", 80, 40)
    array([[0.25, 0.25, 0.75, 0.75]], dtype=float32)
    """
    if isinstance(boxes, dict):
        moved = convert_format(boxes["boxes"], source, target, height, width, dtype)
        return {**boxes, "boxes": moved}
    source = _known_format("convert_format", "source", source)
    target = _known_format("convert_format", "target", target)
    if np.shape(boxes)[-1:] != (4,):
        raise ValueError(
            "convert_format: boxes must have four numbers on the last axis; received "
            f"shape {np.shape(boxes)}."
        )
    relative = source.startswith(RELATIVE), target.startswith(RELATIVE)
    if any(relative) and (height is None or width is None):
        raise ValueError(
            f"convert_format: from {source!r} to {target!r} needs height and width of "
            f"the image; received height={height!r} and width={width!r}."
        )
    boxes = cast(boxes, dtype)
    if source == target:
        return boxes
    corners = _corners(boxes, source.removeprefix(RELATIVE))
    if relative[0] != relative[1]:
        size = np.array([width, height, width, height], boxes.dtype)
        corners = corners * size if relative[0] else corners / size
    return _from_corners(corners, target.removeprefix(RELATIVE))


def _known_format(function: str, argument: str, name: str) -> str:
    """Return the name of a format in small letters, or raise."""
    if str(name).lower() not in FORMATS:
        raise ValueError(
            f"{function}: {argument} must be a format of boxes; received {name!r}. "
            f"{suggest(str(name), FORMATS)}"
        )
    return name.lower()


def parts(boxes: Any) -> list[Any]:
    """Return the four numbers of boxes, each with a last axis of 1."""
    return [boxes[..., i : i + 1] for i in range(4)]


def joined(*parts: Any) -> Any:
    """Return numbers of boxes one after another on the last axis."""
    return np.concatenate(parts, axis=-1)


def _corners(boxes: Any, layout: str) -> Any:
    """Return boxes of a layout as left, top, right, bottom."""
    y_first, kind = _LAYOUTS[layout]
    a, b, c, d = parts(boxes)
    if y_first:
        a, b, c, d = b, a, d, c
    if kind == "sizes":
        c, d = a + c, b + d
    elif kind == "middle":
        a, b, c, d = a - c / 2, b - d / 2, a + c / 2, b + d / 2
    return joined(a, b, c, d)


def _from_corners(boxes: Any, layout: str) -> Any:
    """Return boxes (left, top, right, bottom) in a layout."""
    y_first, kind = _LAYOUTS[layout]
    a, b, c, d = parts(boxes)
    if kind != "corners":
        c, d = c - a, d - b
    if kind == "middle":
        a, b = a + c / 2, b + d / 2
    return joined(b, a, d, c) if y_first else joined(a, b, c, d)
