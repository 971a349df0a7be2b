"""Boxes around objects in images: their formats, how they move, how they overlap."""

from keratorch.utils.bounding_boxes.deltas import (
    decode_deltas_to_boxes,
    encode_box_to_deltas,
)
from keratorch.utils.bounding_boxes.formats import convert_format
from keratorch.utils.bounding_boxes.moves import (
    affine_transform,
    clip_to_image_size,
    crop,
    pad,
)
from keratorch.utils.bounding_boxes.overlap import compute_ciou, compute_iou

__all__ = [
    "affine_transform",
    "clip_to_image_size",
    "compute_ciou",
    "compute_iou",
    "convert_format",
    "crop",
    "decode_deltas_to_boxes",
    "encode_box_to_deltas",
    "pad",
]
