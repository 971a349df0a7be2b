"""Images from the bytes of files, and back. They need Pillow."""

from __future__ import annotations

import io
from typing import Any

import numpy as np

from keratorch.compat.tf.pipeline.image_dtypes import convert_image_dtype
from keratorch.utils.element import as_element
from keratorch.utils.pipeline.spec import dtype_of
from keratorch.utils.pipeline.values import as_value

_MODES = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}


def _pillow() -> Any:
    try:
        from PIL import Image  # noqa: PLC0415 - an optional extra
    except ImportError:
        raise ImportError(
            "tf.io and tf.image read images with Pillow, which is not installed: "
            "pip install pillow."
        ) from None
    return Image


def decode_image(
    contents: Any,
    channels: int | None = None,
    dtype: Any = "uint8",
    name: str | None = None,
    expand_animations: bool = True,
) -> Any:
    """Return the pixels of an image file in any format that Pillow reads.

    Parameters
    ----------
    contents : bytes of the file.
    channels : int, 1 for grey, 3 for RGB, 4 for RGBA; None or 0 for those of the file.
    dtype : of the pixels; floats are in 0..1.
    name : str, a label, which changes nothing.
    expand_animations : bool, whether an animated GIF gives all its images.

    Returns
    -------
    (height, width, channels), or (images, height, width, 3) for a GIF.

    Raises
    ------
    ValueError : bytes that are no image.
    """
    image = _opened(contents)
    if image.format == "GIF" and expand_animations:
        frames = []
        for place in range(getattr(image, "n_frames", 1)):
            image.seek(place)
            frames.append(_pixels(image, channels or 3))
        return _in_dtype(np.stack(frames), dtype)
    return _in_dtype(_pixels(image, channels), dtype)


def decode_gif(contents: Any, name: str | None = None) -> Any:
    """Return all images of a GIF, (images, height, width, 3)."""
    return decode_image(contents, 3)


def decode_jpeg(
    contents: Any,
    channels: int = 0,
    ratio: int = 1,
    fancy_upscaling: bool = True,
    try_recover_truncated: bool = False,
    acceptable_fraction: float = 1,
    dct_method: str = "",
    name: str | None = None,
) -> Any:
    """Return the pixels of an image file, (height, width, channels), uint8.

    Raises
    ------
    ValueError : bytes that are no image, or an argument that Pillow has no match for.
    """
    if ratio != 1 or not fancy_upscaling or try_recover_truncated:
        raise ValueError(
            "decode_jpeg takes ratio=1, fancy_upscaling=True and "
            "try_recover_truncated=False only. Use tf.image.resize for a smaller image."
        )
    return decode_image(contents, channels, expand_animations=False)


def decode_png(
    contents: Any, channels: int = 0, dtype: Any = "uint8", name: str | None = None
) -> Any:
    """Return the pixels of an image file, (height, width, channels)."""
    if dtype_of(dtype) == np.uint16:
        pixels = np.asarray(_opened(contents)).astype(np.uint16)
        return as_element(pixels if pixels.ndim == 3 else pixels[..., None])
    return decode_image(contents, channels, expand_animations=False)


def decode_bmp(contents: Any, channels: int = 0, name: str | None = None) -> Any:
    """Return the pixels of an image file, (height, width, channels), uint8."""
    return decode_image(contents, channels)


def encode_jpeg(
    image: Any,
    format: str = "",
    quality: int = 95,
    progressive: bool = False,
    optimize_size: bool = False,
    name: str | None = None,
) -> Any:
    """Return the bytes of a JPEG file of pixels, uint8 (height, width, channels)."""
    options = {"quality": int(quality), "progressive": bool(progressive)}
    return _encoded(image, "JPEG", optimize=bool(optimize_size), **options)


def encode_png(image: Any, compression: int = -1, name: str | None = None) -> Any:
    """Return the bytes of a PNG file of pixels, uint8 (height, width, channels)."""
    level = {} if compression < 0 else {"compress_level": int(compression)}
    return _encoded(image, "PNG", **level)


def adjust_jpeg_quality(image: Any, jpeg_quality: int, name: str | None = None) -> Any:
    """Return an image as it looks after being a JPEG file of some quality, 0..100."""
    pixels = convert_image_dtype(image, "uint8", saturate=True)
    again = decode_jpeg(encode_jpeg(pixels, quality=int(jpeg_quality)))
    return convert_image_dtype(again, as_value(image).dtype, saturate=True)


def is_jpeg(contents: Any, name: str | None = None) -> bool:
    """Return whether bytes begin as a JPEG file does."""
    content = as_value(contents)
    return isinstance(content, bytes) and content[:3] == b"\xff\xd8\xff"


def _opened(contents: Any) -> Any:
    content = as_value(contents)
    raw = content.encode() if isinstance(content, str) else content
    if not isinstance(raw, bytes):
        raise ValueError(
            "contents must be the bytes of one image file, as tf.io.read_file gives; "
            f"received {type(contents).__name__}."
        )
    image_module = _pillow()
    try:
        return image_module.open(io.BytesIO(raw))
    except image_module.UnidentifiedImageError:
        raise ValueError(
            f"contents are no image that Pillow knows: {raw[:8]!r}... of {len(raw)} "
            "bytes. Is the path right?"
        ) from None


def _pixels(image: Any, channels: int | None) -> np.ndarray:
    if channels:
        image = image.convert(_MODES[int(channels)])
    elif image.mode not in _MODES.values():
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    pixels = np.asarray(image)
    return pixels if pixels.ndim == 3 else pixels[..., None]


def _in_dtype(pixels: np.ndarray, dtype: Any) -> Any:
    return convert_image_dtype(as_element(np.ascontiguousarray(pixels)), dtype)


def _encoded(image: Any, file_format: str, **options: Any) -> Any:
    pixels = np.asarray(as_value(image))
    if pixels.ndim != 3 or pixels.dtype != np.uint8:
        raise ValueError(
            "image must be uint8 of shape (height, width, channels); received "
            f"{pixels.dtype} of shape {pixels.shape}."
        )
    plain = pixels[..., 0] if pixels.shape[-1] == 1 else pixels
    file = io.BytesIO()
    _pillow().fromarray(plain).save(file, file_format, **options)
    return as_element(file.getvalue())
