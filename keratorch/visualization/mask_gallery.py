"""Images beside their true and predicted masks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from keratorch.ops.conversion import convert_to_numpy
from keratorch.visualization.gallery import plot_image_gallery
from keratorch.visualization.images import channels_last
from keratorch.visualization.masks import draw_segmentation_masks


def plot_segmentation_mask_gallery(
    images: Any,
    num_classes: int,
    value_range: tuple[float, float] = (0, 255),
    y_true: Any = None,
    y_pred: Any = None,
    color_mapping: Mapping[int, Sequence[int]] | None = None,
    blend: bool = True,
    alpha: float = 0.8,
    ignore_index: int = -1,
    data_format: str | None = None,
    **kwargs: Any,
) -> None:
    """Show each image in a row, beside it with its true and predicted masks.

    Parameters
    ----------
    images : (batch, height, width, channels).
    num_classes, color_mapping, blend, alpha, ignore_index : as of
        `draw_segmentation_masks`.
    y_true, y_pred : masks (batch, height, width) or with an axis of 1 for the channel.

    The others are those of `plot_image_gallery`.

    Raises
    ------
    ValueError : images with another number of axes, or masks that do not fit them.
    ImportError : matplotlib is not installed.

    Examples
    --------
    >>> import numpy as np
    >>> plot_segmentation_mask_gallery(
    ...     np.zeros((2, 8, 8, 3)), 3, y_true=np.ones((2, 8, 8), int), path="masks.png"
    ... )  # doctest: +SKIP
    """
    name = "plot_segmentation_mask_gallery"
    columns = [channels_last(name, images, data_format)]
    for masks in (y_true, y_pred):
        if masks is None:
            continue
        found = convert_to_numpy(masks)
        if found.ndim == 4:
            found = channels_last(name, found, data_format, "y_true and y_pred")
        drawn = draw_segmentation_masks(
            columns[0],
            found.astype("int32"),
            num_classes,
            color_mapping,
            alpha,
            blend,
            ignore_index,
            "channels_last",
        )
        columns.append(drawn)
    together = np.stack(columns, axis=1).reshape(-1, *columns[0].shape[1:])
    plot_image_gallery(
        together,
        value_range=value_range,
        rows=len(columns[0]),
        cols=len(columns),
        data_format="channels_last",
        **kwargs,
    )
