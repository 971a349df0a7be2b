"""Boxes as their differences from anchors, which is what detectors learn."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import config, graph
from keratorch.ops.conversion import cast
from keratorch.utils.bounding_boxes.formats import convert_format, joined


def encode_box_to_deltas(
    anchors: Any,
    boxes: Any,
    anchor_format: str,
    box_format: str,
    encoding_format: str = "center_yxhw",
    variance: Any = None,
    image_shape: Any = None,
) -> Any:
    """Return how boxes differ from anchors: what a detector of objects learns.

    deltas = (middle - middle of anchor) / size of anchor, log(size / size of anchor)

    Parameters
    ----------
    anchors : array (boxes, 4).
    boxes : array (boxes, 4) or (batch, boxes, 4).
    anchor_format, box_format : str, their formats.
    encoding_format : 'center_yxhw' or 'center_xywh', the order in the result.
    variance : four numbers that the deltas are divided by, or None.
    image_shape : (height, width, channels), for relative formats.

    Raises
    ------
    ValueError : another encoding_format, or a variance of another length.

    Examples
    --------
    >>> encode_box_to_deltas([[0, 0, 4, 4]], [[2, 1, 6, 5]], "xyxy", "xyxy")
    array([[0.25, 0.5 , 0.  , 0.  ]], dtype=float32)
    """
    scale, size = _coding(
        "encode_box_to_deltas", encoding_format, variance, image_shape
    )
    anchors = convert_format(anchors, anchor_format, encoding_format, *size)
    boxes = convert_format(boxes, box_format, encoding_format, *size)
    least = config.epsilon()
    span = np.maximum(anchors[..., 2:], least)
    ratio = np.maximum(boxes[..., 2:], least) / span
    deltas = joined((boxes[..., :2] - anchors[..., :2]) / span, np.log(ratio))
    return deltas if scale is None else deltas / scale


def decode_deltas_to_boxes(
    anchors: Any,
    boxes_delta: Any,
    anchor_format: str,
    box_format: str,
    encoded_format: str = "center_yxhw",
    variance: Any = None,
    image_shape: Any = None,
) -> Any:
    """Return the boxes of deltas from anchors: `encode_box_to_deltas` undone.

    Parameters
    ----------
    anchors : array (boxes, 4), or a dict of such arrays.
    boxes_delta : array (boxes, 4) or (batch, boxes, 4), or a dict with the same keys.
    anchor_format, box_format : str, formats of the anchors and of the result.
    encoded_format, variance, image_shape : see `encode_box_to_deltas`.

    Raises
    ------
    ValueError : another encoded_format, or a variance of another length.

    Examples
    --------
    >>> decode_deltas_to_boxes(
    ...     [[0, 0, 4, 4]], [[0.25, 0.5, 0.0, 0.0]], "xyxy", "xyxy"
    ... )
    array([[2., 1., 6., 5.]], dtype=float32)
    """
    scale, size = _coding(
        "decode_deltas_to_boxes", encoded_format, variance, image_shape
    )

    def decoded(anchors: Any, deltas: Any) -> Any:
        anchors = convert_format(anchors, anchor_format, encoded_format, *size)
        deltas = cast(deltas, anchors.dtype)
        deltas = deltas if scale is None else deltas * scale
        span = anchors[..., 2:]
        middle = deltas[..., :2] * span + anchors[..., :2]
        boxes = joined(middle, np.exp(deltas[..., 2:]) * span)
        return convert_format(boxes, encoded_format, box_format, *size)

    if isinstance(anchors, dict) and isinstance(boxes_delta, dict):
        return {key: decoded(anchors[key], boxes_delta[key]) for key in anchors}
    return decoded(anchors, boxes_delta)


def _coding(function: str, layout: str, variance: Any, image_shape: Any) -> tuple:
    """Return what deltas are divided by, and the image's height and width."""
    if layout not in ("center_xywh", "center_yxhw"):
        raise ValueError(
            f"{function}: deltas are written as 'center_yxhw' or 'center_xywh'; "
            f"received {layout!r}."
        )
    scale = None if variance is None else np.asarray(graph.value(variance), np.float32)
    if scale is not None and scale.shape[-1:] != (4,):
        raise ValueError(
            f"{function}: variance must be four numbers; received shape {scale.shape}."
        )
    return scale, (None, None) if image_shape is None else tuple(image_shape[:2])
