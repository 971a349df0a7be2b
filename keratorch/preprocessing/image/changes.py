"""Changes of one image: its place, its brightness, its colours, its size.

The random ones draw from NumPy's global state, as in Keras.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from keratorch.preprocessing.image.affine import apply_affine_transform
from keratorch.utils.resizing import crop_to_ratio, resize


def random_rotation(x: np.ndarray, rg: float, *args: Any, **kwargs: Any) -> np.ndarray:
    """Return an image turned by up to `rg` degrees.

    Further arguments are `row_axis`, `col_axis`, `channel_axis`, `fill_mode`, `cval`
    and `interpolation_order`, as in `apply_affine_transform`.
    """
    return _changed(x, args, kwargs, theta=_uniform(-rg, rg))


def random_shift(
    x: np.ndarray, wrg: float, hrg: float, *args: Any, **kwargs: Any
) -> np.ndarray:
    """Return an image shifted by up to the shares `wrg` and `hrg` of its size.

    Further arguments as in `random_rotation`.
    """
    options = _options(args, kwargs)
    tx = _uniform(-hrg, hrg) * x.shape[options["row_axis"]]
    ty = _uniform(-wrg, wrg) * x.shape[options["col_axis"]]
    return _changed(x, args, kwargs, tx=tx, ty=ty)


def random_shear(
    x: np.ndarray, intensity: float, *args: Any, **kwargs: Any
) -> np.ndarray:
    """Return an image sheared by up to `intensity` degrees.

    Further arguments as in `random_rotation`.
    """
    return _changed(x, args, kwargs, shear=_uniform(-intensity, intensity))


def random_zoom(
    x: np.ndarray, zoom_range: Sequence[float], *args: Any, **kwargs: Any
) -> np.ndarray:
    """Return an image zoomed by factors between the two of `zoom_range`.

    Further arguments as in `random_rotation`.

    Raises
    ------
    ValueError : `zoom_range` is no pair.
    """
    low, high = _pair("zoom_range", zoom_range)
    zx, zy = (1, 1) if low == high == 1 else _uniform(low, high, 2)
    return _changed(x, args, kwargs, zx=zx, zy=zy)


def apply_channel_shift(
    x: np.ndarray, intensity: float, channel_axis: int = 0
) -> np.ndarray:
    """Return an image with a number added, within the range that it has.

    `channel_axis` changes nothing here: the number is the same for all channels.

    Examples
    --------
    >>> apply_channel_shift(np.array([[[0.0, 5.0]]]), 2)
    array([[[2., 5.]]])
    """
    return np.clip(x + intensity, np.min(x), np.max(x))


def random_channel_shift(
    x: np.ndarray, intensity_range: float, channel_axis: int = 0
) -> np.ndarray:
    """Return an image with a number of up to `intensity_range` added."""
    intensity = _uniform(-intensity_range, intensity_range)
    return apply_channel_shift(x, intensity, channel_axis)


def apply_brightness_shift(
    x: np.ndarray, brightness: float, scale: bool = True
) -> np.ndarray:
    """Return an image made brighter by a factor, in whole steps from 0 to 255.

    Parameters
    ----------
    x : image with channels last; a fourth channel stays as it is.
    brightness : float >= 0, below 1 for darker.
    scale : bool, whether to stretch the image to 0..255 first. An image out of that
        range is stretched in any case, and brought back where `scale` is False.

    Examples
    --------
    >>> apply_brightness_shift(np.array([[[10.0], [200.0]]]), 1.5, scale=False).ravel()
    array([ 15., 255.], dtype=float32)
    """
    low, high = np.min(x), np.max(x)
    beyond = bool(low < 0 or high > 255)
    pixels = np.asarray(x, np.float32)
    if beyond or scale:
        pixels = pixels - np.min(pixels)
        pixels = pixels / (np.max(pixels) or 1) * 255
    steps = pixels.astype(np.uint8)
    bright = np.clip(np.float32(brightness) * steps.astype(np.float32), 0, 255)
    if x.shape[-1] == 4:
        bright[..., 3] = steps[..., 3]
    bright = np.trunc(bright)
    if beyond and not scale:
        bright = bright / 255 * (high - low) + low
    return bright


def random_brightness(
    x: np.ndarray, brightness_range: Sequence[float], scale: bool = True
) -> np.ndarray:
    """Return an image made brighter by a factor between the two given.

    Raises
    ------
    ValueError : `brightness_range` is no pair.
    """
    low, high = _pair("brightness_range", brightness_range)
    return apply_brightness_shift(x, _uniform(low, high), scale)


def smart_resize(
    x: Any,
    size: tuple[int, int],
    interpolation: str = "bilinear",
    data_format: str = "channels_last",
) -> np.ndarray:
    """Return the middle of images, in the proportions of `size`, in that size.

    Parameters
    ----------
    x : (height, width, channels), alone or in a batch, or with channels first.
    size : (height, width).
    interpolation : 'bilinear', 'nearest', 'bicubic', 'lanczos3' or 'lanczos5'.
    data_format : 'channels_last' or 'channels_first'.

    Raises
    ------
    ValueError : x is no image and no batch of images.

    Examples
    --------
    >>> smart_resize(np.zeros((34, 50, 3)), (20, 20)).shape
    (20, 20, 3)
    """
    x = np.asarray(x)
    if len(size) != 2:
        raise ValueError(f"size must be (height, width); received {size!r}.")
    if x.ndim not in (3, 4):
        raise ValueError(
            "x must be an image of shape (height, width, channels) or a batch of such; "
            f"received shape {x.shape}."
        )
    cropped = crop_to_ratio(x, (size[0], size[1]), data_format)
    return resize(cropped, (size[0], size[1]), interpolation, data_format)


_AFFINE = {
    "row_axis": 1,
    "col_axis": 2,
    "channel_axis": 0,
    "fill_mode": "nearest",
    "cval": 0.0,
    "interpolation_order": 1,
}


def _options(args: tuple, kwargs: dict[str, Any]) -> dict[str, Any]:
    unknown = {*kwargs} - {*_AFFINE}
    if unknown or len(args) > len(_AFFINE):
        raise TypeError(
            f"the further arguments are {', '.join(_AFFINE)}; received "
            f"{', '.join(sorted(unknown)) or f'{len(args)} of them'}."
        )
    return {**_AFFINE, **dict(zip(_AFFINE, args, strict=False)), **kwargs}


def _changed(
    x: np.ndarray, args: tuple, kwargs: dict[str, Any], **change: Any
) -> np.ndarray:
    options = _options(args, kwargs)
    options["order"] = options.pop("interpolation_order")
    return apply_affine_transform(x, **change, **options)


def _uniform(low: float, high: float, size: int | None = None) -> Any:
    return np.random.uniform(low, high, size)  # noqa: NPY002


def _pair(name: str, values: Sequence[float]) -> tuple[float, float]:
    if len(values) != 2:
        raise ValueError(f"{name} must be two numbers; received {values!r}.")
    return values[0], values[1]
