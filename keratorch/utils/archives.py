"""Archives unpacked into a folder of their own, and nowhere else.

Only plain files and folders are made; a member that is a link or a device, or whose
name leads out of the folder, is left out with a warning. Since no link is ever made,
no later member can be led outside by one.

Imported with the first archive that is unpacked, not with KeraTorch.
"""

from __future__ import annotations

import os
import secrets
import shutil
import tarfile
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

_FORMATS = ("tar", "zip")

Member = tuple[str, IO[bytes] | None]  # a name with its content; None for a folder


def extract(
    path: str | os.PathLike[str],
    folder: str | os.PathLike[str],
    archive_format: str | list[str] | tuple[str, ...] | None = "auto",
) -> bool:
    """Unpack a tar or zip archive; the folder then holds all of it, or is as it was.

    Parameters
    ----------
    path : the archive: .tar, .tar.gz, .tar.bz2, .tar.xz or .zip.
    folder : where to; one that is there is replaced.
    archive_format : 'auto', 'tar', 'zip', a list of the two, or None for none.

    Returns
    -------
    bool : whether the file is an archive of such a format.

    Raises
    ------
    ValueError : another format, or an archive that is damaged.
    """
    kind = _kind(path, archive_format)
    if kind is None:
        return False
    target = Path(folder)
    token = secrets.token_hex(4)
    partial = target.with_name(f"{target.name}.{token}.part")
    try:
        _unpack(path, kind, partial)
        if target.exists():
            old = target.with_name(f"{target.name}.{token}.old")
            os.replace(target, old)
            os.replace(partial, target)
            shutil.rmtree(old, ignore_errors=True)
        else:
            os.replace(partial, target)
    except (tarfile.TarError, zipfile.BadZipFile, EOFError, RuntimeError) as error:
        raise ValueError(
            f"The archive {path} cannot be unpacked: {error}. It is damaged or "
            "encrypted. Delete it and call again to download it."
        ) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return True


def _kind(
    path: str | os.PathLike[str],
    archive_format: str | list[str] | tuple[str, ...] | None,
) -> str | None:
    if archive_format is None:
        return None
    wanted = [archive_format] if isinstance(archive_format, str) else archive_format
    kinds = _FORMATS if archive_format == "auto" else tuple(wanted)
    for kind in kinds:
        if kind not in _FORMATS:
            raise ValueError(
                f"archive_format must be 'auto', 'tar', 'zip' or None; received "
                f"{archive_format!r}."
            )
        is_such = tarfile.is_tarfile if kind == "tar" else zipfile.is_zipfile
        if is_such(path):
            return kind
    return None


def _unpack(path: str | os.PathLike[str], kind: str, folder: Path) -> None:
    folder.mkdir(parents=True)
    members = _tar_members(path) if kind == "tar" else _zip_members(path)
    for name, content in members:
        target = _inside(folder, name)
        if target is None:
            _warn_of(name, "its name leads out of the folder")
        elif content is None:
            target.mkdir(parents=True, exist_ok=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            with open(target, "wb") as file:
                shutil.copyfileobj(content, file)


def _tar_members(path: str | os.PathLike[str]) -> Iterator[Member]:
    with tarfile.open(path) as archive:
        for member in archive:
            if member.isdir():
                yield member.name, None
            elif member.isfile():
                content = archive.extractfile(member)
                assert content is not None  # it is None for other kinds alone
                with content:
                    yield member.name, content
            else:
                _warn_of(member.name, "it is a link or a device")


def _zip_members(path: str | os.PathLike[str]) -> Iterator[Member]:
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            if member.is_dir():
                yield member.filename, None
            else:
                with archive.open(member) as content:
                    yield member.filename, content


def _inside(folder: Path, name: str) -> Path | None:
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0]:
        return None
    return folder.joinpath(*parts)


def _warn_of(name: str, reason: str) -> None:
    warnings.warn(f"{name[:200]!r} of the archive is left out: {reason}.", stacklevel=2)
