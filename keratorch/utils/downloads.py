"""The folder of downloaded files, shared with Keras, and the download into it.

Imported with the first file that is asked for, not with KeraTorch.
"""

from __future__ import annotations

import hashlib
import http.client
import os
import secrets
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

from keratorch.utils.io_utils import can_redraw, print_msg
from keratorch.utils.progbar import Progbar

_CHUNK = 2**18  # bytes
_TIMEOUT = 30  # seconds without an answer


class RemoteFile(NamedTuple):
    """A file on the network: where it is, what it must be, how large it may be.

    Without a digest any content will do, and without `max_bytes` any size.
    """

    address: str
    digest: str | None = None
    max_bytes: int | None = None
    algorithm: str = "sha256"


def fetch(remote: RemoteFile, path: str | os.PathLike[str]) -> Path:
    """Return where the cached file is, after downloading it if it is not there.

    Parameters
    ----------
    remote : the file to download when the cache lacks it.
    path : its name in the cache folder, or an absolute path.

    Raises
    ------
    ConnectionError : the file is not in the cache and cannot be downloaded.
    ValueError : the download is too large, or is not the file wanted.
    """
    target = cached_path(path)
    if not os.path.exists(target):
        download(remote, target)
    return target


def fetch_verified(remote: RemoteFile, path: str | os.PathLike[str]) -> Path:
    """Return where the cached file is, surely the one that is meant.

    A file of the cache with another digest is downloaded again, and replaced when the
    download is the file wanted. Raises as `fetch` does.
    """
    target = cached_path(path)
    if not is_intact(remote, target):
        download(remote, target)
    return target


def is_intact(remote: RemoteFile, target: Path) -> bool:
    """Return whether a file is there with the digest of `remote`, if that has one."""
    if not os.path.isfile(target):
        return False
    if remote.digest is None:
        return True
    if digest_of(target, remote.algorithm) == remote.digest.lower():
        return True
    print_msg(
        f"The file {target} is incomplete or outdated: its {remote.algorithm} digest "
        f"is not {remote.digest}. It is downloaded again."
    )
    return False


def digest_of(path: str | os.PathLike[str], algorithm: str) -> str:
    """Return the digest of a file's content, 'sha256' or 'md5', in hexadecimal."""
    digest = _hasher(algorithm)
    with open(path, "rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def cached_path(
    path: str | os.PathLike[str],
    subfolder: str = "datasets",
    home: str | os.PathLike[str] | None = None,
) -> Path:
    """Return where the cache keeps a file: there already, or where it can be put.

    The folder is `subfolder` in `home`, by default in ``KERAS_HOME`` or ``~/.keras``,
    as in Keras; if that cannot be written to, in ``.keras`` in the folder for
    temporary files.
    """
    name = os.path.expanduser(path)
    home = os.path.expanduser(home or os.environ.get("KERAS_HOME") or "~/.keras")
    target = Path(home, subfolder, name)
    if os.path.exists(target) or _writable(target.parent):
        return target
    spare = "/tmp" if os.path.isdir("/tmp") else tempfile.gettempdir()
    return Path(spare, ".keras", subfolder, name)


def download(remote: RemoteFile, target: Path) -> None:
    """Put the file at `target`, whole or not at all.

    Raises
    ------
    ConnectionError : the download failed.
    ValueError : it is too large, or is not the file wanted.
    """
    print_msg(f"Downloading data from {remote.address}")
    target.parent.mkdir(parents=True, exist_ok=True)
    # In the same folder: os.replace is atomic only within one file system.
    partial = target.with_name(f"{target.name}.{secrets.token_hex(4)}.part")
    try:
        with open(partial, "xb") as file:
            digest = _receive(remote, target, file)
        if remote.digest is not None and digest != remote.digest.lower():
            name = {"sha256": "SHA-256", "md5": "MD5"}[remote.algorithm]
            raise ValueError(
                f"The download from {remote.address} has the {name} {digest}; "
                f"{target.name} has {remote.digest}. It was not kept. Try again, or "
                f"get the file elsewhere and put it at {target}."
            )
        os.replace(partial, target)
    finally:
        partial.unlink(missing_ok=True)


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


def _hasher(algorithm: str) -> hashlib._Hash:
    if algorithm == "md5":
        return hashlib.md5(usedforsecurity=False)
    return hashlib.sha256()


def _receive(remote: RemoteFile, target: Path, file: IO[bytes]) -> str:
    """Write the download into the open file; return its digest."""
    digest = _hasher(remote.algorithm)
    for chunk in _chunks(remote, target):
        digest.update(chunk)
        file.write(chunk)
    return digest.hexdigest()


def _chunks(remote: RemoteFile, target: Path) -> Iterator[bytes]:
    received = 0
    try:
        with urllib.request.urlopen(remote.address, timeout=_TIMEOUT) as response:
            announced = response.headers.get("Content-Length", "")
            size = int(announced) if announced.isdecimal() else None
            _check_size(remote, size or 0)
            bar = Progbar(size, verbose=int(can_redraw()), unit_name="byte")
            while chunk := response.read(_CHUNK):
                received += len(chunk)
                _check_size(remote, received)
                bar.update(received)
                yield chunk
            bar.close()
        if size is not None and received < size:
            raise EOFError(f"it ended after {received} of {size} bytes")
    except (OSError, EOFError, http.client.HTTPException) as error:
        if isinstance(error, urllib.error.HTTPError):
            error.close()  # it is the server's answer too, with its connection
        raise ConnectionError(
            f"{target.name} is not in the cache, and its download from "
            f"{remote.address} failed: {error}. Connect to the network and try again, "
            f"or download that address elsewhere and put the file at {target}."
        ) from error


def _check_size(remote: RemoteFile, size: int) -> None:
    if remote.max_bytes is not None and size > remote.max_bytes:
        raise ValueError(
            f"The download from {remote.address} has {size} bytes or more; at most "
            f"{remote.max_bytes} were expected. It was not kept: the address may "
            "answer with something else than the file. Try again on another network."
        )
