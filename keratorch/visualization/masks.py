"""Masks of classes drawn on images."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from keratorch.ops.conversion import convert_to_numpy
from keratorch.visualization.images import channels_last

# Steps of red, green and blue from class to class.
_STEPS = np.array([2**25 - 1, 2**15 - 1, 2**21 - 1])


def draw_segmentation_masks(
    images: Any,
    segmentation_masks: Any,
    num_classes: int | None = None,
    color_mapping: Mapping[int, Sequence[int]] | None = None,
    alpha: float = 0.8,
    blend: bool = True,
    ignore_index: int = -1,
    data_format: str | None = None,
) -> np.ndarray:
    """Colour the pixels of images by their classes.

    out = (1 - alpha) * image + alpha * colour of the class

    Parameters
    ----------
    images : (batch, height, width, channels), from 0 to 255.
    segmentation_masks : integers (batch, height, width) or with an axis of 1 for the
        channel: the class of each pixel.
    num_classes : int, classes from this on are not coloured; None for all.
    color_mapping : dict from classes, 0 to `num_classes` - 1, to (red, green, blue); by
        default each has a colour of its own, and 0 is black.
    alpha : float from 0 to 1, how much the colour hides.
    blend : bool; where False, colours hide all, and the images come as float32.
    ignore_index : int, the class that is not coloured.
    data_format : 'channels_last', 'channels_first', or None for the setting.

    Returns
    -------
    array (batch, height, width, channels) of uint8, of float32 without `blend`.

    Raises
    ------
    ValueError : other numbers of axes, or sizes that do not fit each other.
    TypeError : masks that are no integers.

    Examples
    --------
    >>> import numpy as np
    >>> mask = np.array([[[0, 1]]])
    >>> colors = {0: (0, 0, 0), 1: (200, 100, 0)}
    >>> draw_segmentation_masks(
    ...     np.full((1, 1, 2, 3), 100), mask, 2, colors, alpha=0.5, ignore_index=0
    ... )
    array([[[[100, 100, 100],
             [150, 100,  50]]]], dtype=uint8)
    """
    pictures = channels_last("draw_segmentation_masks", images, data_format)
    pictures = pictures.astype(np.float32)
    classes = _classes(segmentation_masks, pictures.shape, data_format)
    count = int(classes.max()) + 1 if num_classes is None else num_classes
    drawn = pictures.copy()
    for i in range(max(count, 0)):
        colour = (i * _STEPS) % 255 if color_mapping is None else color_mapping[i]
        drawn[classes == i] = np.array(colour, np.float32)
    if not blend:
        return drawn
    mixed = pictures * (1 - alpha) + drawn * alpha
    kept = (classes == ignore_index)[..., None]
    return np.where(kept, pictures, mixed).astype(np.uint8)


def _classes(masks: Any, shape: tuple, data_format: str | None) -> np.ndarray:
    """Return the class of each pixel (batch, height, width)."""
    found = convert_to_numpy(masks)
    if found.dtype.kind not in "iu":
        raise TypeError(
            "draw_segmentation_masks: segmentation_masks must be integers, the classes "
            f"of pixels; received {found.dtype}. Use masks.astype('int32')."
        )
    if found.ndim == 4:
        name = "draw_segmentation_masks"
        found = channels_last(name, found, data_format, "segmentation_masks")
        found = found[..., 0] if found.shape[-1] == 1 else found
    if found.shape != shape[:3]:
        raise ValueError(
            f"draw_segmentation_masks: segmentation_masks must have shape {shape[:3]}, "
            f"with or without an axis of 1 for the channel; received {np.shape(masks)}."
        )
    return found
