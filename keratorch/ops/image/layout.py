"""One image or a batch, channels first or last: all are batches with channels last."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from keratorch import config, graph
from keratorch.core import GradArray
from keratorch.errors import suggest
from keratorch.ops.arrays import as_floats

_LAYOUTS = ("channels_first", "channels_last")


class Layout:
    """How images came, and the way there and back.

    Parameters
    ----------
    name : str, the function, for errors.
    images : (height, width, channels) or (batch, height, width, channels), or with the
        channels before the height.
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.

    Raises
    ------
    ValueError : images with other numbers of axes, or an unknown layout.
    """

    def __init__(self, name: str, images: Any, data_format: str | None):
        x = images if hasattr(images, "_grad_op") else _array(images)
        self.first = checked_format(name, data_format) == "channels_first"
        if x.ndim not in (3, 4):
            raise ValueError(
                f"{name} needs one image, with three axes, or a batch of images, with "
                f"four; received shape {x.shape}."
            )
        self.single = x.ndim == 3
        self.dtype = np.dtype(x.dtype)  # a Variable says its name
        self.images = x

    def batch(self) -> Any:
        """Return the images as floats of shape (batch, height, width, channels)."""
        x = as_floats(self.images)
        x = x[None] if self.single else x
        return np.transpose(x, (0, 2, 3, 1)) if self.first else x

    def restored(self, x: Any) -> Any:
        """Return a batch with channels last in the layout that the images had."""
        x = np.transpose(x, (0, 3, 1, 2)) if self.first else x
        return x[0] if self.single else x

    def restored_alike(self, x: Any, rounding: Callable = np.rint) -> Any:
        """Return a batch as `restored` does, of integers where the images were such."""
        return in_dtype(self.restored(x), self.dtype, rounding)

    @property
    def height_axis(self) -> int:
        """The axis of the height, counted from the end; that of the width follows."""
        return -2 if self.first else -3

    @property
    def channel_axis(self) -> int:
        """The axis of the channels, counted from the end."""
        return -3 if self.first else -1


def _array(images: Any) -> np.ndarray:
    array = np.asarray(images)
    if array.dtype.kind in "biu" and hasattr(images, "dtype"):
        return array
    return as_floats(images).numpy()


def in_dtype(x: Any, dtype: Any, rounding: Callable = np.rint) -> Any:
    """Return floats, or the nearest integers of a dtype that is none of floats."""
    if np.dtype(dtype).kind not in "biu":
        return x
    exact = rounding(graph.value(x).astype(np.float64))
    low, high = 0, 1
    if np.dtype(dtype).kind != "b":
        low, high = np.iinfo(dtype).min, np.iinfo(dtype).max
    return GradArray(np.clip(exact, low, high).astype(dtype), requires_grad=False)


def checked_format(name: str, data_format: str | None) -> str:
    """Return 'channels_last' or 'channels_first', or raise."""
    layout = str(data_format or config.image_data_format()).lower()
    if layout not in _LAYOUTS:
        raise ValueError(
            f"{name}: data_format must name an image layout; received "
            f"{data_format!r}. {suggest(layout, _LAYOUTS)}"
        )
    return layout


def check_known(name: str, argument: str, value: Any, known: Any) -> None:
    """Raise unless a value is one of the names known."""
    if value not in known:
        raise ValueError(
            f"{name}: {argument} must be one of {', '.join(map(repr, known))}; "
            f"received {value!r}."
        )
