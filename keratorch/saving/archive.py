"""Zip archives, read without being unpacked to disk."""

from __future__ import annotations

import zipfile
import zlib
from typing import Any

from keratorch.saving.arrays import damaged

# Keras stores without compression; a member that grows by more is a bomb.
_EXPANSION = 100
_SMALL = 1 << 20


def opened(source: Any, file: str) -> zipfile.ZipFile:
    """Open an archive, or say that it is none.

    Raises
    ------
    ValueError : no zip archive, or a truncated one.
    """
    try:
        return zipfile.ZipFile(source)
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise ValueError(
            f"'{file}' is no .keras file: it is no zip archive, or only the beginning "
            f"of one ({error}). Was it copied to its end?"
        ) from error


def checked_members(archive: zipfile.ZipFile, file: str) -> dict[str, zipfile.ZipInfo]:
    """Return the members by name.

    Raises
    ------
    ValueError : two of one name, an encrypted one, or one that would grow beyond all
        measure.
    """
    members: dict[str, zipfile.ZipInfo] = {}
    for info in archive.infolist():
        if info.filename in members:
            raise damaged(file, f"it holds '{info.filename}' twice")
        if info.flag_bits & 0x1:
            raise damaged(file, f"'{info.filename}' is encrypted")
        if info.file_size > max(_EXPANSION * info.compress_size, _SMALL):
            raise damaged(
                file,
                f"'{info.filename}' would grow from {info.compress_size} to "
                f"{info.file_size} bytes",
            )
        members[info.filename] = info
    return members


def read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, file: str) -> bytes:
    """Return the bytes of a member.

    Raises
    ------
    ValueError : it is truncated or its checksum is wrong.
    """
    try:
        content = archive.read(info)
    except (zipfile.BadZipFile, EOFError, zlib.error, NotImplementedError) as error:
        raise damaged(file, f"'{info.filename}' cannot be read ({error})") from error
    if len(content) != info.file_size:
        raise damaged(file, f"'{info.filename}' is shorter than it should be")
    return content
