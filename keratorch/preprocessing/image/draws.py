"""What a random change of an image does, drawn in the order of Keras.

The numbers come from NumPy's global state, as in Keras: scripts seed it, and two
generators with one seed change images and masks alike.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def draw_change(settings: Any, height: int, width: int) -> dict[str, Any]:
    """Return the parameters of a change, for `ImageDataGenerator.apply_transform`.

    Parameters
    ----------
    settings : ImageDataGenerator, whose ranges are read.
    height, width : int, size of the image.
    """
    theta = _between(settings.rotation_range) if settings.rotation_range else 0
    tx = _shift(settings.height_shift_range, height)
    ty = _shift(settings.width_shift_range, width)
    shear = _between(settings.shear_range) if settings.shear_range else 0
    zx, zy = 1, 1
    low, high = settings.zoom_range
    if not low == high == 1:
        zx, zy = np.random.uniform(low, high, 2)  # noqa: NPY002
    # Both are drawn in any case, so that all other numbers stay as they are.
    horizontal, vertical = (
        np.random.random() < 0.5,  # noqa: NPY002
        np.random.random() < 0.5,  # noqa: NPY002
    )
    intensity = brightness = None
    if settings.channel_shift_range != 0:
        intensity = _between(settings.channel_shift_range)
    if settings.brightness_range is not None:
        low, high = settings.brightness_range
        brightness = np.random.uniform(low, high)  # noqa: NPY002
    return {
        "theta": theta,
        "tx": tx,
        "ty": ty,
        "shear": shear,
        "zx": zx,
        "zy": zy,
        "flip_horizontal": horizontal * settings.horizontal_flip,
        "flip_vertical": vertical * settings.vertical_flip,
        "channel_shift_intensity": intensity,
        "brightness": brightness,
    }


def _between(limit: float) -> float:
    return np.random.uniform(-limit, limit)  # noqa: NPY002


def _shift(limit: Any, length: int) -> Any:
    """Return pixels: of a list or an int, one value and a sign are drawn."""
    if not np.any(limit):
        return 0
    if np.ndim(limit) or isinstance(limit, (int, np.integer)):
        shift = np.random.choice(limit) * np.random.choice([-1, 1])  # noqa: NPY002
    else:
        shift = _between(limit)
    return shift * length if np.max(limit) < 1 else shift
