"""Boxes in images that are cut, cropped, filled up and turned."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import graph
from keratorch.ops.conversion import cast
from keratorch.utils.bounding_boxes.formats import joined, parts


def clip_to_image_size(
    bounding_boxes: dict[str, Any],
    height: float | None = None,
    width: float | None = None,
    bounding_box_format: str = "xyxy",
) -> dict[str, Any]:
    """Return boxes cut at the border of the image; those outside get the label -1.

    Parameters
    ----------
    bounding_boxes : dict with 'boxes' (..., 4) and, if there are any, 'labels' (...).
    height, width : size of the image, for 'xyxy'.
    bounding_box_format : 'xyxy' or 'rel_xyxy'.

    Raises
    ------
    ValueError : no size for 'xyxy'.
    NotImplementedError : another format.

    Examples
    --------
    >>> import numpy as np
    >>> boxes = {"boxes": np.array([[-5.0, 2.0, 4.0, 20.0]]), "labels": np.array([3])}
    >>> clip_to_image_size(boxes, height=10, width=10)["boxes"]
    array([[ 0.,  2.,  4., 10.]])
    """
    _only("clip_to_image_size", bounding_box_format, ("xyxy", "rel_xyxy"))
    if bounding_box_format == "rel_xyxy":
        height = width = 1
    elif height is None or width is None:
        raise ValueError(
            "clip_to_image_size: boxes in pixels ('xyxy') need height and width of the "
            f"image; received height={height!r} and width={width!r}."
        )
    boxes = _clipped(_array(bounding_boxes["boxes"]), height, width)
    result = {**bounding_boxes, "boxes": boxes}
    if bounding_boxes.get("labels") is not None:
        labels = np.asarray(graph.value(bounding_boxes["labels"]))
        left, top, right, bottom = graph.value(boxes).T
        area = ((right - left) * (bottom - top)).T
        result["labels"] = np.where(area > 0, labels, -1)
    return result


def _array(boxes: Any) -> Any:
    return boxes if hasattr(boxes, "_grad_op") else np.asarray(boxes)


def _clipped(boxes: Any, height: float, width: float) -> Any:
    edges = np.array([width, height, width, height]).astype(boxes.dtype)
    return np.clip(boxes, np.zeros(4, boxes.dtype), edges)


def _moved(boxes: Any, right: float, down: float) -> Any:
    boxes = _array(boxes)
    move = np.array([right, down, right, down])
    return boxes + (move.astype(boxes.dtype) if boxes.dtype.kind == "f" else move)


def _only(function: str, name: str, known: tuple[str, ...] = ("xyxy",)) -> None:
    if name not in known:
        raise NotImplementedError(
            f"{function}: bounding_box_format must be {' or '.join(map(repr, known))}; "
            f"received {name!r}. Use convert_format first."
        )


def crop(
    boxes: Any,
    top: float,
    left: float,
    height: float,
    width: float,
    bounding_box_format: str = "xyxy",
) -> Any:
    """Return boxes as they are in a part cut out of the image.

    Parameters
    ----------
    boxes : array (..., 4).
    top, left, height, width : the place and the size of the part, in pixels.
    bounding_box_format : 'xyxy'.

    Examples
    --------
    >>> crop([[10, 20, 50, 60]], top=10, left=20, height=40, width=25)
    array([[ 0, 10, 25, 40]])
    """
    _only("crop", bounding_box_format)
    return _clipped(_moved(boxes, -left, -top), height, width)


def pad(
    boxes: Any,
    top: float,
    left: float,
    height: float | None = None,
    width: float | None = None,
    bounding_box_format: str = "xyxy",
) -> Any:
    """Return boxes as they are in an image with rows and columns put before it.

    Parameters
    ----------
    boxes : array (..., 4).
    top, left : how many rows and columns, in pixels.
    height, width : they change nothing, in Keras neither.
    bounding_box_format : 'xyxy'.

    Examples
    --------
    >>> pad([[10, 20, 50, 60]], top=1, left=2)
    array([[12, 21, 52, 61]])
    """
    _only("pad", bounding_box_format)
    return _moved(boxes, left, top)


def affine_transform(
    boxes: Any,
    angle: Any,
    translate_x: Any,
    translate_y: Any,
    scale: Any,
    shear_x: Any,
    shear_y: Any,
    height: float,
    width: float,
    center_x: Any = None,
    center_y: Any = None,
    bounding_box_format: str = "xyxy",
) -> Any:
    """Return the smallest upright boxes around boxes turned, moved, scaled and sheared.

    Parameters
    ----------
    boxes : array (batch, boxes, 4).
    angle, shear_x, shear_y : (batch,), in degrees.
    translate_x, translate_y : (batch,), shares of the width and the height.
    scale : (batch,).
    height, width : size of the image.
    center_x, center_y : (batch,), shares: what stays in place; by default the middle.
    bounding_box_format : 'xyxy'.

    Examples
    --------
    >>> import numpy as np
    >>> none, one = np.zeros(1), np.ones(1)
    >>> boxes = np.array([[[1.0, 1.0, 4.0, 2.0]]])
    >>> affine_transform(boxes, one * 90, none, none, one, none, none, 7, 7).round(3)
    array([[[1., 2., 2., 5.]]])
    """
    _only("affine_transform", bounding_box_format)
    center_x = 0.5 if center_x is None else center_x
    center_y = 0.5 if center_y is None else center_y
    turn, size, lean, tilt = (
        np.asarray(graph.value(x)) for x in (angle, scale, shear_x, shear_y)
    )
    moves = _inverse_matrix(
        turn,
        size,
        lean,
        tilt,
        np.multiply(center_x, width - 1),
        np.multiply(center_y, height - 1),
        np.multiply(translate_x, width - 1),
        np.multiply(translate_y, height - 1),
    )
    boxes = (
        cast(boxes, moves.dtype) if hasattr(boxes, "_grad_op") else np.asarray(boxes)
    )
    left, top, right, bottom = parts(boxes)
    xs = np.stack([left, right, right, left], axis=-2)
    ys = np.stack([top, top, bottom, bottom], axis=-2)
    points = np.concatenate([xs, ys, np.ones(xs.shape)], axis=-1).astype(moves.dtype)
    moved = points @ np.swapaxes(moves, -1, -2)[:, None]
    return joined(np.min(moved, axis=-2), np.max(moved, axis=-2))


def _inverse_matrix(
    angle: Any, scale: Any, shear_x: Any, shear_y: Any, x: Any, y: Any, dx: Any, dy: Any
) -> np.ndarray:
    """Return matrices (batch, 2, 3) that move a point (x, y, 1) of the inputs.

    They undo a scale, shear and turn about (x, y) and a move by (dx, dy).
    """
    turn, lean, tilt = (-np.radians(part) for part in (angle, shear_x, shear_y))
    a = np.cos(turn - tilt) / np.cos(tilt)
    b = a * np.tan(lean) + np.sin(turn)
    c = -np.sin(turn - tilt) / np.cos(tilt)
    d = np.cos(turn) - c * np.tan(lean)
    a, b, c, d = d * scale, -b * scale, -c * scale, a * scale
    right, down = x - dx, y - dy
    rows = [[a, b, x - a * right - b * down], [c, d, y - c * right - d * down]]
    matrix = np.array(np.broadcast_arrays(*rows[0], *rows[1]))
    return np.moveaxis(matrix.reshape(2, 3, -1), -1, 0).astype(angle.dtype)
