"""Bounding boxes that move along with the images which they belong to."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import graph
from keratorch.utils.bounding_boxes import clip_to_image_size, convert_format

_FAR = 1e9  # pixels


def dense(layer: str, bounding_boxes: Any) -> dict[str, Any]:
    """Return boxes (..., boxes, 4) and labels (..., boxes) as arrays.

    Lists of different lengths are filled up with boxes of zeros and the label -1.

    Raises
    ------
    ValueError : no dict with 'boxes' and 'labels', or arrays that do not fit.
    """
    if not isinstance(bounding_boxes, dict) or not {"boxes", "labels"} <= {
        *bounding_boxes
    }:
        raise ValueError(
            f"{layer}: bounding_boxes must be a dict with 'boxes' and 'labels'; "
            f"received {type(bounding_boxes).__name__}."
        )
    boxes, labels = bounding_boxes["boxes"], bounding_boxes["labels"]
    if isinstance(boxes, list) and isinstance(labels, list):
        boxes, labels = _filled_up(layer, boxes, labels)
    boxes = np.asarray(graph.value(boxes), np.float32)
    labels = np.asarray(graph.value(labels))
    if boxes.ndim not in (2, 3) or boxes.shape[-1] != 4:
        raise ValueError(
            f"{layer}: 'boxes' must be of shape (boxes, 4) or (batch, boxes, 4); "
            f"received shape {boxes.shape}."
        )
    if labels.ndim not in (boxes.ndim - 1, boxes.ndim):
        raise ValueError(
            f"{layer}: 'labels' must have one label for each box, of shape "
            f"{boxes.shape[:-1]}; received shape {labels.shape}."
        )
    return {**bounding_boxes, "boxes": boxes, "labels": labels}


def _filled_up(layer: str, boxes: list, labels: list) -> tuple[Any, Any]:
    if len(boxes) != len(labels):
        raise ValueError(
            f"{layer}: 'boxes' and 'labels' must be lists of one length; received "
            f"{len(boxes)} and {len(labels)}."
        )
    counts = [np.ndim(each) == 2 and len(each) for each in boxes if len(each)]
    if not counts or any(count is False for count in counts):
        return boxes, labels  # of a single image
    most = max(counts)
    wide = np.zeros((len(boxes), most, 4), np.float32)
    names = np.full((len(boxes), most), -1)
    for i, (some, own) in enumerate(zip(boxes, labels, strict=True)):
        if len(some):
            wide[i, : len(some)], names[i, : len(some)] = some, own
    return wide, names


def moved(boxes: np.ndarray, matrices: np.ndarray) -> np.ndarray:
    """Return the smallest upright boxes around boxes (left, top, right, bottom) moved.

    Parameters
    ----------
    boxes : (boxes, 4) or (batch, boxes, 4).
    matrices : (batch, 8), which tell for a place (x, y) of the outputs that of the
        inputs: see `ops.image.affine_transform`.
    """
    ones = np.ones((len(matrices), 1), matrices.dtype)
    forth = np.concatenate([matrices, ones], axis=1).reshape(-1, 3, 3)
    a, b, c = np.moveaxis(forth.astype(np.float64), 1, 0)
    # the inverse but for its scale, which places do not need, and which may be 0
    back = np.stack([np.cross(b, c), np.cross(c, a), np.cross(a, b)], axis=-1)
    left, top, right, bottom = (boxes[..., i] for i in range(4))
    xs = np.stack([left, right, right, left], axis=-1)
    ys = np.stack([top, top, bottom, bottom], axis=-1)
    points = np.stack([xs, ys, np.ones_like(xs)], axis=-1)
    single = boxes.ndim == 2
    points = points[None] if single else points
    places = points @ np.swapaxes(back, 1, 2)[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        places = places[..., :2] / places[..., 2:]
    places = np.nan_to_num(places, nan=0.0, posinf=_FAR, neginf=-_FAR)
    out = np.concatenate([places.min(axis=-2), places.max(axis=-2)], axis=-1)
    out = out.astype(boxes.dtype)
    return out[0] if single and len(out) == 1 else out


def rescaled_boxes(boxes: np.ndarray, start: Any, scale: Any) -> np.ndarray:
    """Return boxes (left, top, right, bottom) less (left, top), times (x, y)."""
    return (boxes - np.array([*start, *start], np.float32)) * np.array(
        [*scale, *scale], np.float32
    )


def in_corners(
    boxes: dict[str, Any], name: str, old: tuple, new: tuple, move: Any
) -> dict[str, Any]:
    """Return boxes moved as corners in pixels, cut at the border, in their own format.

    Parameters
    ----------
    name : str, their format.
    old, new : (height, width) of the image, before and after.
    move : function from corners (..., 4) to corners.
    """
    corners = convert_format(boxes["boxes"], name, "xyxy", *old)
    cut = clip_to_image_size({**boxes, "boxes": move(corners)}, *new)
    return {**cut, "boxes": convert_format(cut["boxes"], "xyxy", name, *new)}
