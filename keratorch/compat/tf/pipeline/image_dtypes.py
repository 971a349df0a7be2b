"""Images as what the functions of ``tf.image`` compute with, and their dtypes."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import ops
from keratorch.core import GradArray
from keratorch.symbolic import KerasTensor
from keratorch.utils.element import as_element
from keratorch.utils.pipeline.spec import dtype_of
from keratorch.utils.pipeline.values import as_value


def image_of(image: Any, name: str = "image") -> Any:
    """Return an image as an array that NumPy's functions take.

    GradArrays and symbolic arrays stay what they are, so that gradients flow; others
    become arrays with a method ``numpy()``.

    Raises
    ------
    ValueError : no (height, width, channels), nor a batch of them.
    """
    if not isinstance(image, (GradArray, KerasTensor)):
        image = as_element(as_value(image))
    if np.ndim(image) not in (3, 4):
        raise ValueError(
            f"{name} must have shape (height, width, channels), or (batch, height, "
            f"width, channels); received {np.shape(image)}."
        )
    return image


def is_plain(image: Any) -> bool:
    """Return whether an image is an array without a graph."""
    return not isinstance(image, (GradArray, KerasTensor))


def cast(image: Any, dtype: np.dtype) -> Any:
    """Return an image in another dtype, fractions of integers cut off."""
    return image.astype(dtype) if is_plain(image) else ops.cast(image, dtype.name)


def convert_image_dtype(
    image: Any, dtype: Any, saturate: bool = False, name: str | None = None
) -> Any:
    """Return an image in another dtype, with values in the range that this has.

    Floats are in 0..1, integers in 0..their greatest.

    Parameters
    ----------
    image : array.
    dtype : dtype wanted.
    saturate : bool, whether floats below 0 or above 1 become the least and the greatest
        integer, rather than some other.
    name : str, a label, which changes nothing.
    """
    if not isinstance(image, (GradArray, KerasTensor)):
        image = as_element(as_value(image))
    old, new = np.dtype(image.dtype), dtype_of(dtype)
    if old == new:
        return image
    if old.kind == "f":
        return cast(image, new) if new.kind == "f" else _integers(image, new, saturate)
    if new.kind == "f":
        return cast(image, new) * new.type(1 / np.iinfo(old).max)
    return _other_integers(image, old, new)


def _integers(image: Any, new: np.dtype, saturate: bool) -> Any:
    top = np.iinfo(new).max
    scaled = image * np.asarray(top + 0.5, image.dtype)[()]
    if saturate:
        scaled = np.clip(scaled, np.iinfo(new).min, top)
    elif is_plain(scaled):
        return cast(scaled.astype(np.int64), new)  # NumPy warns of numbers too large
    return cast(scaled, new)


def _other_integers(image: Any, old: np.dtype, new: np.dtype) -> Any:
    tops = int(np.iinfo(old).max), int(np.iinfo(new).max)
    if tops[0] > tops[1]:
        return cast(image // ((tops[0] + 1) // (tops[1] + 1)), new)
    return cast(image, new) * new.type((tops[1] + 1) // (tops[0] + 1))


def as_floats(image: Any) -> tuple[Any, np.dtype]:
    """Return an image as floats in 0..1, and the dtype that it had."""
    old = np.dtype(image.dtype)
    if old.kind == "f" and old != np.float16:
        return image, old
    return convert_image_dtype(image, "float32"), old


def as_before(image: Any, dtype: np.dtype, saturate: bool = True) -> Any:
    """Return an image in the dtype that it had."""
    return convert_image_dtype(image, dtype, saturate)
