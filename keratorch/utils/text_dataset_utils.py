"""Datasets of the texts in a folder."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from keratorch.utils.dataset import Dataset
from keratorch.utils.directory_utils import FileQuery, check_format, datasets_of_files


def text_dataset_from_directory(
    directory: str | os.PathLike[str],
    labels: Any = "inferred",
    label_mode: str | None = "int",
    class_names: Sequence[str] | None = None,
    batch_size: int | None = 32,
    max_length: int | None = None,
    shuffle: bool = True,
    seed: int | None = None,
    validation_split: float | None = None,
    subset: str | None = None,
    follow_links: bool = False,
    format: str = "tf",
    verbose: bool = True,
) -> Dataset | list[Dataset]:
    """Return the dataset of the .txt files in a folder, one subfolder a class.

    Parameters
    ----------
    directory : the folder, with .txt files in UTF-8.
    labels : 'inferred' from the subfolders, None, or a list of integers in the order of
        the sorted paths.
    label_mode : 'int' for int32 (batch,), 'binary' for float32 (batch, 1),
        'categorical' for float32 (batch, classes), None for texts alone.
    class_names : names of subfolders, in the order of their labels; None for sorted.
    batch_size : int, or None for single texts.
    max_length : int, the characters that are kept of a text; None for all.
    shuffle : bool, whether to mix the texts, anew in each walk.
    seed : int that fixes the split, the same as in Keras, and the orders (others).
    validation_split : float in (0, 1), the share of the texts of subset 'validation'.
    subset : 'training', 'validation', 'both' for a list of the two, or None for all.
    follow_links : bool, whether to walk into linked folders.
    format : 'tf' or 'grain', Keras's kinds of datasets: a `Dataset` stands for both.
    verbose : bool, whether to print how many files there are.

    Returns
    -------
    Dataset of (batch,) arrays of str, alone or with the labels; with attributes
    `class_names` and `file_paths`.

    Raises
    ------
    ValueError : an argument of another value, no text, or one that is not in UTF-8.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     for name in ("bad", "good"):
    ...         pathlib.Path(folder, name).mkdir()
    ...         _ = pathlib.Path(folder, name, "1.txt").write_text(f"a {name} film")
    ...     for x, y in text_dataset_from_directory(folder, shuffle=False):
    ...         print(x, y)
    Found 2 files belonging to 2 classes.
    ['a bad film' 'a good film'] [0 1]
    """
    check_format(format)

    def read(path: str) -> str:
        return Path(path).read_text(encoding="utf-8")[:max_length]

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
        formats=(".txt",),
    )
    return datasets_of_files(query, batch_size, read)
