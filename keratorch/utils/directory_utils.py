"""Data files found in the folders of their classes, and the datasets made of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from keratorch.utils.dataset import Dataset
from keratorch.utils.io_utils import print_msg
from keratorch.utils.numerical_utils import to_categorical


class FileQuery(NamedTuple):
    """Which files to find: the arguments that all `..._from_directory` share."""

    directory: str | os.PathLike[str]
    labels: Any
    label_mode: str | None
    class_names: Sequence[str] | None
    shuffle: bool
    seed: int | None
    validation_split: float | None
    subset: str | None
    follow_links: bool
    verbose: bool
    formats: tuple[str, ...]


class Files(NamedTuple):
    """Paths of files, the number of the class of each, and the classes' names."""

    paths: list[str]
    labels: list[int] | None
    class_names: list[str] | None

    def part(self, start: int | None, stop: int | None) -> Files:
        """Return some of the files."""
        labels = None if self.labels is None else self.labels[start:stop]
        return Files(self.paths[start:stop], labels, self.class_names)


def datasets_of_files(
    query: FileQuery, batch_size: int | None, read: Callable[[str], Any]
) -> Dataset | list[Dataset]:
    """Return the dataset of what `read` makes of each file, with labels, in batches.

    Two datasets where the subset is 'both'. Each has `class_names` and `file_paths`.

    Raises
    ------
    ValueError : an argument of another value, or no file.
    """
    _check(query)
    if query.labels is None or query.label_mode is None:
        query = query._replace(labels=None, label_mode=None)
    seed = query.seed
    if seed is None:
        seed = int(np.random.randint(10**6))  # noqa: NPY002  # from the user's seed
    files = find_files(query, seed)
    if query.label_mode == "binary" and len(files.class_names or ()) != 2:
        raise ValueError(
            "label_mode='binary' needs 2 classes; the folder has "
            f"{files.class_names}. Use label_mode='categorical' or 'int'."
        )
    datasets: list[Dataset] = []
    for subset, part in _subsets(files, query):
        if not part.paths:
            raise ValueError(
                f"{query.directory} has no files{f' for {subset}' if subset else ''} "
                f"that end in {', '.join(query.formats)}."
            )
        mixes = query.shuffle and not (query.subset == "both" and datasets)
        datasets.append(
            _dataset(part, query, read, batch_size, seed if mixes else None)
        )
    return datasets if query.subset == "both" else datasets[0]


def find_files(query: FileQuery, seed: int) -> Files:
    """Return the files of a folder in Keras's order, mixed by `seed` if asked.

    Raises
    ------
    ValueError : class names that are no subfolders, or labels of another number.
    """
    root = os.fspath(query.directory)
    inferred = query.labels == "inferred"
    names = _class_folders(root, query.class_names) if inferred else [""]
    paths: list[str] = []
    labels: list[int] = []
    for number, name in enumerate(names):
        found = _walk(os.path.join(root, name), query)
        paths += found
        labels += [number] * len(found)
    if query.labels is not None and not inferred:
        labels = list(query.labels)
        names = [str(label) for label in sorted(set(labels))]
        if len(labels) != len(paths):
            raise ValueError(
                f"labels has {len(labels)} labels; {root} has {len(paths)} files."
            )
    if query.verbose:
        classes = f" belonging to {len(names)} classes"
        print_msg(f"Found {len(paths)} files{'' if query.labels is None else classes}.")
    if query.shuffle:
        # RandomState: Keras's order, hence its split.
        order = np.arange(len(paths))
        np.random.RandomState(seed).shuffle(order)
        paths = [paths[place] for place in order]
        labels = [labels[place] for place in order]
    return Files(paths, *((None, None) if query.labels is None else (labels, names)))


def _class_folders(root: str, class_names: Sequence[str] | None) -> list[str]:
    folders = [
        name
        for name in sorted(os.listdir(root))
        if os.path.isdir(os.path.join(root, name)) and not name.startswith(".")
    ]
    if class_names is None:
        return folders
    missing = [name for name in class_names if name not in folders]
    if missing:
        raise ValueError(
            f"class_names must be among the subfolders {folders} of {root}; received "
            f"{missing} besides."
        )
    return list(class_names)


def _walk(folder: str, query: FileQuery) -> list[str]:
    found = []
    walk = os.walk(folder, followlinks=query.follow_links)
    for root, _, names in sorted(walk, key=lambda step: step[0]):
        for name in sorted(names):
            if name.lower().endswith(query.formats):
                found.append(os.path.join(root, name))
    return found


def _subsets(files: Files, query: FileQuery) -> Iterator[tuple[str | None, Files]]:
    if not query.validation_split:
        yield None, files
        return
    held = int(query.validation_split * len(files.paths))
    border = len(files.paths) - held
    if query.subset in ("training", "both"):
        print_msg(f"Using {border} files for training.")
        yield "training", files.part(None, border)
    if query.subset in ("validation", "both"):
        print_msg(f"Using {held} files for validation.")
        yield "validation", files.part(border, None)


def _dataset(
    files: Files,
    query: FileQuery,
    read: Callable[[str], Any],
    batch_size: int | None,
    seed: int | None,
) -> Dataset:
    """Return the dataset of the files, mixed in each walk unless `seed` is None."""
    places = Dataset.range(len(files.paths))
    if seed is not None:
        places = places.shuffle(8 * batch_size if batch_size else 1024, seed)
    labels = _encoded(files, query.label_mode)

    def element(place: np.ndarray) -> Any:
        content = read(files.paths[place])
        return content if labels is None else (content, labels[place])

    dataset = places.map(element)
    if batch_size is not None:
        dataset = dataset.batch(batch_size)
    dataset.class_names = files.class_names
    dataset.file_paths = files.paths
    return dataset


def _encoded(files: Files, label_mode: str | None) -> np.ndarray | None:
    if files.labels is None or files.class_names is None:
        return None
    if label_mode == "int":
        return np.array(files.labels, np.int32)
    if label_mode == "binary":
        return np.array(files.labels, np.float32)[:, None]
    return to_categorical(files.labels, len(files.class_names)).astype(np.float32)


def _check(query: FileQuery) -> None:
    labels, split, subset = query.labels, query.validation_split, query.subset
    given = labels is not None and not isinstance(labels, str)
    if given and not isinstance(labels, (list, tuple)):
        raise ValueError(
            "labels must be 'inferred', None, or a list with an integer for each file; "
            f"received {type(labels).__name__}."
        )
    if isinstance(labels, str) and labels != "inferred":
        raise ValueError(f"labels must be 'inferred', None or a list; got {labels!r}.")
    if labels != "inferred" and query.class_names:
        raise ValueError("class_names go with labels='inferred' only. Leave them out.")
    if query.label_mode not in ("int", "categorical", "binary", None):
        raise ValueError(
            "label_mode must be 'int', 'categorical', 'binary' or None; received "
            f"{query.label_mode!r}."
        )
    if split and not 0 < split < 1:
        raise ValueError(f"validation_split must be between 0 and 1; received {split}.")
    if bool(split) != bool(subset):
        raise ValueError(
            "validation_split and subset go together; received "
            f"validation_split={split!r} and subset={subset!r}."
        )
    if subset not in ("training", "validation", "both", None):
        raise ValueError(
            f"subset must be 'training', 'validation' or 'both'; received {subset!r}."
        )
    if split and query.shuffle and query.seed is None:
        raise ValueError(
            "validation_split with shuffle=True needs a seed, the same for both "
            "subsets: else they would share files."
        )


def check_format(format: str) -> None:
    """Check the name of a kind of datasets in Keras, 'tf' or 'grain'.

    Raises
    ------
    ValueError : another name.
    """
    if format not in ("tf", "grain"):
        raise ValueError(f"format must be 'tf' or 'grain'; received {format!r}.")
