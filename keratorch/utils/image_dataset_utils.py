"""Datasets of the images in a folder."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import numpy as np

from keratorch import config
from keratorch.utils.dataset import Dataset
from keratorch.utils.directory_utils import FileQuery, check_format, datasets_of_files
from keratorch.utils.image_utils import img_to_array, load_img
from keratorch.utils.resizing import (
    check_interpolation,
    crop_to_ratio,
    resize,
    resize_with_pad,
)

_FORMATS = (".bmp", ".gif", ".jpeg", ".jpg", ".png")


def image_dataset_from_directory(
    directory: str | os.PathLike[str],
    labels: Any = "inferred",
    label_mode: str | None = "int",
    class_names: Sequence[str] | None = None,
    color_mode: str = "rgb",
    batch_size: int | None = 32,
    image_size: int | tuple[int, int] = (256, 256),
    shuffle: bool = True,
    seed: int | None = None,
    validation_split: float | None = None,
    subset: str | None = None,
    interpolation: str = "bilinear",
    follow_links: bool = False,
    crop_to_aspect_ratio: bool = False,
    pad_to_aspect_ratio: bool = False,
    data_format: str | None = None,
    format: str = "tf",
    verbose: bool = True,
) -> Dataset | list[Dataset]:
    """Return the dataset of the images in a folder, one subfolder a class.

    Parameters
    ----------
    directory : the folder, with .bmp, .gif, .jpeg, .jpg and .png files.
    labels : 'inferred' from the subfolders, None, or a list of integers in the order of
        the sorted paths.
    label_mode : 'int' for int32 (batch,), 'binary' for float32 (batch, 1),
        'categorical' for float32 (batch, classes), None for images alone.
    class_names : names of subfolders, in the order of their labels; None for sorted.
    color_mode : 'rgb', 'rgba' or 'grayscale'.
    batch_size : int, or None for single images.
    image_size : (height, width) that each image gets.
    shuffle : bool, whether to mix the images, anew in each walk.
    seed : int that fixes the split, the same as in Keras, and the orders (others).
    validation_split : float in (0, 1), the share of the images of subset 'validation'.
    subset : 'training', 'validation', 'both' for a list of the two, or None for all.
    interpolation : 'bilinear', 'nearest', 'bicubic', 'area', 'lanczos3', 'lanczos5',
        'gaussian' or 'mitchellcubic'.
    follow_links : bool, whether to walk into linked folders.
    crop_to_aspect_ratio : bool, whether to cut images to the proportions of
        `image_size` rather than to stretch them.
    pad_to_aspect_ratio : bool, whether to put zeros around images instead.
    data_format : 'channels_last' or 'channels_first'; None for the library's setting.
    format : 'tf' or 'grain', Keras's kinds of datasets: a `Dataset` stands for both.
    verbose : bool, whether to print how many files there are.

    Returns
    -------
    Dataset of (batch, height, width, channels), float32 in 0..255, alone or with the
    labels; with attributes `class_names` and `file_paths`.

    Raises
    ------
    ImportError : Pillow is not installed.
    ValueError : an argument of another value, or no image.

    Examples
    --------
    >>> train = image_dataset_from_directory("pets")  # doctest: +SKIP
    >>> train.class_names  # doctest: +SKIP
    ['cats', 'dogs']
    """
    check_format(format)
    size = _size(image_size)
    if crop_to_aspect_ratio and pad_to_aspect_ratio:
        raise ValueError(
            "crop_to_aspect_ratio and pad_to_aspect_ratio exclude each other."
        )
    if color_mode not in ("rgb", "rgba", "grayscale"):
        raise ValueError(
            f"color_mode must be 'rgb', 'rgba' or 'grayscale'; received {color_mode!r}."
        )
    method = check_interpolation(interpolation)
    layout = data_format or config.image_data_format()

    def read(path: str) -> np.ndarray:
        image = img_to_array(load_img(path, color_mode), "channels_last", "float32")
        if pad_to_aspect_ratio:
            image = resize_with_pad(image, size, method)
        else:
            if crop_to_aspect_ratio:
                image = crop_to_ratio(image, size, "channels_last")
            image = resize(image, size, method)
        return image.transpose(2, 0, 1) if layout == "channels_first" else image

    query = FileQuery(
        directory=directory,
        labels=labels,
        label_mode=label_mode,
        class_names=class_names,
        shuffle=shuffle,
        seed=seed,
        validation_split=validation_split,
        subset=subset,
        follow_links=follow_links,
        verbose=verbose,
        formats=_FORMATS,
    )
    return datasets_of_files(query, batch_size, read)


def _size(image_size: Any) -> tuple[int, int]:
    if isinstance(image_size, int):
        return image_size, image_size
    if not isinstance(image_size, (list, tuple)) or len(image_size) != 2:
        raise ValueError(
            f"image_size must be (height, width); received {image_size!r}."
        )
    return int(image_size[0]), int(image_size[1])
