"""Images read from files and changed at random: Keras 2's `preprocessing.image`."""

from __future__ import annotations

from keratorch.preprocessing.image.affine import apply_affine_transform
from keratorch.preprocessing.image.changes import (
    apply_brightness_shift,
    apply_channel_shift,
    random_brightness,
    random_channel_shift,
    random_rotation,
    random_shear,
    random_shift,
    random_zoom,
    smart_resize,
)
from keratorch.preprocessing.image.files import DataFrameIterator, DirectoryIterator
from keratorch.preprocessing.image.generator import ImageDataGenerator
from keratorch.preprocessing.image.iterators import Iterator, NumpyArrayIterator
from keratorch.utils.image_utils import array_to_img, img_to_array, load_img, save_img

__all__ = [
    "DataFrameIterator",
    "DirectoryIterator",
    "ImageDataGenerator",
    "Iterator",
    "NumpyArrayIterator",
    "apply_affine_transform",
    "apply_brightness_shift",
    "apply_channel_shift",
    "array_to_img",
    "img_to_array",
    "load_img",
    "random_brightness",
    "random_channel_shift",
    "random_rotation",
    "random_shear",
    "random_shift",
    "random_zoom",
    "save_img",
    "smart_resize",
]
