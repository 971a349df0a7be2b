"""Data made ready as in Keras 2: `image`, `sequence` and `text`.

What Keras 3 recommends instead: the datasets of `keratorch.utils` and the preprocessing
layers.
"""

from __future__ import annotations

from keratorch.preprocessing import image, sequence, text
from keratorch.utils.image_dataset_utils import image_dataset_from_directory
from keratorch.utils.text_dataset_utils import text_dataset_from_directory
from keratorch.utils.timeseries_dataset_utils import timeseries_dataset_from_array

__all__ = [
    "image",
    "image_dataset_from_directory",
    "sequence",
    "text",
    "text_dataset_from_directory",
    "timeseries_dataset_from_array",
]
