"""Images with true and predicted boxes, side by side."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from typing import Any

from keratorch.visualization.boxes import draw_bounding_boxes
from keratorch.visualization.gallery import plot_image_gallery, pyplot
from keratorch.visualization.images import channels_last


def plot_bounding_box_gallery(
    images: Any,
    bounding_box_format: str,
    y_true: Mapping[str, Any] | None = None,
    y_pred: Mapping[str, Any] | None = None,
    value_range: tuple[float, float] = (0, 255),
    true_color: Sequence[int] = (0, 188, 212),
    pred_color: Sequence[int] = (255, 235, 59),
    line_thickness: int = 2,
    font_scale: float = 1.0,
    text_thickness: int | None = None,
    class_mapping: Mapping[int, str] | None = None,
    ground_truth_mapping: Mapping[int, str] | None = None,
    prediction_mapping: Mapping[int, str] | None = None,
    legend: bool = False,
    legend_handles: Sequence[Any] | None = None,
    rows: int | None = None,
    cols: int | None = None,
    data_format: str | None = None,
    **kwargs: Any,
) -> None:
    """Show images with the boxes that are true and those that are predicted.

    Parameters
    ----------
    images : (batch, height, width, channels).
    bounding_box_format : str, as `utils.bounding_boxes.convert_format` knows them.
    y_true, y_pred : dicts of boxes, as `draw_bounding_boxes` takes them.
    true_color, pred_color : (red, green, blue), from 0 to 255.
    line_thickness, text_thickness, font_scale : as of `draw_bounding_boxes`;
        `text_thickness` is by default that of the lines.
    class_mapping : dict from labels to names, written beside boxes;
        `ground_truth_mapping` and `prediction_mapping` come before it.
    legend : bool, whether the colours are explained; or
    legend_handles : list of matplotlib's patches that explain them.

    The others are those of `plot_image_gallery`.

    Raises
    ------
    ValueError : both `legend` and `legend_handles`, or images with other axes.
    ImportError : matplotlib is not installed.

    Examples
    --------
    >>> import numpy as np
    >>> boxes = {"boxes": np.zeros((1, 1, 4)), "labels": np.zeros((1, 1))}
    >>> plot_bounding_box_gallery(
    ...     np.zeros((1, 8, 8, 3)), "xyxy", boxes, path="boxes.png"
    ... )  # doctest: +SKIP
    """
    if legend and legend_handles:
        raise ValueError(
            "plot_bounding_box_gallery: give legend=True or legend_handles, not both."
        )
    pyplot("plot_bounding_box_gallery")
    pictures = channels_last("plot_bounding_box_gallery", images, data_format)
    named = class_mapping or {}
    for boxes, color, names in (
        (y_true, true_color, ground_truth_mapping or named),
        (y_pred, pred_color, prediction_mapping or named),
    ):
        if boxes is not None:
            pictures = draw_bounding_boxes(
                pictures,
                boxes,
                bounding_box_format,
                names,
                color,
                line_thickness,
                text_thickness or line_thickness,
                font_scale,
                "channels_last",
            )
            value_range = (0, 255)  # as drawn
    if legend:
        legend_handles = [
            _patch(true_color, "Ground Truth"),
            _patch(pred_color, "Prediction"),
        ]
    plot_image_gallery(
        pictures,
        value_range=value_range,
        legend_handles=legend_handles,
        rows=rows,
        cols=cols,
        data_format="channels_last",
        **kwargs,
    )


def _patch(color: Sequence[int], label: str) -> Any:
    patches = importlib.import_module("matplotlib.patches")
    return patches.Patch(color=[part / 255 for part in color], label=label)
