"""``tf.io`` and ``tf.io.gfile``: whole files, folders and raw bytes."""

from __future__ import annotations

import glob as globbing
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from keratorch.utils.element import as_element, as_text
from keratorch.utils.pipeline.spec import dtype_of
from keratorch.utils.pipeline.values import as_value


def _path(name: Any) -> str:
    text = as_value(name) if not isinstance(name, os.PathLike) else os.fspath(name)
    return str(as_text(text) if isinstance(text, bytes) else text)


def read_file(filename: Any, name: str | None = None) -> Any:
    """Return the bytes of a file.

    Raises
    ------
    FileNotFoundError : there is none.
    """
    return as_element(Path(_path(filename)).read_bytes())


def write_file(filename: Any, contents: Any, name: str | None = None) -> None:
    """Write text or bytes into a file, with the folders that it needs."""
    path = Path(_path(filename))
    path.parent.mkdir(parents=True, exist_ok=True)
    content = as_value(contents)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def matching_files(pattern: Any, name: str | None = None) -> Any:
    """Return the sorted paths that match a pattern."""
    return as_element(as_value(np.array(glob(pattern), object)))


def decode_raw(
    input_bytes: Any,
    out_type: Any,
    little_endian: bool = True,
    fixed_length: int | None = None,
    name: str | None = None,
) -> Any:
    """Return the numbers that bytes are, those of several along a last axis.

    Raises
    ------
    ValueError : a `fixed_length`, or bytes of another number.
    """
    if fixed_length is not None:
        raise ValueError(
            "fixed_length must be None; cut or fill up the bytes before decode_raw."
        )
    dtype = dtype_of(out_type).newbyteorder("<" if little_endian else ">")
    content = as_value(input_bytes)
    if isinstance(content, (str, bytes)):
        return as_element(_numbers(content, dtype))
    rows = np.stack([_numbers(item, dtype) for item in content.ravel()])
    return as_element(rows.reshape(*content.shape, -1))


def _numbers(content: str | bytes, dtype: np.dtype) -> np.ndarray:
    raw = content.encode() if isinstance(content, str) else content
    return np.frombuffer(raw, dtype).astype(dtype.newbyteorder("="))


def GFile(name: Any, mode: str = "r") -> Any:  # noqa: N802 - TensorFlow's name
    """Open a file."""
    binary = "b" in mode
    return open(_path(name), mode, encoding=None if binary else "utf-8")


def glob(pattern: Any) -> list[str]:
    """Return the sorted paths that match a pattern, or several."""
    patterns = [pattern]
    if not isinstance(pattern, (str, bytes, os.PathLike)):
        patterns = list(pattern)
    return sorted({path for one in patterns for path in globbing.glob(_path(one))})


def exists(path: Any) -> bool:
    """Return whether there is a file or a folder."""
    return os.path.exists(_path(path))


def isdir(path: Any) -> bool:
    """Return whether there is a folder."""
    return os.path.isdir(_path(path))


def listdir(path: Any) -> list[str]:
    """Return the names in a folder."""
    return os.listdir(_path(path))


def makedirs(path: Any) -> None:
    """Make a folder and those above it; it may be there."""
    os.makedirs(_path(path), exist_ok=True)


def mkdir(path: Any) -> None:
    """Make a folder."""
    os.mkdir(_path(path))


def remove(path: Any) -> None:
    """Delete a file."""
    os.remove(_path(path))


def rmtree(path: Any) -> None:
    """Delete a folder with all in it."""
    shutil.rmtree(_path(path))


def rename(src: Any, dst: Any, overwrite: bool = False) -> None:
    """Give a file another name.

    Raises
    ------
    FileExistsError : there is one of that name, unless `overwrite`.
    """
    _check_free(dst, overwrite)
    os.replace(_path(src), _path(dst))


def copy(src: Any, dst: Any, overwrite: bool = False) -> None:
    """Copy a file.

    Raises
    ------
    FileExistsError : there is one of that name, unless `overwrite`.
    """
    _check_free(dst, overwrite)
    shutil.copyfile(_path(src), _path(dst))


def _check_free(path: Any, overwrite: bool) -> None:
    if exists(path) and not overwrite:
        raise FileExistsError(f"{_path(path)} exists. Say overwrite=True.")


def join(path: Any, *paths: Any) -> str:
    """Return a path of several parts."""
    return os.path.join(_path(path), *map(_path, paths))


def walk(top: Any, topdown: bool = True) -> Iterator[Any]:
    """Yield folder, names of folders and names of files, folder by folder."""
    return os.walk(_path(top), topdown)


def stat(path: Any) -> Any:
    """Return what the system knows of a file, its bytes as `length`."""
    found = os.stat(_path(path))
    return _Stat(found.st_size, int(found.st_mtime * 1e9), isdir(path))


class _Stat:
    """Bytes, time of change in nanoseconds, and whether it is a folder."""

    def __init__(self, length: int, mtime_nsec: int, is_directory: bool):
        self.length = length
        self.mtime_nsec = mtime_nsec
        self.is_directory = is_directory
