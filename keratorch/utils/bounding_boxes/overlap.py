"""How much boxes overlap."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from keratorch import config, graph
from keratorch.utils.bounding_boxes.formats import RELATIVE, convert_format


def compute_iou(
    boxes1: Any,
    boxes2: Any,
    bounding_box_format: str,
    use_masking: bool = False,
    mask_val: float = -1,
    image_shape: Any = None,
) -> Any:
    """Return for each pair of boxes the share of their union that both cover.

    Parameters
    ----------
    boxes1 : array (n, 4) or (batch, n, 4).
    boxes2 : array (m, 4) or (batch, m, 4).
    bounding_box_format : str.
    use_masking : bool, whether boxes of negative numbers, which only fill up, get
        `mask_val`.
    image_shape : (height, width, channels), for relative formats.

    Returns
    -------
    Array (n, m) or (batch, n, m).

    Raises
    ------
    ValueError : arrays with other numbers of axes, or a relative format without
        image_shape.

    Examples
    --------
    >>> compute_iou([[0, 0, 2, 2]], [[0, 0, 2, 1], [5, 5, 6, 6]], "xyxy")
    array([[0.5, 0. ]], dtype=float32)
    """
    for name, boxes in (("boxes1", boxes1), ("boxes2", boxes2)):
        if np.ndim(boxes) not in (2, 3):
            raise ValueError(
                f"compute_iou: {name} must be of shape (boxes, 4) or (batch, boxes, 4);"
                f" received shape {np.shape(boxes)}."
            )
    size = _image_size("compute_iou", bounding_box_format, image_shape)
    first = convert_format(boxes1, bounding_box_format, "xyxy", *size)[..., :, None, :]
    second = convert_format(boxes2, bounding_box_format, "xyxy", *size)[..., None, :, :]
    shared, union = _overlap(first, second)
    share = shared / (union + config.epsilon())
    if not use_masking:
        return share
    hidden = [np.max(graph.value(boxes), axis=-1) < 0 for boxes in (first, second)]
    return np.where(hidden[0] | hidden[1], np.asarray(mask_val, share.dtype), share)


def _image_size(function: str, name: str, image_shape: Any) -> tuple:
    if image_shape is not None:
        return tuple(image_shape[:2])
    if RELATIVE in name:
        raise ValueError(
            f"{function}: boxes relative to the image ({name!r}) need image_shape="
            "(height, width, channels)."
        )
    return None, None


def _overlap(first: Any, second: Any) -> tuple:
    """Return the areas that boxes (left, top, right, bottom) share and cover."""
    corner = np.maximum(first[..., :2], second[..., :2])
    sides = np.maximum(np.minimum(first[..., 2:], second[..., 2:]) - corner, 0)
    shared = sides[..., 0] * sides[..., 1]
    return shared, _area(first) + _area(second) - shared


def _area(boxes: Any) -> Any:
    sides = boxes[..., 2:] - boxes[..., :2]
    return sides[..., 0] * sides[..., 1]


def compute_ciou(
    boxes1: Any, boxes2: Any, bounding_box_format: str, image_shape: Any = None
) -> Any:
    """Return the complete IoU of boxes with their partners, for losses.

    The share of the union that both cover, less the squared distance of the middles in
    units of the diagonal of both, less a penalty for other proportions.

    Parameters
    ----------
    boxes1, boxes2 : arrays (..., 4).
    bounding_box_format : str.
    image_shape : (height, width, channels), for relative formats.

    Raises
    ------
    ValueError : a relative format without image_shape.

    Source: Zheng et al. (2020), Distance-IoU loss.

    Examples
    --------
    >>> compute_ciou([[0, 0, 2, 2]], [[0, 0, 2, 2]], "xyxy").round(3)
    array([1.], dtype=float32)
    """
    size = _image_size("compute_ciou", bounding_box_format, image_shape)
    first = convert_format(boxes1, bounding_box_format, "xyxy", *size)
    second = convert_format(boxes2, bounding_box_format, "xyxy", *size)
    least = config.epsilon()
    shared, union = _overlap(first, second)
    share = shared / (union + 2 * least)
    whole = np.maximum(first[..., 2:], second[..., 2:]) - np.minimum(
        first[..., :2], second[..., :2]
    )
    apart = (first[..., :2] + first[..., 2:] - second[..., :2] - second[..., 2:]) / 2
    distance = np.sum(apart**2, axis=-1) / (np.sum(whole**2, axis=-1) + least)
    other = (4 / math.pi**2) * (_slope(second, least) - _slope(first, least)) ** 2
    return share - distance - other * other / (other - share + 1 + least)


def _slope(boxes: Any, least: float) -> Any:
    sides = boxes[..., 2:] - boxes[..., :2]
    return np.arctan(sides[..., 0] / (sides[..., 1] + least))
