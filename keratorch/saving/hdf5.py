"""HDF5 files: groups and arrays, without anything that leads out of the file."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from keratorch.saving import extras
from keratorch.saving.arrays import Arrays, Header, check_header, damaged

# Levels of groups; a group may be a link to one around it, and then has no end.
_DEEPEST = 64
# gzip makes nothing smaller than by this factor.
_EXPANSION = 1032


@contextlib.contextmanager
def opened(source: Any, file: str) -> Iterator[Any]:
    """Open a path, or a file object, to read.

    Raises
    ------
    ImportError : h5py is missing.
    ValueError : no HDF5 file, or a damaged one.
    """
    library = extras.h5py(f"reading the HDF5 file '{file}'")
    try:
        # Files of another process or machine may be locked without need.
        opened_file = library.File(source, "r", locking=False)
    except OSError as error:
        raise ValueError(
            f"'{file}' is no HDF5 file, or a truncated one: {_short(error)}."
        ) from error
    with opened_file:
        try:
            yield opened_file
        except (OSError, RuntimeError, KeyError, UnicodeDecodeError) as error:
            raise damaged(file, _short(error)) from error


def read_arrays(group: Any, file: str, size: int) -> Arrays:
    """Return all arrays below a group, by their paths.

    Parameters
    ----------
    group : open group or file.
    file : str, for errors.
    size : int, bytes of the file, which hold the arrays.

    Raises
    ------
    ValueError : links, external or virtual storage, an array that is no array of
        numbers, or one larger than the file can hold.
    """
    datasets = dict(_datasets(group, "", file))
    headers = {name: _header(name, x, file) for name, x in datasets.items()}
    stored = sum(x.id.get_storage_size() for x in datasets.values())
    if stored > size:
        raise damaged(file, f"its arrays claim {stored} bytes of a file of {size}")

    def read(name: str) -> np.ndarray:
        return np.asarray(datasets[name][()])

    return Arrays(headers, read, file)


def child(group: Any, name: str, file: str) -> Any:
    """Return a group or an array directly inside, which no link may lead to."""
    library = extras.h5py("reading HDF5")
    link = group.get(name, getlink=True)
    if link is None:
        raise damaged(file, f"'{name}' is missing")
    if not isinstance(link, library.HardLink):
        raise damaged(file, f"'{name}' is a {type(link).__name__}, which is refused")
    return group[name]


def descendant(group: Any, path: str, file: str) -> Any:
    """Return what lies at a path below a group."""
    for name in path.split("/"):
        group = child(group, name, file)
    return group


def write_arrays(
    group: Any, arrays: Mapping[str, np.ndarray], names: Mapping[str, str]
) -> None:
    """Write arrays by path, and names as attributes of groups."""
    for path, name in names.items():
        group.require_group(path).attrs["name"] = name
    for path, array in arrays.items():
        group.create_dataset(path, data=array)


def _datasets(
    group: Any, path: str, file: str, depth: int = 0
) -> Iterator[tuple[str, Any]]:
    if depth > _DEEPEST:
        raise damaged(file, f"it has more than {_DEEPEST} groups inside each other")
    library = extras.h5py("reading HDF5")
    for name in group:
        item = child(group, name, file)
        where = f"{path}/{name}" if path else name
        if isinstance(item, library.Group):
            yield from _datasets(item, where, file, depth + 1)
        elif isinstance(item, library.Dataset):
            yield where, item
        else:
            raise damaged(file, f"'{where}' is a {type(item).__name__}")


def _header(name: str, dataset: Any, file: str) -> Header:
    if dataset.external or dataset.is_virtual:
        raise damaged(file, f"'{name}' has its numbers in another file")
    header = check_header(name, dataset.shape, dataset.dtype, file)
    declared = math.prod(header.shape) * header.dtype.itemsize
    stored = dataset.id.get_storage_size()
    if declared > stored * (_EXPANSION if dataset.chunks else 1):
        raise damaged(
            file, f"'{name}' claims {declared} bytes, of which {stored} are in the file"
        )
    return header


def _short(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return text if len(text) <= 120 else text[:117] + "..."
