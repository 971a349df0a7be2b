"""Datasets in files: ``dataset.save``, ``Dataset.load`` and ``dataset.cache(file)``.

A file is a zip archive. 'elements.json' says how an element is nested and how many
there are; each array of an element is a member in NumPy's format, and texts are JSON.
TensorFlow's files are others, and neither reads those of the other.
"""

from __future__ import annotations

import base64
import functools
import io
import json
import os
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from keratorch.nested import flatten
from keratorch.saving.atomic import atomic_file
from keratorch.utils.dataset import Dataset

_DESCRIPTION = "elements.json"
_COMPRESSIONS = {None: zipfile.ZIP_STORED, "GZIP": zipfile.ZIP_DEFLATED}


def save(dataset: Dataset, path: str, compression: str | None = None) -> None:
    """Write all elements of a dataset into a folder.

    Parameters
    ----------
    path : of the folder, which is made.
    compression : None or 'GZIP'.

    Raises
    ------
    ValueError : another compression, or a dataset without an end.
    TypeError : elements that hold other things than numbers and texts.
    """
    if compression not in _COMPRESSIONS:
        raise ValueError(
            f"compression must be None or 'GZIP'; received {compression!r}."
        )
    if dataset._cardinality == -1:
        raise ValueError("save needs a dataset with an end: say take(count) first.")
    for _ in _written(_file_in(path), dataset._values(), _COMPRESSIONS[compression]):
        pass


def load(path: str, element_spec: Any = None, compression: str | None = None) -> Any:
    """Return the dataset that `save` wrote into a folder.

    Parameters
    ----------
    path : of the folder.
    element_spec : what the elements are, or None: the file knows it, and is compared.
    compression : None or 'GZIP'; the file knows it.

    Raises
    ------
    ValueError : no such folder, or elements of another structure.
    """
    file = _file_in(path)
    if not os.path.isfile(file):
        raise ValueError(
            f"load: there is no dataset in {path!r} that Dataset.save wrote here. "
            "Those that TensorFlow wrote cannot be read."
        )
    with zipfile.ZipFile(file) as archive:
        found = json.loads(archive.read(_DESCRIPTION))
    arrays = len(_leaves_of(found["nested"]))
    if element_spec is not None and len(flatten(element_spec)) != arrays:
        raise ValueError(
            f"load: the elements consist of {arrays} arrays; received an element_spec "
            f"of {len(flatten(element_spec))}."
        )
    return Dataset(lambda: _read(file), found["count"])


def cached(dataset: Any, filename: Any) -> Dataset:
    """Return a dataset that is read from a file where that is there.

    Else the first whole walk through it writes the file.
    """
    path = f"{os.fsdecode(filename)}.elements"

    def walk() -> Iterator[Any]:
        if os.path.isfile(path):
            return _read(path)
        return _written(path, dataset._values())

    result = Dataset(walk, dataset._cardinality)
    result._batch_size = dataset._batch_size
    result._described = lambda: dataset.element_spec
    return result


def _file_in(folder: str) -> str:
    return os.path.join(os.fsdecode(folder), "dataset.elements")


def _written(
    path: str, elements: Iterable[Any], compression: int = zipfile.ZIP_STORED
) -> Iterator[Any]:
    """Yield elements and write them; the file is there once all have come."""
    nested, count = None, 0
    with atomic_file(path) as file, zipfile.ZipFile(file, "w", compression) as archive:
        for count, element in enumerate(elements, 1):
            if nested is None:
                nested = _described(element)
            for i, leaf in enumerate(_leaves_of(element)):
                with archive.open(f"{count - 1}/{i}", "w", force_zip64=True) as member:
                    _write(member, leaf)
            yield element
        archive.writestr(_DESCRIPTION, json.dumps({"nested": nested, "count": count}))


def _read(path: str) -> Iterator[Any]:
    with zipfile.ZipFile(path) as archive:
        description = json.loads(archive.read(_DESCRIPTION))
        nested, count = description["nested"], description["count"]
        for number in range(count):
            members = (f"{number}/{i}" for i in range(len(_leaves_of(nested))))
            yield _filled(nested, map(functools.partial(_value, archive), members))


def _write(member: Any, leaf: Any) -> None:
    if isinstance(leaf, np.ndarray) and leaf.dtype.kind != "O":
        np.lib.format.write_array(member, leaf, allow_pickle=False)
        return
    texts = np.asarray(leaf, object)
    entries = [_written_text(text) for text in texts.ravel()]
    member.write(json.dumps({"shape": texts.shape, "texts": entries}).encode())


def _written_text(text: Any) -> Any:
    if isinstance(text, bytes):
        return [base64.b64encode(text).decode()]
    if isinstance(text, str):
        return text
    raise TypeError(
        "only elements of numbers and texts can be written into a file; received a "
        f"{type(text).__name__}. Make an array of it: to_tensor() of ragged rows."
    )


def _value(archive: zipfile.ZipFile, name: str) -> Any:
    content = archive.read(name)
    if content[:1] != b"{":  # NumPy's begin with another byte
        return np.lib.format.read_array(io.BytesIO(content), allow_pickle=False)
    found = json.loads(content)
    texts = np.empty(len(found["texts"]), object)
    for i, text in enumerate(found["texts"]):
        texts[i] = base64.b64decode(text[0]) if isinstance(text, list) else text
    return texts.reshape(found["shape"])[()]


def _described(element: Any) -> Any:
    """Return the tuples and dicts of an element as lists and dicts, for JSON."""
    if isinstance(element, dict):
        return {key: _described(part) for key, part in element.items()}
    if isinstance(element, tuple):
        return [_described(part) for part in element]
    return None


def _leaves_of(nested: Any) -> list[Any]:
    """Return the parts of tuples, lists and dicts, in the order in which they stand."""
    if isinstance(nested, dict):
        nested = list(nested.values())
    if not isinstance(nested, (list, tuple)):
        return [nested]
    return [leaf for part in nested for leaf in _leaves_of(part)]


def _filled(nested: Any, values: Iterator[Any]) -> Any:
    """Return an element, whose lists of the description are tuples."""
    if isinstance(nested, dict):
        return {key: _filled(part, values) for key, part in nested.items()}
    if isinstance(nested, list):
        return tuple([_filled(part, values) for part in nested])
    return next(values)


__all__ = ["cached", "load", "save"]
