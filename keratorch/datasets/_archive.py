"""Read an .npz archive of which all is known beforehand but the values.

A cached file may be damaged, foreign or hostile. So nothing is unpickled, and each
member's size and header is held against what is wanted before memory is taken for it.

Imported with the first set that needs it, not with KeraTorch.
"""

from __future__ import annotations

import io
import os
import struct
import tokenize
import zipfile
import zlib
from collections.abc import Mapping
from typing import IO

import numpy as np
from numpy.lib import format as npy

Arrays = Mapping[str, tuple[tuple[int, ...], type[np.generic]]]

_LONGEST_READ = 2**20  # bytes; NumPy reads arrays in smaller pieces
_LONGEST_HEADER = 2**16  # bytes; format 1.0 counts a header's length in two bytes
_SUFFIX = ".npy"
# What zipfile, zlib and NumPy raise over a file that is not as they want it.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    tokenize.TokenError,
    EOFError,
    OSError,
    OverflowError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    Warning,  # NumPy's about an old type name, where warnings are made errors
)


def read_archive(path: str | os.PathLike[str], arrays: Arrays) -> dict[str, np.ndarray]:
    """Return the arrays of an .npz file by name.

    Parameters
    ----------
    path : the file.
    arrays : the shape and type that each array of the file must have.

    Raises
    ------
    ValueError : the file is damaged, or holds something else.

    Examples
    --------
    >>> read_archive("points.npz", {"x": ((100, 2), np.float32)})  # doctest: +SKIP
    """
    with _BoundedFile(path) as file:
        try:
            with zipfile.ZipFile(file) as archive:
                _check_names(archive, arrays)
                return {
                    name: _read_array(archive, name, shape, np.dtype(dtype))
                    for name, (shape, dtype) in arrays.items()
                }
        except _DAMAGE as error:
            raise ValueError(
                f"The file {path} cannot be used: {str(error)[:200]}. It is damaged, "
                "or is not the file that belongs there. Delete it and call again to "
                "download it, or put a good copy in its place."
            ) from error


class _BoundedFile(io.FileIO):
    """A file that gives at most a mebibyte at once.

    zipfile reads an archive's table of contents in one piece, as large as the archive
    says that it is.
    """

    def read(self, size: int | None = -1, /) -> bytes:
        wanted = _LONGEST_READ + 1 if size is None or size < 0 else size
        data = super().read(min(wanted, _LONGEST_READ + 1))
        if len(data) > _LONGEST_READ:
            raise ValueError(f"its table of contents exceeds {_LONGEST_READ} bytes")
        return data


def _check_names(archive: zipfile.ZipFile, arrays: Arrays) -> None:
    wanted = sorted(name + _SUFFIX for name in arrays)
    found = sorted(archive.namelist())
    if found != wanted:
        raise ValueError(
            f"it should hold {', '.join(wanted)}, but holds {', '.join(found)}"
        )


def _read_array(
    archive: zipfile.ZipFile, name: str, shape: tuple[int, ...], dtype: np.dtype
) -> np.ndarray:
    member = archive.getinfo(name + _SUFFIX)
    size = int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
    # bz2 and lzma would unpack without a bound on the memory that they take.
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ValueError(f"array {name} is compressed in a way that NumPy never uses")
    with archive.open(member) as file:
        _check_header(file, name, shape, dtype)
    if not size < member.file_size <= size + _LONGEST_HEADER:
        raise ValueError(f"array {name} has {member.file_size} bytes, not {size}")
    with archive.open(member) as file:
        array = npy.read_array(file, allow_pickle=False)
        # Reading on to the end makes zipfile compare the checksum.
        if file.read(1):
            raise ValueError(f"array {name} is followed by other data")
    return array


def _check_header(
    file: IO[bytes], name: str, shape: tuple[int, ...], dtype: np.dtype
) -> None:
    version = npy.read_magic(file)
    if version != (1, 0):
        raise ValueError(f"array {name} is in .npy format {version}, not (1, 0)")
    found_shape, _, found_dtype = npy.read_array_header_1_0(file)
    if (found_shape, found_dtype) != (shape, dtype):
        raise ValueError(
            f"array {name} should have shape {shape} and type {dtype}, but has "
            f"shape {found_shape} and type {found_dtype}"
        )
