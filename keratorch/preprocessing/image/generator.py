"""Images changed at random and brought to one scale, batch by batch."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from keratorch import config
from keratorch.preprocessing.image.affine import apply_affine_transform
from keratorch.preprocessing.image.changes import (
    apply_brightness_shift,
    apply_channel_shift,
)
from keratorch.preprocessing.image.draws import draw_change
from keratorch.preprocessing.image.files import DataFrameIterator, DirectoryIterator
from keratorch.preprocessing.image.iterators import NumpyArrayIterator, check_images
from keratorch.preprocessing.image.standardization import (
    complete,
    find_statistics,
    standardized,
)


class ImageDataGenerator:
    """Changes images at random, and brings them to one scale.

    An image is turned, shifted, sheared and zoomed; its channels are shifted; it is
    flipped and made brighter; then `preprocessing_function`, `rescale`, and the
    centering and scaling follow. Random numbers come from NumPy's global state in the
    order of Keras, so that one seed gives the same images in both.

    Parameters
    ----------
    featurewise_center, featurewise_std_normalization : bool, whether to subtract the
        mean and divide by the deviation that `fit` found, of each channel.
    samplewise_center, samplewise_std_normalization : the same, of each image.
    zca_whitening : bool, whether to make pixels uncorrelated, by what `fit` found.
    zca_epsilon : float.
    rotation_range : float, degrees.
    width_shift_range, height_shift_range : float < 1, share of the size; float >= 1 or
        int, pixels; or a list to choose from.
    brightness_range : (low, high), factors, or None.
    shear_range : float, degrees.
    zoom_range : float for [1 - zoom_range, 1 + zoom_range], or (low, high).
    channel_shift_range : float.
    fill_mode : 'nearest', 'constant', 'reflect' or 'wrap'.
    cval : float, what 'constant' fills with.
    horizontal_flip, vertical_flip : bool.
    rescale : float that images are multiplied by, or None.
    preprocessing_function : function from one image to another one, or None.
    data_format : 'channels_last' or 'channels_first'; None for the library's setting.
    validation_split : float in [0, 1), the share of the subset 'validation'.
    interpolation_order : 0 or 1.
    dtype : type of the images; None for `config.floatx()`.

    Raises
    ------
    ValueError : an argument out of its range.

    Examples
    --------
    >>> generator = ImageDataGenerator(rescale=1 / 255, horizontal_flip=True)
    >>> x, y = np.full((5, 8, 8, 1), 255.0), np.arange(5)
    >>> batches = generator.flow(x, y, batch_size=2, shuffle=False)
    >>> images, labels = next(batches)
    >>> images.shape, images.max().item(), labels.tolist(), len(batches)
    ((2, 8, 8, 1), 1.0, [0, 1], 3)
    """

    def __init__(
        self,
        featurewise_center: bool = False,
        samplewise_center: bool = False,
        featurewise_std_normalization: bool = False,
        samplewise_std_normalization: bool = False,
        zca_whitening: bool = False,
        zca_epsilon: float = 1e-6,
        rotation_range: float = 0,
        width_shift_range: Any = 0.0,
        height_shift_range: Any = 0.0,
        brightness_range: Sequence[float] | None = None,
        shear_range: float = 0.0,
        zoom_range: float | Sequence[float] = 0.0,
        channel_shift_range: float = 0.0,
        fill_mode: str = "nearest",
        cval: float = 0.0,
        horizontal_flip: bool = False,
        vertical_flip: bool = False,
        rescale: float | None = None,
        preprocessing_function: Callable[[np.ndarray], np.ndarray] | None = None,
        data_format: str | None = None,
        validation_split: float = 0.0,
        interpolation_order: int = 1,
        dtype: DTypeLike | None = None,
    ):
        self.featurewise_center = featurewise_center
        self.samplewise_center = samplewise_center
        self.featurewise_std_normalization = featurewise_std_normalization
        self.samplewise_std_normalization = samplewise_std_normalization
        self.zca_whitening = zca_whitening
        self.zca_epsilon = zca_epsilon
        self.rotation_range = rotation_range
        self.width_shift_range = width_shift_range
        self.height_shift_range = height_shift_range
        self.brightness_range = brightness_range
        self.shear_range = shear_range
        self.zoom_range = _zoom_range(zoom_range)
        self.channel_shift_range = channel_shift_range
        self.fill_mode = fill_mode
        self.cval = cval
        self.horizontal_flip = horizontal_flip
        self.vertical_flip = vertical_flip
        self.rescale = rescale
        self.preprocessing_function = preprocessing_function
        self.data_format = data_format or config.image_data_format()
        self.interpolation_order = interpolation_order
        self.dtype = np.dtype(dtype or config.floatx())
        self._validation_split = validation_split
        self._check()
        complete(self)
        first = self.data_format == "channels_first"
        self.channel_axis, self.row_axis, self.col_axis = (
            (1, 2, 3) if first else (3, 1, 2)
        )
        self.mean: np.ndarray | None = None
        self.std: np.ndarray | None = None
        self.zca_whitening_matrix: np.ndarray | None = None

    def flow(
        self,
        x: Any,
        y: Any = None,
        batch_size: int = 32,
        shuffle: bool = True,
        sample_weight: Any = None,
        seed: int | None = None,
        save_to_dir: str | os.PathLike[str] | None = None,
        save_prefix: str = "",
        save_format: str = "png",
        ignore_class_split: bool = False,
        subset: str | None = None,
    ) -> NumpyArrayIterator:
        """Return the batches of the images in an array, without an end.

        Parameters
        ----------
        x : images, (samples, height, width, channels) or with channels first.
        y, sample_weight : (samples, ...), or None.
        shuffle : bool, whether each epoch has an order of its own.
        seed : int, set before each batch.
        save_to_dir, save_prefix, save_format : where to write the images, for a look.
        ignore_class_split : bool, whether the subsets may have different classes.
        subset : 'training', 'validation' (the first samples), or None for all.
        """
        return NumpyArrayIterator(
            x,
            y,
            self,
            batch_size=batch_size,
            shuffle=shuffle,
            sample_weight=sample_weight,
            seed=seed,
            data_format=self.data_format,
            save_to_dir=save_to_dir,
            save_prefix=save_prefix,
            save_format=save_format,
            ignore_class_split=ignore_class_split,
            subset=subset,
            dtype=self.dtype,
        )

    def flow_from_directory(
        self,
        directory: str | os.PathLike[str],
        target_size: Sequence[int] = (256, 256),
        color_mode: str = "rgb",
        classes: Sequence[str] | None = None,
        class_mode: str | None = "categorical",
        batch_size: int = 32,
        shuffle: bool = True,
        seed: int | None = None,
        save_to_dir: str | os.PathLike[str] | None = None,
        save_prefix: str = "",
        save_format: str = "png",
        follow_links: bool = False,
        subset: str | None = None,
        interpolation: str = "nearest",
        keep_aspect_ratio: bool = False,
    ) -> DirectoryIterator:
        """Return the batches of the images in a folder, one subfolder a class.

        The arguments are those of `DirectoryIterator`.
        """
        return DirectoryIterator(
            directory,
            self,
            target_size=target_size,
            color_mode=color_mode,
            classes=classes,
            class_mode=class_mode,
            batch_size=batch_size,
            shuffle=shuffle,
            seed=seed,
            save_to_dir=save_to_dir,
            save_prefix=save_prefix,
            save_format=save_format,
            follow_links=follow_links,
            subset=subset,
            interpolation=interpolation,
            keep_aspect_ratio=keep_aspect_ratio,
            data_format=self.data_format,
            dtype=self.dtype,
        )

    def flow_from_dataframe(
        self,
        dataframe: Any,
        directory: str | os.PathLike[str] | None = None,
        x_col: str = "filename",
        y_col: Any = "class",
        weight_col: str | None = None,
        target_size: Sequence[int] = (256, 256),
        color_mode: str = "rgb",
        classes: Sequence[str] | None = None,
        class_mode: str | None = "categorical",
        batch_size: int = 32,
        shuffle: bool = True,
        seed: int | None = None,
        save_to_dir: str | os.PathLike[str] | None = None,
        save_prefix: str = "",
        save_format: str = "png",
        subset: str | None = None,
        interpolation: str = "nearest",
        validate_filenames: bool = True,
    ) -> DataFrameIterator:
        """Return the batches of the images whose paths are in a column of a table.

        The arguments are those of `DataFrameIterator`.
        """
        return DataFrameIterator(
            dataframe,
            directory,
            self,
            x_col=x_col,
            y_col=y_col,
            weight_col=weight_col,
            target_size=target_size,
            color_mode=color_mode,
            classes=classes,
            class_mode=class_mode,
            batch_size=batch_size,
            shuffle=shuffle,
            seed=seed,
            save_to_dir=save_to_dir,
            save_prefix=save_prefix,
            save_format=save_format,
            subset=subset,
            interpolation=interpolation,
            validate_filenames=validate_filenames,
            data_format=self.data_format,
            dtype=self.dtype,
        )

    def standardize(self, x: np.ndarray) -> np.ndarray:
        """Return images brought to one scale; `x` is overwritten if it is of floats.

        Warns of what `fit` should have found.
        """
        return standardized(self, x)

    def get_random_transform(
        self, img_shape: tuple[int, ...], seed: int | None = None
    ) -> dict[str, Any]:
        """Return what a random change does, for `apply_transform`.

        Parameters
        ----------
        img_shape : shape of one image.
        seed : int that NumPy's global state is set to first, or None.
        """
        if seed is not None:
            np.random.seed(seed)  # noqa: NPY002
        height, width = img_shape[self.row_axis - 1], img_shape[self.col_axis - 1]
        return draw_change(self, height, width)

    def apply_transform(
        self, x: np.ndarray, transform_parameters: dict[str, Any]
    ) -> np.ndarray:
        """Return one image changed.

        Parameters
        ----------
        x : (height, width, channels), or with channels first.
        transform_parameters : dict, any of 'theta', 'tx', 'ty', 'shear', 'zx', 'zy',
            'flip_horizontal', 'flip_vertical', 'channel_shift_intensity' and
            'brightness'.
        """
        row, column, channel = (
            self.row_axis - 1,
            self.col_axis - 1,
            self.channel_axis - 1,
        )
        names = ("theta", "tx", "ty", "shear", "zx", "zy")
        affine = {
            n: transform_parameters[n] for n in names if n in transform_parameters
        }
        x = apply_affine_transform(
            x,
            **affine,
            row_axis=row,
            col_axis=column,
            channel_axis=channel,
            fill_mode=self.fill_mode,
            cval=self.cval,
            order=self.interpolation_order,
        )
        intensity = transform_parameters.get("channel_shift_intensity")
        if intensity is not None:
            x = apply_channel_shift(x, intensity, channel)
        if transform_parameters.get("flip_horizontal", False):
            x = np.flip(x, column)
        if transform_parameters.get("flip_vertical", False):
            x = np.flip(x, row)
        brightness = transform_parameters.get("brightness")
        if brightness is not None:
            last = np.moveaxis(x, channel, -1)
            last = apply_brightness_shift(last, brightness, scale=False)
            x = np.moveaxis(last, -1, channel)
        return x

    def random_transform(self, x: np.ndarray, seed: int | None = None) -> np.ndarray:
        """Return one image changed at random."""
        return self.apply_transform(x, self.get_random_transform(x.shape, seed))

    def fit(
        self, x: Any, augment: bool = False, rounds: int = 1, seed: int | None = None
    ) -> None:
        """Find the means, deviations and correlations of some images.

        Parameters
        ----------
        x : (samples, height, width, channels), or with channels first.
        augment : bool, whether to look at randomly changed images.
        rounds : int, how many of each.
        seed : int that NumPy's global state is set to first, or None.

        Raises
        ------
        ValueError : x has not four axes.
        """
        x = np.array(x, dtype=self.dtype)
        check_images("x", x, self.data_format)
        if seed is not None:
            np.random.seed(seed)  # noqa: NPY002
        if self.rescale:
            x *= self.rescale
        if augment:
            x = np.stack([self.random_transform(i) for _ in range(rounds) for i in x])
        find_statistics(self, x)

    def _changed(self, x: np.ndarray) -> np.ndarray:
        changed = self.apply_transform(
            np.array(x, self.dtype), self.get_random_transform(x.shape)
        )
        return self.standardize(changed)

    def _check(self) -> None:
        if self.data_format not in ("channels_first", "channels_last"):
            raise ValueError(
                "data_format must be 'channels_last' or 'channels_first'; received "
                f"{self.data_format!r}."
            )
        if not 0 <= self._validation_split < 1:
            raise ValueError(
                "validation_split must be at least 0 and less than 1; received "
                f"{self._validation_split!r}."
            )
        pair = self.brightness_range
        if pair is not None and not (
            isinstance(pair, (list, tuple)) and len(pair) == 2
        ):
            raise ValueError(
                f"brightness_range must be (low, high); received {pair!r}."
            )


def _zoom_range(zoom_range: Any) -> list[float]:
    if isinstance(zoom_range, (int, float)):
        return [1 - zoom_range, 1 + zoom_range]
    pair = list(zoom_range)
    if len(pair) != 2 or not all(isinstance(v, (int, float)) for v in pair):
        raise ValueError(
            f"zoom_range must be a number or (low, high); received {zoom_range!r}."
        )
    return pair
