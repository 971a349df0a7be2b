"""Batches of images as arrays with channels last."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import config
from keratorch.ops.conversion import convert_to_numpy


def channels_last(
    function: str, images: Any, data_format: str | None, argument: str = "images"
) -> np.ndarray:
    """Return a batch of images (batch, height, width, channels).

    Raises
    ------
    ValueError : another number of axes.

    Examples
    --------
    >>> channels_last("f", np.zeros((2, 3, 8, 9)), "channels_first").shape
    (2, 8, 9, 3)
    """
    array = convert_to_numpy(images)
    if array.ndim != 4:
        raise ValueError(
            f"{function}: {argument} must be a batch of images with 4 axes; received "
            f"shape {array.shape}. For one image use {argument}[None]."
        )
    first = (data_format or config.image_data_format()) == "channels_first"
    return np.transpose(array, (0, 2, 3, 1)) if first else array
