"""Batches of images that are changed anew each time that they are drawn."""

from __future__ import annotations

import os
import threading
import warnings
from collections.abc import Iterator as Walk
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from keratorch import config
from keratorch.utils.image_utils import array_to_img
from keratorch.utils.py_dataset import PyDataset


class Iterator(PyDataset):
    """Batches of samples by number, or one after the other without an end.

    A subclass defines ``_get_batches_of_transformed_samples(index_array)``. Orders are
    drawn from NumPy's global state, which a `seed` sets before each batch, as in Keras:
    two iterators with one seed change their images alike.

    Parameters
    ----------
    n : int, number of samples.
    batch_size : int.
    shuffle : bool, whether each epoch has an order of its own.
    seed : int or None.
    **kwargs : those of `PyDataset`.
    """

    white_list_formats = ("png", "jpg", "jpeg", "bmp", "ppm", "tif", "tiff")

    def __init__(
        self, n: int, batch_size: int, shuffle: bool, seed: int | None, **kwargs: Any
    ):
        super().__init__(**kwargs)
        self.n = n
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.seed = seed
        self.batch_index = 0
        self.total_batches_seen = 0
        self.index_array: np.ndarray | None = None
        self.lock = threading.Lock()

    def __len__(self) -> int:
        return -(-self.n // self.batch_size)

    def __getitem__(self, index: int) -> Any:
        if index >= len(self):
            raise ValueError(
                f"there are {len(self)} batches; asked for number {index}."
            )
        with self.lock:
            self._seed_next()
            if self.index_array is None:
                self._set_index_array()
            places = self._places(self.batch_size * index)
        return self._get_batches_of_transformed_samples(places)

    def __iter__(self) -> Walk[Any]:
        return self

    def __next__(self) -> Any:
        with self.lock:
            self._seed_next()
            if self.batch_index == 0 or self.index_array is None:
                self._set_index_array()
            first = self.batch_index * self.batch_size
            self.batch_index += 1
            if first + self.batch_size >= self.n:
                self.batch_index = 0
            places = self._places(first)
        return self._get_batches_of_transformed_samples(places)

    def next(self) -> Any:
        """Return the next batch, as ``next(iterator)`` does."""
        return self.__next__()

    def on_epoch_end(self) -> None:
        """Draw the order of the next epoch."""
        self._set_index_array()

    def reset(self) -> None:
        """Begin with the first batch again."""
        self.batch_index = 0

    def _seed_next(self) -> None:
        if self.seed is not None:
            np.random.seed(self.seed + self.total_batches_seen)  # noqa: NPY002
        self.total_batches_seen += 1

    def _set_index_array(self) -> None:
        self.index_array = np.arange(self.n)
        if self.shuffle:
            self.index_array = np.random.permutation(self.n)  # noqa: NPY002

    def _places(self, first: int) -> np.ndarray:
        assert self.index_array is not None  # it was set just before
        return self.index_array[first : first + self.batch_size]

    def _get_batches_of_transformed_samples(self, index_array: np.ndarray) -> Any:
        raise NotImplementedError(
            f"{type(self).__name__} must define _get_batches_of_transformed_samples("
            "self, index_array), which returns a batch."
        )


def save_batch(
    batch: np.ndarray,
    places: np.ndarray,
    data_format: str,
    folder: str | os.PathLike[str],
    prefix: str,
    file_format: str,
) -> None:
    """Write the images of a batch into a folder, for a look at them."""
    for image, place in zip(batch, places, strict=True):
        token = np.random.randint(10**7)  # noqa: NPY002
        name = f"{prefix}_{place}_{token}.{file_format}"
        array_to_img(image, data_format).save(os.path.join(folder, name))


class NumpyArrayIterator(Iterator):
    """Batches of images in an array, which `ImageDataGenerator.flow` returns.

    Parameters
    ----------
    x : images, (samples, height, width, channels) or with channels first; or a tuple of
        images and a list of other arrays, which are handed on as they are.
    y : (samples, ...), labels, or None.
    image_data_generator : ImageDataGenerator.
    sample_weight : (samples,), or None.
    ignore_class_split : bool, whether the subsets may have different classes.
    subset : 'training', 'validation', or None for all.
    Others as in `ImageDataGenerator.flow`.
    """

    def __init__(
        self,
        x: Any,
        y: Any,
        image_data_generator: Any,
        batch_size: int = 32,
        shuffle: bool = False,
        sample_weight: Any = None,
        seed: int | None = None,
        data_format: str | None = None,
        save_to_dir: str | os.PathLike[str] | None = None,
        save_prefix: str = "",
        save_format: str = "png",
        subset: str | None = None,
        ignore_class_split: bool = False,
        dtype: DTypeLike | None = None,
    ):
        others: list[Any] = []
        if isinstance(x, (tuple, list)):
            x, second = x[0], x[1]
            others = list(second) if isinstance(second, list) else [second]
        parts = [x, *others, y, sample_weight]
        _check_lengths(parts)
        if subset is not None:
            where = subset_slice(subset, image_data_generator, len(x))
            if not ignore_class_split and y is not None:
                _check_classes(y, where)
            parts = [None if part is None else part[where] for part in parts]
        x, *others, y, sample_weight = parts
        self.dtype = np.dtype(dtype or config.floatx())
        self.data_format = data_format or config.image_data_format()
        self.x = np.asarray(x, dtype=self.dtype)
        self.x_misc = [np.asarray(other) for other in others]
        self.y = None if y is None else np.asarray(y)
        self.sample_weight = (
            None if sample_weight is None else np.asarray(sample_weight)
        )
        check_images("x", self.x, self.data_format)
        self.image_data_generator = image_data_generator
        self.save_to_dir = save_to_dir
        self.save_prefix = save_prefix
        self.save_format = save_format
        super().__init__(len(self.x), batch_size, shuffle, seed)

    def _get_batches_of_transformed_samples(self, index_array: np.ndarray) -> Any:
        batch = np.zeros((len(index_array), *self.x.shape[1:]), self.dtype)
        for row, place in enumerate(index_array):
            batch[row] = self.image_data_generator._changed(self.x[place])
        if self.save_to_dir:
            save_batch(
                batch,
                index_array,
                self.data_format,
                self.save_to_dir,
                self.save_prefix,
                self.save_format,
            )
        others = [other[index_array] for other in self.x_misc]
        inputs = [batch, *others] if others else batch
        if self.y is None:
            return inputs
        if self.sample_weight is None:
            return inputs, self.y[index_array]
        return inputs, self.y[index_array], self.sample_weight[index_array]


def subset_slice(subset: str, generator: Any, count: int) -> slice:
    """Return which of `count` samples are in a subset: the first ones validate.

    Raises
    ------
    ValueError : another subset.
    """
    border = int(count * generator._validation_split)
    if subset == "validation":
        return slice(0, border)
    if subset == "training":
        return slice(border, count)
    raise ValueError(f"subset must be 'training' or 'validation'; received {subset!r}.")


def check_images(name: str, x: np.ndarray, data_format: str) -> None:
    """Check that an array is a batch of images; warn of a strange number of channels.

    Raises
    ------
    ValueError : another rank.
    """
    if x.ndim != 4:
        raise ValueError(
            f"{name} must have shape (samples, height, width, channels); received "
            f"{x.shape}. For gray images, use {name}[..., None]."
        )
    axis = 3 if data_format == "channels_last" else 1
    if x.shape[axis] not in (1, 3, 4):
        warnings.warn(
            f"{name} of shape {x.shape} has {x.shape[axis]} channels on axis {axis}, "
            f"where data_format={data_format!r} has them; images have 1, 3 or 4.",
            stacklevel=4,
        )


def _check_lengths(parts: list[Any]) -> None:
    lengths = [len(part) for part in parts if part is not None]
    if len({*lengths}) > 1:
        raise ValueError(
            "x, y and sample_weight must have one length; received arrays of lengths "
            f"{lengths}."
        )


def _check_classes(y: Any, where: slice) -> None:
    y = np.asarray(y)
    border = where.start or where.stop
    if not np.array_equal(np.unique(y[:border]), np.unique(y[border:])):
        raise ValueError(
            "the training and the validation subset have different classes. Shuffle x "
            "and y first, or give ignore_class_split=True."
        )
