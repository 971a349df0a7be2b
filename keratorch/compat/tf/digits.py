"""`tensorflow.examples.tutorials.mnist.input_data`: digits, set by set and in batches.

from tensorflow.examples.tutorials.mnist import input_data
mnist = input_data.read_data_sets("MNIST_data/", one_hot=True)
images, labels = mnist.train.next_batch(100)
"""

from __future__ import annotations

import gzip
import math
import os
from typing import Any, NamedTuple

import numpy as np

from keratorch import datasets

_FILES = [
    f"{part}-{what}-ubyte.gz"
    for part in ("train", "t10k")
    for what in ("images-idx3", "labels-idx1")
]
_MAGIC = {2049: 1, 2051: 3}  # what such a file begins with -> its number of axes


class DataSet:
    """Images and labels, whole and in shuffled batches.

    Attributes
    ----------
    images, labels : arrays.
    num_examples, epochs_completed : int.
    """

    def __init__(self, images: np.ndarray, labels: np.ndarray, seed: Any = None):
        self.images, self.labels = images, labels
        self.num_examples = len(images)
        self.epochs_completed = 0
        self._rng = np.random.default_rng(seed)
        self._left: list[int] = []

    def next_batch(
        self, batch_size: int, fake_data: bool = False, shuffle: bool = True
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the next images and labels; a batch may reach into the next round."""
        rows: list[int] = []
        while len(rows) < batch_size:
            if not self._left:
                self._begin_round(shuffle)
            wanted = batch_size - len(rows)
            rows, self._left = rows + self._left[:wanted], self._left[wanted:]
            self.epochs_completed += not self._left
        return self.images[rows], self.labels[rows]

    def _begin_round(self, shuffle: bool) -> None:
        order = np.arange(self.num_examples)
        self._left = list(self._rng.permutation(order) if shuffle else order)


class Datasets(NamedTuple):
    """The three sets of `read_data_sets`."""

    train: DataSet
    validation: DataSet
    test: DataSet


def read_data_sets(
    train_dir: str,
    fake_data: bool = False,
    one_hot: bool = False,
    dtype: Any = np.float32,
    reshape: bool = True,
    validation_size: int = 5000,
    seed: int | None = None,
    source_url: str = "",
) -> Datasets:
    """Return the digits of MNIST for training, validation and test.

    Parameters
    ----------
    train_dir : folder of the four files of MNIST, or of another set in their format;
        without them they are those of `keratorch.datasets.mnist`.
    one_hot : bool, whether labels are rows of 0 and 1, and not numbers.
    dtype : float32 for images in [0, 1], uint8 for [0, 255].
    reshape : bool, whether an image is one row of numbers, not (rows, columns, 1).
    validation_size : int, how many of the first images are for validation.
    seed : int, of the order in batches.

    Raises
    ------
    ValueError : a file of another format, or more images for validation than there are.
    """
    parts = _read(train_dir) or [x for part in datasets.mnist.load_data() for x in part]
    x, y, x_test, y_test = parts
    if not 0 <= validation_size <= len(x):
        raise ValueError(
            f"validation_size must be from 0 to {len(x)}; received {validation_size}."
        )

    def made(x: np.ndarray, y: np.ndarray) -> DataSet:
        return DataSet(_images(x, dtype, reshape), _labels(y, one_hot), seed)

    first = slice(validation_size)
    rest = slice(validation_size, None)
    return Datasets(
        made(x[rest], y[rest]), made(x[first], y[first]), made(x_test, y_test)
    )


def _images(x: np.ndarray, dtype: Any, reshape: bool) -> np.ndarray:
    x = x.reshape(len(x), -1) if reshape else x[..., None]
    if np.dtype(getattr(dtype, "as_numpy_dtype", dtype)).kind != "f":
        return x
    return x.astype(np.float32) / np.float32(255)


def _labels(y: np.ndarray, one_hot: bool) -> np.ndarray:
    return np.eye(10)[y] if one_hot else y


def _read(folder: str) -> list[np.ndarray] | None:
    """Return what the four files of a folder hold, None where one is missing."""
    paths = [os.path.join(folder, name) for name in _FILES]
    if not all(map(os.path.isfile, paths)):
        return None
    return [_array(path) for path in paths]


def _array(path: str) -> np.ndarray:
    """Return the array in a file: its kind, its lengths, and then its numbers."""
    with gzip.open(path, "rb") as file:
        axes = _MAGIC.get(_integer(file), 0)
        shape = [_integer(file) for _ in range(axes)]
        size = math.prod(shape)
        values = np.frombuffer(file.read(size + 1), np.uint8)
    if not axes or values.size != size:
        raise ValueError(f"{path} is no file of images or labels in MNIST's format.")
    return values.reshape(shape)


def _integer(file: Any) -> int:
    return int.from_bytes(file.read(4), "big")
