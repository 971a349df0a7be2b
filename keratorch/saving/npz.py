"""NumPy's archives of arrays: what KeraTorch writes where h5py is missing."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Mapping
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy

from keratorch.saving.archive import checked_members
from keratorch.saving.arrays import Arrays, Header, check_header, damaged


def read_arrays(source: Any, file: str) -> Arrays:
    """Return the arrays of an open .npz file by name.

    Raises
    ------
    ValueError : no such file, a damaged one, or arrays of objects.
    """
    try:
        archive = zipfile.ZipFile(source)
    except zipfile.BadZipFile as error:
        raise damaged(file, f"it is no .npz archive ({error})") from error
    members = {
        name.removesuffix(".npy"): info
        for name, info in checked_members(archive, file).items()
    }
    headers = {n: _header(archive, n, info, file) for n, info in members.items()}

    def read(name: str) -> np.ndarray:
        with archive.open(members[name]) as member:
            return npy.read_array(member, allow_pickle=False)

    return Arrays(headers, read, file)


def write_arrays(file: IO[bytes], arrays: Mapping[str, np.ndarray]) -> None:
    """Write arrays by name."""
    np.savez(file, **arrays)  # type: ignore[arg-type]


def _header(archive: Any, name: str, info: Any, file: str) -> Header:
    try:
        with archive.open(info) as member:
            version = npy.read_magic(member)
            if version == (1, 0):
                shape, _, dtype = npy.read_array_header_1_0(member)
            else:
                shape, _, dtype = npy.read_array_header_2_0(member)
            begin = member.tell()
    except (ValueError, SyntaxError, EOFError, zipfile.BadZipFile) as error:
        raise damaged(file, f"'{name}' has no header of an array") from error
    header = check_header(name, shape, dtype, file)
    if begin + math.prod(header.shape) * header.dtype.itemsize != info.file_size:
        raise damaged(file, f"'{name}' has another size than its header says")
    return header
