"""Where images keep their channels: last, as all computation here, or first."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import config
from keratorch.errors import suggest
from keratorch.ops.arrays import as_floats

_LAYOUTS = ("channels_first", "channels_last")


def images(name: str, inputs: Any, data_format: str | None) -> tuple[Any, bool]:
    """Return inputs as floats with the channels last, and whether they were first.

    Raises
    ------
    ValueError : they are no batch of images, or `data_format` names no layout.
    """
    x = as_floats(inputs)
    layout = str(data_format or config.image_data_format()).lower()
    if layout not in _LAYOUTS:
        raise ValueError(
            f"{name}: data_format must name an image layout; received "
            f"{data_format!r}. {suggest(layout, _LAYOUTS)}"
        )
    if x.ndim < 3:
        raise ValueError(
            f"{name} needs inputs with an axis for the batch, one or more spatial "
            f"axes, and one for the channels; received shape {x.shape}. Add what is "
            "missing, as in x[np.newaxis] or x[..., np.newaxis]."
        )
    first = layout == "channels_first"
    return np.transpose(x, (0, *range(2, x.ndim), 1)) if first else x, first


def restored(out: Any, channels_first: bool) -> Any:
    """Return images with their channels where the inputs of a function had them."""
    if not channels_first:
        return out
    return np.transpose(out, (0, out.ndim - 1, *range(1, out.ndim - 1)))
