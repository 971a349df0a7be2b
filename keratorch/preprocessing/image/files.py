"""Batches of images that lie in files."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from keratorch import config
from keratorch.preprocessing.image.iterators import Iterator, save_batch, subset_slice
from keratorch.utils.image_utils import img_to_array, load_img
from keratorch.utils.io_utils import print_msg

_CHANNELS = {"grayscale": 1, "rgb": 3, "rgba": 4}
_WITH_CLASSES = ("binary", "categorical", "sparse")


class _FileIterator(Iterator):
    """What batches from a folder and from a table have in common."""

    filepaths: list[str]
    filenames: list[str]
    classes: Any
    class_indices: dict[str, int]
    class_mode: str | None
    _targets: Any = None
    _sample_weight: np.ndarray | None = None
    _class_modes: tuple[str | None, ...] = ()

    def _set_reading(
        self,
        image_data_generator: Any,
        target_size: Sequence[int],
        color_mode: str,
        class_mode: str | None,
        data_format: str | None,
        saving: tuple[Any, str, str],
        subset: str | None,
        interpolation: str,
        keep_aspect_ratio: bool,
        dtype: DTypeLike | None,
    ) -> None:
        if color_mode not in _CHANNELS:
            raise ValueError(
                "color_mode must be 'rgb', 'rgba' or 'grayscale'; received "
                f"{color_mode!r}."
            )
        if class_mode not in self._class_modes:
            raise ValueError(
                f"class_mode must be one of {self._class_modes}; got {class_mode!r}."
            )
        if subset is not None:
            subset_slice(subset, image_data_generator, 0)  # checks the name
        self.image_data_generator = image_data_generator
        self.target_size = (int(target_size[0]), int(target_size[1]))
        self.color_mode = color_mode
        self.class_mode = class_mode
        self.data_format = data_format or config.image_data_format()
        self.save_to_dir, self.save_prefix, self.save_format = saving
        self.subset = subset
        self.interpolation = interpolation
        self.keep_aspect_ratio = keep_aspect_ratio
        self.dtype = np.dtype(dtype or config.floatx())
        channels = _CHANNELS[color_mode]
        last = self.data_format == "channels_last"
        size = self.target_size
        self.image_shape = (*size, channels) if last else (channels, *size)

    @property
    def labels(self) -> Any:
        """The targets of all files, in order."""
        return self.classes if self._targets is None else self._targets

    @property
    def sample_weight(self) -> np.ndarray | None:
        """The weights of all files, or None."""
        return self._sample_weight

    def _part(self, count: int) -> slice:
        if self.subset is None:
            return slice(None)
        return subset_slice(self.subset, self.image_data_generator, count)

    def _get_batches_of_transformed_samples(self, index_array: np.ndarray) -> Any:
        batch = np.zeros((len(index_array), *self.image_shape), self.dtype)
        for row, place in enumerate(index_array):
            batch[row] = self._read(self.filepaths[place])
        if self.save_to_dir:
            save_batch(
                batch,
                index_array,
                self.data_format,
                self.save_to_dir,
                self.save_prefix,
                self.save_format,
            )
        if self.class_mode is None:
            return batch
        targets = self._targets_of(batch, index_array)
        if self._sample_weight is None:
            return batch, targets
        return batch, targets, self._sample_weight[index_array]

    def _read(self, path: str) -> np.ndarray:
        image = load_img(
            path,
            self.color_mode,
            self.target_size,
            self.interpolation,
            self.keep_aspect_ratio,
        )
        x = img_to_array(image, self.data_format)
        generator = self.image_data_generator
        return x if generator is None else generator._changed(x)

    def _targets_of(self, batch: np.ndarray, places: np.ndarray) -> Any:
        if self.class_mode == "input":
            return batch.copy()
        if self.class_mode == "multi_output":
            return [target[places] for target in self._targets]
        if self.class_mode == "raw":
            return self._targets[places]
        if self.class_mode in ("binary", "sparse"):
            return np.array([self.classes[place] for place in places], self.dtype)
        rows = np.zeros((len(places), len(self.class_indices)), self.dtype)
        for row, place in zip(rows, places, strict=True):
            row[self.classes[place]] = 1
        return rows


class DirectoryIterator(_FileIterator):
    """Batches of the images in a folder, one subfolder a class.

    Parameters
    ----------
    directory : the folder, with .png, .jpg, .jpeg, .bmp, .ppm, .tif and .tiff files.
    image_data_generator : ImageDataGenerator, or None to leave images as they are.
    target_size : (height, width) that each image gets.
    color_mode : 'rgb', 'rgba' or 'grayscale'.
    classes : names of subfolders, in the order of their labels; None for all, sorted.
    class_mode : 'categorical' for one-hot rows, 'binary' or 'sparse' for numbers,
        'input' for the images themselves, None for no targets.
    batch_size, shuffle, seed : as in `ImageDataGenerator.flow`.
    data_format : 'channels_last' or 'channels_first'; None for the library's setting.
    save_to_dir, save_prefix, save_format : where to write the images, for a look.
    follow_links : bool, whether to walk into linked folders.
    subset : 'training', 'validation' (the first files of each class), or None for all.
    interpolation, keep_aspect_ratio : as in `load_img`.
    dtype : type of the images; None for `config.floatx()`.

    Attributes
    ----------
    filenames, filepaths, classes, class_indices, samples, num_classes, image_shape.
    """

    _class_modes = (*_WITH_CLASSES, "input", None)

    def __init__(
        self,
        directory: str | os.PathLike[str],
        image_data_generator: Any,
        target_size: Sequence[int] = (256, 256),
        color_mode: str = "rgb",
        classes: Sequence[str] | None = None,
        class_mode: str | None = "categorical",
        batch_size: int = 32,
        shuffle: bool = True,
        seed: int | None = None,
        data_format: str | None = None,
        save_to_dir: str | os.PathLike[str] | None = None,
        save_prefix: str = "",
        save_format: str = "png",
        follow_links: bool = False,
        subset: str | None = None,
        interpolation: str = "nearest",
        keep_aspect_ratio: bool = False,
        dtype: DTypeLike | None = None,
    ):
        self._set_reading(
            image_data_generator,
            target_size,
            color_mode,
            class_mode,
            data_format,
            (save_to_dir, save_prefix, save_format),
            subset,
            interpolation,
            keep_aspect_ratio,
            dtype,
        )
        self.directory = os.fspath(directory)
        names = list(classes or _subfolders(self.directory))
        self.num_classes = len(names)
        self.class_indices = {name: number for number, name in enumerate(names)}
        self.filenames, numbers = [], []
        for number, name in enumerate(names):
            found = self._files(name, follow_links)
            found = found[self._part(len(found))]
            self.filenames += found
            numbers += [number] * len(found)
        self.classes = np.array(numbers, np.int32)
        self.samples = len(self.filenames)
        self.filepaths = [os.path.join(self.directory, f) for f in self.filenames]
        print_msg(
            f"Found {self.samples} images belonging to {self.num_classes} classes."
        )
        super().__init__(self.samples, batch_size, shuffle, seed)

    def _files(self, name: str, follow_links: bool) -> list[str]:
        """Return the images under a subfolder, as paths from the folder."""
        walk = os.walk(os.path.join(self.directory, name), followlinks=follow_links)
        return [
            os.path.relpath(os.path.join(root, file), self.directory)
            for root, _, files in sorted(walk, key=lambda step: step[0])
            for file in sorted(files)
            if file.lower().endswith(self.white_list_formats)
        ]


class DataFrameIterator(_FileIterator):
    """Batches of the images whose paths are in a column of a table.

    Parameters
    ----------
    dataframe : a pandas frame, or a dict of columns.
    directory : the folder that the paths start from, or None.
    image_data_generator : ImageDataGenerator, or None to leave images as they are.
    x_col : name of the column of paths.
    y_col : name of the column of targets, or a list of names.
    weight_col : name of the column of sample weights, or None.
    target_size, color_mode, batch_size, shuffle, seed, data_format, save_to_dir,
    save_prefix, save_format, subset, interpolation, keep_aspect_ratio, dtype : as in
        `DirectoryIterator`.
    classes : names of the classes, in the order of their labels; None for all, sorted.
        Rows of other classes are left out.
    class_mode : as in `DirectoryIterator`, where 'categorical' takes lists of names
        too; besides 'raw' for the targets as they are (also called 'other'), and
        'multi_output' for a list with the targets of each column.
    validate_filenames : bool, whether to leave out paths where no image is.

    Raises
    ------
    TypeError : paths or classes that are no strings, or weights that are no numbers.
    ValueError : 'binary' with another number of classes than 2.
    """

    _class_modes = (*_WITH_CLASSES, "input", "multi_output", "raw", None)

    def __init__(
        self,
        dataframe: Any,
        directory: str | os.PathLike[str] | None = None,
        image_data_generator: Any = None,
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
        data_format: str | None = "channels_last",
        save_to_dir: str | os.PathLike[str] | None = None,
        save_prefix: str = "",
        save_format: str = "png",
        subset: str | None = None,
        interpolation: str = "nearest",
        keep_aspect_ratio: bool = False,
        dtype: DTypeLike | None = "float32",
        validate_filenames: bool = True,
    ):
        self._set_reading(
            image_data_generator,
            target_size,
            color_mode,
            "raw" if class_mode == "other" else class_mode,
            data_format,
            (save_to_dir, save_prefix, save_format),
            subset,
            interpolation,
            keep_aspect_ratio,
            dtype,
        )
        self.directory = os.fspath(directory or "")
        names = list(dataframe[x_col])
        if not all(isinstance(name, str) for name in names):
            raise TypeError(f"the column {x_col!r} must hold paths, as strings.")
        rows = list(range(len(names)))
        if validate_filenames:
            rows = self._rows_of_images(names, x_col)
        if self.class_mode in _WITH_CLASSES:
            rows = self._set_classes(rows, list(dataframe[y_col]), y_col, classes)
        rows = rows[self._part(len(rows))]
        self.filenames = [names[row] for row in rows]
        self.filepaths = [os.path.join(self.directory, f) for f in self.filenames]
        self.samples = len(rows)
        self._set_targets(dataframe, y_col, weight_col, rows)
        self._tell("validated" if validate_filenames else "non-validated")
        super().__init__(self.samples, batch_size, shuffle, seed)

    def _rows_of_images(self, names: list[str], x_col: str) -> list[int]:
        paths = [os.path.join(self.directory, name) for name in names]
        rows = [
            row
            for row, path in enumerate(paths)
            if path.lower().endswith(self.white_list_formats) and os.path.isfile(path)
        ]
        if len(rows) < len(names):
            valid = {*rows}
            first = next(p for row, p in enumerate(paths) if row not in valid)
            warnings.warn(
                f"{len(names) - len(rows)} of {len(names)} paths in {x_col!r} lead to "
                f"no image and are left out; the first one is {first!r}.",
                stacklevel=4,
            )
        return rows

    def _set_classes(
        self, rows: list[int], labels: list[Any], y_col: Any, classes: Any
    ) -> list[int]:
        """Number the classes; return the rows that have one."""
        kinds = (str, list, tuple) if self.class_mode == "categorical" else (str,)
        if not all(isinstance(label, kinds) for label in labels):
            raise TypeError(
                f"with class_mode={self.class_mode!r}, the column {y_col!r} must hold "
                f"{' or '.join(kind.__name__ for kind in kinds)}. Use "
                ".astype(str), or class_mode='raw'."
            )
        lists = [[label] if isinstance(label, str) else label for label in labels]
        found = sorted({name for row in rows for name in lists[row]})
        names = list(dict.fromkeys(classes or found))
        if self.class_mode == "binary" and len(names) != 2:
            raise ValueError(
                f"class_mode='binary' needs 2 classes; received {len(names)}: "
                f"{names[:8]}."
            )
        self.class_indices = {name: number for number, name in enumerate(names)}
        numbers = self.class_indices
        kept = [[numbers[n] for n in row if n in numbers] for row in lists]
        rows = [row for row in rows if kept[row]]
        self.classes = [
            kept[row][0] if isinstance(labels[row], str) else kept[row] for row in rows
        ]
        return rows

    def _set_targets(
        self, table: Any, y_col: Any, weight_col: str | None, rows: list[int]
    ) -> None:
        if self.class_mode in _WITH_CLASSES:
            self.classes = self.classes[self._part(len(self.classes))]
        elif self.class_mode == "multi_output":
            if not isinstance(y_col, list):
                raise TypeError(
                    "class_mode='multi_output' needs y_col to be a list of names; "
                    f"received {y_col!r}."
                )
            self._targets = [_column(table, name, rows) for name in y_col]
        elif self.class_mode == "raw":
            several = isinstance(y_col, (list, tuple))
            columns = [_column(table, n, rows) for n in (y_col if several else [y_col])]
            self._targets = np.stack(columns, 1) if several else columns[0]
        if weight_col is not None:
            weights = _column(table, weight_col, rows)
            if weights.dtype.kind not in "fiu":
                raise TypeError(f"the column {weight_col!r} must hold numbers.")
            self._sample_weight = weights

    def _tell(self, kind: str) -> None:
        classes = ""
        if self.class_mode in _WITH_CLASSES:
            classes = f" belonging to {len(self.class_indices)} classes"
        print_msg(f"Found {self.samples} {kind} image filenames{classes}.")


def _subfolders(directory: str) -> list[str]:
    names = sorted(os.listdir(directory))
    return [name for name in names if os.path.isdir(os.path.join(directory, name))]


def _column(table: Any, name: Any, rows: list[int]) -> np.ndarray:
    values = list(table[name])
    return np.array([values[row] for row in rows])
