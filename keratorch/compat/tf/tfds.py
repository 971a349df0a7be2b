"""A small face of `tensorflow_datasets`: the sets of images that Keras has as well.

(train, test), info = tfds.load("mnist", split=["train", "test"],
                                as_supervised=True, with_info=True)
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import numpy as np

from keratorch.utils.dataset import Dataset
from keratorch.utils.element import as_elements, as_plain
from keratorch.utils.pipeline.values import arrays_in

_DIGITS = [str(n) for n in range(10)]
_CLOTHES = "T-shirt/top;Trouser;Pullover;Dress;Coat;Sandal;Shirt;Sneaker;Bag;Ankle boot"
_THINGS = "airplane automobile bird cat deer dog frog horse ship truck"
#: Name of a set -> the names of its classes.
_CLASSES = {
    "mnist": _DIGITS,
    "fashion_mnist": _CLOTHES.split(";"),
    "cifar10": _THINGS.split(),
}
_PART = re.compile(r"(\w+)(?:\[(-?\d+%?)?:(-?\d+%?)?\])?")


class Split:
    """The names of the parts of a set."""

    TRAIN, TEST, ALL = "train", "test", "all"


class ClassLabel:
    """The classes of a set: their number and names."""

    dtype = np.dtype(np.int64)
    shape = ()

    def __init__(self, names: list[str]):
        self.names = list(names)
        self.num_classes = len(names)

    def int2str(self, int_value: Any) -> str:
        """Return the name of a class."""
        return self.names[int(int_value)]

    def str2int(self, str_value: str) -> int:
        """Return the number of a class."""
        return self.names.index(str_value)


class _Described:
    """What is known of the images, or of a part of a set."""

    num_examples: int

    def __init__(self, **known: Any):
        vars(self).update(known)


class DatasetInfo:
    """What is known of a set: `name`, `features`, `splits` and `supervised_keys`."""

    def __init__(self, name: str, parts: dict[str, Any]):
        images = parts["train"]["image"]
        self.name = name
        self.supervised_keys = ("image", "label")
        self.features = {
            "image": _Described(shape=images.shape[1:], dtype=images.dtype),
            "label": ClassLabel(_CLASSES[name]),
        }
        self.splits = {
            key: _Described(num_examples=len(part["label"]))
            for key, part in parts.items()
        }

    def __repr__(self) -> str:
        counts = {key: part.num_examples for key, part in self.splits.items()}
        return f"DatasetInfo(name={self.name!r}, splits={counts})"


def load(
    name: str,
    *,
    split: Any = None,
    data_dir: Any = None,
    batch_size: int | None = None,
    shuffle_files: bool = False,
    download: bool = True,
    as_supervised: bool = False,
    with_info: bool = False,
) -> Any:
    """Return a set of images as datasets.

    Parameters
    ----------
    name : 'mnist', 'fashion_mnist' or 'cifar10'; a version behind ':' means nothing.
    split : 'train', 'test', parts like 'train[:80%]' or 'train[100:]', sums like
        'train+test', or several of them in a list; None for a dict of all.
    data_dir, shuffle_files, download : change nothing here: the data lie where Keras's
        do, in one file each.
    batch_size : int, images of a batch; -1 for arrays of all images, None for single
        ones.
    as_supervised : bool, whether elements are (image, label) rather than dicts.
    with_info : bool, whether to return the `DatasetInfo` as well.

    Raises
    ------
    ValueError : another set or another split.
    """
    known = name.partition(":")[0]
    if known not in _CLASSES:
        raise ValueError(
            f"tfds.load knows {sorted(_CLASSES)} here; received {name!r}. See "
            "keras.datasets for other sets, and keras.utils.get_file for files."
        )
    parts = _parts(known)
    wanted = {key: key for key in parts} if split is None else split
    made = _nested(wanted, parts, as_supervised, batch_size)
    return (made, DatasetInfo(known, parts)) if with_info else made


def as_numpy(dataset: Any) -> Any:
    """Return datasets as iterables of arrays of NumPy, arrays as such."""
    if isinstance(dataset, Dataset):
        return _Arrays(dataset)
    if isinstance(dataset, (dict, tuple, list)):
        return arrays_in(
            tuple(dataset) if isinstance(dataset, list) else dataset, as_numpy
        )
    return as_plain(dataset)


class _Arrays:
    """A dataset that yields plain arrays."""

    def __init__(self, dataset: Dataset):
        self._dataset = dataset

    def __iter__(self) -> Iterator[Any]:
        return self._dataset.as_numpy_iterator()

    def __len__(self) -> int:
        return len(self._dataset)


def disable_progress_bar() -> None:
    """Do nothing: nothing shows progress."""


enable_progress_bar = disable_progress_bar


def _parts(name: str) -> dict[str, dict[str, np.ndarray]]:
    train, test = importlib.import_module(f"keratorch.datasets.{name}").load_data()
    return {
        key: {
            "image": x if x.ndim == 4 else x[..., None],
            "label": y.reshape(len(y)).astype(np.int64),
        }
        for key, (x, y) in (("train", train), ("test", test))
    }


def _nested(split: Any, parts: Any, supervised: bool, batch_size: Any) -> Any:
    if isinstance(split, (list, tuple)):
        return type(split)(_nested(s, parts, supervised, batch_size) for s in split)
    if isinstance(split, dict):
        return {
            key: _nested(s, parts, supervised, batch_size) for key, s in split.items()
        }
    arrays = _joined(split, parts)
    data = (arrays["image"], arrays["label"]) if supervised else arrays
    if batch_size == -1:
        return as_elements(data)
    dataset = Dataset.from_tensor_slices(data)
    return dataset if batch_size is None else dataset.batch(batch_size)


def _joined(split: str, parts: Any) -> dict[str, np.ndarray]:
    """Return the arrays of a sum of parts."""
    text = "train+test" if split == "all" else str(split)
    chosen = [_cut(part.strip(), parts) for part in text.split("+")]
    if len(chosen) == 1:
        return chosen[0]
    return {key: np.concatenate([part[key] for part in chosen]) for key in chosen[0]}


def _cut(text: str, parts: Any) -> dict[str, np.ndarray]:
    match = _PART.fullmatch(text)
    if match is None or match[1] not in parts:
        raise ValueError(
            f"split must be like 'train', 'test[:100]' or 'train[80%:]'; received "
            f"{text!r}."
        )
    part = parts[match[1]]
    count = len(part["label"])
    where = slice(_bound(match[2], count), _bound(match[3], count))
    return {key: array[where] for key, array in part.items()}


def _bound(text: str | None, count: int) -> int | None:
    if text is None:
        return None
    return round(int(text[:-1]) * count / 100) if text[-1] == "%" else int(text)


class TensorFlowDatasets(ModuleType):
    """The module `tensorflow_datasets` of a script."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in globals():
            raise AttributeError(
                f"tensorflow_datasets has no {name!r} here: load, as_numpy, Split and "
                "disable_progress_bar are known."
            )
        return globals()[name]


tensorflow_datasets = TensorFlowDatasets("tensorflow_datasets")
