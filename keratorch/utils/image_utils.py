"""Images read, written, and turned into arrays and back, with Pillow."""

from __future__ import annotations

import importlib
import io
import os
import pathlib
import warnings
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from keratorch import config
from keratorch.errors import suggest

_INTERPOLATIONS = ("bicubic", "bilinear", "box", "hamming", "lanczos", "nearest")
_MODES = {"grayscale": ("L", "I;16", "I"), "rgb": ("RGB",), "rgba": ("RGBA",)}


def pillow(module: str = "Image") -> Any:
    """Return a module of Pillow.

    Raises
    ------
    ImportError : Pillow is not installed.
    """
    try:
        return importlib.import_module(f"PIL.{module}")
    except ImportError as error:
        raise ImportError(
            'images need Pillow: pip install "keratorch[image]", or pip install pillow.'
        ) from error


def load_img(
    path: str | bytes | os.PathLike[str] | io.BytesIO,
    color_mode: str = "rgb",
    target_size: tuple[int, int] | None = None,
    interpolation: str = "nearest",
    keep_aspect_ratio: bool = False,
) -> Any:
    """Read an image file.

    Parameters
    ----------
    path : the file, or its bytes in an `io.BytesIO`.
    color_mode : 'rgb', 'rgba' or 'grayscale', which leaves 16 and 32 bits a pixel.
    target_size : (height, width), or None for the size that the image has.
    interpolation : 'nearest', 'bilinear', 'bicubic', 'lanczos', 'box' or 'hamming'.
    keep_aspect_ratio : bool, whether to cut the image to the proportions of
        `target_size` first, rather than to stretch it.

    Returns
    -------
    PIL.Image.Image

    Raises
    ------
    ImportError : Pillow is not installed.
    TypeError, ValueError : an argument of another kind.

    Examples
    --------
    >>> image = load_img("cat.jpg", target_size=(64, 64))  # doctest: +SKIP
    """
    if color_mode not in _MODES:
        raise ValueError(
            f"color_mode must be 'rgb', 'rgba' or 'grayscale'; received {color_mode!r}."
        )
    image = _opened(path)
    if image.mode not in _MODES[color_mode]:
        image = image.convert(_MODES[color_mode][0])
    if target_size is None:
        return image
    size = (target_size[1], target_size[0])
    if image.size == size:
        return image
    if interpolation not in _INTERPOLATIONS:
        raise ValueError(
            f"interpolation {interpolation!r} is unknown. "
            f"{suggest(interpolation, _INTERPOLATIONS)}"
        )
    method = getattr(pillow().Resampling, interpolation.upper())
    box = _middle(image.size, size) if keep_aspect_ratio else None
    return image.resize(size, method, box=box)


def img_to_array(
    img: Any, data_format: str | None = None, dtype: DTypeLike | None = None
) -> np.ndarray:
    """Return the pixels of an image.

    Parameters
    ----------
    img : PIL.Image.Image, or an array (height, width) or with channels last.
    data_format : 'channels_last' or 'channels_first'; None for the library's setting.
    dtype : type of the result; None for `config.floatx()`.

    Returns
    -------
    (height, width, channels) or (channels, height, width)

    Raises
    ------
    ValueError : an array of another rank.

    Examples
    --------
    >>> img_to_array(np.zeros((4, 5), "uint8")).shape
    (4, 5, 1)
    """
    x = np.asarray(img, dtype=dtype or config.floatx())
    if x.ndim not in (2, 3):
        raise ValueError(
            "img must have shape (height, width) or (height, width, channels); "
            f"received {x.shape}."
        )
    if x.ndim == 2:
        x = x[:, :, None]
    return x.transpose(2, 0, 1) if _channels_first(data_format) else x


def array_to_img(
    x: Any,
    data_format: str | None = None,
    scale: bool = True,
    dtype: DTypeLike | None = None,
) -> Any:
    """Return the image whose pixels are in an array.

    Parameters
    ----------
    x : (height, width, channels) or (channels, height, width), of 1, 3 or 4 channels.
    data_format : 'channels_last' or 'channels_first'; None for the library's setting.
    scale : bool, whether the least value becomes 0 and the greatest 255.
    dtype : type to compute in; None for `config.floatx()`.

    Returns
    -------
    PIL.Image.Image

    Raises
    ------
    ImportError : Pillow is not installed.
    ValueError : another rank or number of channels.

    Examples
    --------
    >>> array_to_img(np.eye(4)[..., None]).size  # doctest: +SKIP
    (4, 4)
    """
    image = pillow()
    x = np.asarray(x, dtype=dtype or config.floatx())
    if x.ndim != 3:
        raise ValueError(
            "x must be one image of shape (height, width, channels); received shape "
            f"{x.shape}. For a batch, call it for each image."
        )
    if _channels_first(data_format):
        x = x.transpose(1, 2, 0)
    if x.shape[2] not in (1, 3, 4):
        raise ValueError(f"x must have 1, 3 or 4 channels; received {x.shape[2]}.")
    if scale:
        x = x - np.min(x)
        x = x / (np.max(x) or 1) * 255
    if x.shape[2] > 1:
        return image.fromarray(x.astype(np.uint8))
    wide = np.max(x) > 255  # 32 bits a pixel
    return image.fromarray(x[:, :, 0].astype(np.int32 if wide else np.uint8))


def save_img(
    path: Any,
    x: Any,
    data_format: str | None = None,
    file_format: str | None = None,
    scale: bool = True,
    **kwargs: Any,
) -> None:
    """Write the image whose pixels are in an array.

    Parameters
    ----------
    path : path, or a file open for writing.
    x, data_format, scale : as in `array_to_img`.
    file_format : such as 'png'; None for what the path ends in.
    **kwargs : of Pillow's `Image.save`.

    Examples
    --------
    >>> save_img("noise.png", np.random.rand(8, 8, 3))  # doctest: +SKIP
    """
    if file_format is None and isinstance(path, (str, pathlib.Path)):
        file_format = pathlib.Path(path).suffix[1:]
    if (file_format or "").lower() == "jpg":
        file_format = "jpeg"
    img = array_to_img(x, data_format=data_format, scale=scale)
    if img.mode == "RGBA" and (file_format or "").lower() == "jpeg":
        warnings.warn(
            "JPEG has no transparency: the fourth channel is not written.",
            stacklevel=2,
        )
        img = img.convert("RGB")
    img.save(path, format=file_format or None, **kwargs)


def _opened(path: Any) -> Any:
    if isinstance(path, io.BytesIO):
        return pillow().open(path)
    if isinstance(path, (str, bytes, os.PathLike)):
        with open(path, "rb") as file:  # Pillow would keep it open
            return pillow().open(io.BytesIO(file.read()))
    raise TypeError(
        f"path must be a path or an io.BytesIO; received {type(path).__name__}."
    )


def _middle(old: tuple[int, int], new: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return the box of an image's middle that has the proportions of `new`."""
    width = min(old[0], old[1] * new[0] // new[1])
    height = min(old[1], old[0] * new[1] // new[0])
    left, top = (old[0] - width) // 2, (old[1] - height) // 2
    return left, top, left + width, top + height


def _channels_first(data_format: str | None) -> bool:
    name = data_format or config.image_data_format()
    if name not in ("channels_first", "channels_last"):
        raise ValueError(
            "data_format must be 'channels_last' or 'channels_first'; received "
            f"{data_format!r}."
        )
    return name == "channels_first"
