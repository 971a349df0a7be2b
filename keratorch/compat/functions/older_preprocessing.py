"""Functions that `keras.preprocessing` had, for images and texts."""

from __future__ import annotations

import os
import re
import string
from typing import Any

import numpy as np

from keratorch.compat.spoken import say_modern
from keratorch.preprocessing.image.affine import _read


def base_filter() -> str:
    """Return the characters that a `Tokenizer` of Keras 1 took out of texts.

    These are ASCII's signs without the apostrophe, and tab and newline.
    """
    say_modern("keras.preprocessing.text.base_filter()", "Tokenizer()'s own filters")
    return string.punctuation.replace("'", "") + "\t\n"


def transform_matrix_offset_center(matrix: np.ndarray, x: int, y: int) -> np.ndarray:
    """Return a matrix, (3, 3), that leaves the middle of an image where it is.

    Parameters
    ----------
    matrix : (3, 3), of an affine map around the corner.
    x, y : int, the height and the width of the image.
    """
    there, back = np.eye(3), np.eye(3)
    there[:2, 2] = x / 2 + 0.5, y / 2 + 0.5
    back[:2, 2] = -there[:2, 2]
    return there @ matrix @ back


def apply_transform(
    x: np.ndarray,
    transform_matrix: np.ndarray,
    channel_axis: int = 0,
    fill_mode: str = "nearest",
    cval: float = 0.0,
    channel_index: int | None = None,
) -> np.ndarray:
    """Return an image whose pixels are read where a matrix says, without mixing them.

    Parameters
    ----------
    x : one image.
    transform_matrix : (3, 3), from a place in the result to the one that is read.
    channel_axis : int; `channel_index` is its name in Keras 1.
    fill_mode, cval : what lies outside, as in `apply_affine_transform`.

    Examples
    --------
    >>> row = np.array([[[1.0, 2.0, 3.0]]])
    >>> apply_transform(row, np.array([[1, 0, 0], [0, 1, 1], [0, 0, 1]]))
    array([[[2., 3., 3.]]])
    """
    axis = channel_axis if channel_index is None else channel_index
    matrix = np.asarray(transform_matrix, float)
    planes = np.moveaxis(np.asarray(x), axis, 0)
    out = np.stack([_read(p, matrix, fill_mode, cval, 0) for p in planes])
    return np.moveaxis(out, 0, axis)


def flip_axis(x: Any, axis: int) -> np.ndarray:
    """Return an array turned around along an axis."""
    say_modern("flip_axis(x, axis)", "np.flip(x, axis)")
    return np.flip(np.asarray(x), axis)


def list_pictures(directory: str, ext: str = "jpg|jpeg|bmp|png|ppm") -> list[str]:
    """Return the paths of the images in a folder and below it.

    Parameters
    ----------
    directory : str, path.
    ext : str, endings of their names, parted by a bar.
    """
    name_of_one = re.compile(rf"[\w\- ]+\.(?:{ext})", re.IGNORECASE)
    return [
        os.path.join(folder, file)
        for folder, _, files in os.walk(directory)
        for file in sorted(files)
        if name_of_one.match(file)
    ]


__all__ = [
    "apply_transform",
    "base_filter",
    "flip_axis",
    "list_pictures",
    "transform_matrix_offset_center",
]
