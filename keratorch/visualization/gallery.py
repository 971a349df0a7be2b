"""Images side by side, in a figure of matplotlib."""

from __future__ import annotations

import importlib
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from keratorch.ops.conversion import convert_to_numpy
from keratorch.visualization.images import channels_last


def plot_image_gallery(
    images: Any,
    y_true: Any = None,
    y_pred: Any = None,
    label_map: Mapping[int, str] | None = None,
    rows: int | None = None,
    cols: int | None = None,
    value_range: tuple[float, float] = (0, 255),
    scale: float = 2,
    path: Any = None,
    show: bool | None = None,
    transparent: bool = True,
    dpi: float = 60,
    legend_handles: Sequence[Any] | None = None,
    data_format: str | None = None,
) -> None:
    """Show images in rows and columns, or write them into a file as a picture.

    Parameters
    ----------
    images : (batch, height, width, channels).
    y_true, y_pred : (batch,), labels that are written above the images.
    label_map : dict from labels to names, needed for these.
    rows, cols : int; by default about as many rows as columns.
    value_range : (smallest, largest) number of the images.
    scale : float, inches of an image.
    path : name of a file, or an open one; None to show the images.
    show : bool, whether they are shown; by default where there is no `path`.
    transparent : bool, whether the background of the file is.
    dpi : float, pixels per inch in the file.
    legend_handles : list of matplotlib's patches, for a legend.
    data_format : 'channels_last', 'channels_first', or None for the setting.

    Raises
    ------
    ValueError : images with another number of axes, labels without names, or both
        `path` and `show`.
    ImportError : matplotlib is not installed.

    Examples
    --------
    >>> import io
    >>> import numpy as np
    >>> picture = io.BytesIO()
    >>> plot_image_gallery(np.zeros((4, 8, 8, 3)), path=picture)  # doctest: +SKIP
    """
    pictures = channels_last("plot_image_gallery", images, data_format)
    if path is not None and show:
        raise ValueError(
            "plot_image_gallery: give path, to write the images, or show=True, "
            "not both."
        )
    if label_map is None and (y_true is not None or y_pred is not None):
        raise ValueError(
            "plot_image_gallery: label_map must name the labels of y_true and y_pred; "
            "received None. Pass a dict such as {0: 'cat', 1: 'dog'}."
        )
    rows = rows or math.ceil(math.sqrt(len(pictures)))
    cols = cols or math.ceil(len(pictures) / rows)
    titles = _titles(y_true, y_pred, label_map or {}, len(pictures))
    plt = pyplot("plot_image_gallery")
    figure, axes = plt.subplots(
        rows,
        cols,
        figsize=(cols * scale, rows * scale),
        frameon=False,
        layout="tight",
        squeeze=False,
    )
    low, high = value_range
    shown = np.clip((pictures - low) / (high - low), 0, 1)
    for axis, picture, title in zip(axes.flat, shown, titles, strict=False):
        axis.imshow(picture, cmap="gray", vmin=0, vmax=1)
        axis.set_title(title, fontsize=8)
    for axis in axes.flat:
        axis.axis("off")
    if legend_handles is not None:
        figure.legend(handles=legend_handles, loc="lower center")
    if path is not None:
        figure.savefig(
            path, pad_inches=0, bbox_inches="tight", transparent=transparent, dpi=dpi
        )
    elif show or show is None:
        plt.show()
    plt.close(figure)


def pyplot(function: str) -> Any:
    """Return the module matplotlib.pyplot.

    Raises
    ------
    ImportError : matplotlib is not installed.
    """
    try:
        return importlib.import_module("matplotlib.pyplot")
    except ImportError as error:
        raise ImportError(
            f'{function} needs matplotlib: pip install "keratorch[plot]".'
        ) from error


def _titles(
    y_true: Any, y_pred: Any, names: Mapping[int, str], count: int
) -> list[str]:
    """Return what is written above each image."""
    titles = [""] * count
    for word, labels in (("Label", y_true), ("Pred", y_pred)):
        if labels is None:
            continue
        values = convert_to_numpy(labels).reshape(-1).tolist()
        for i, label in enumerate(values[:count]):
            title = f"{word}: {names.get(label, 'Unknown')}"
            titles[i] = f"{titles[i]}  {title}".strip()
    return titles
