"""The folder of downloaded data files, shared with Keras, and the download into it.

Imported with the first set that needs it, not with KeraTorch.
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

_CHUNK = 2**18  # bytes
_TIMEOUT = 30  # seconds without an answer


class RemoteFile(NamedTuple):
    """A file on the network: where it is, what it must be, how large it may be."""

    address: str
    sha256: str
    max_bytes: int


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
        print(f"Downloading data from {remote.address}")
        _download(remote, target)
    return target


def cached_path(path: str | os.PathLike[str]) -> Path:
    """Return where the cache keeps a file: there already, or where it can be put.

    The folder is ``datasets`` in ``KERAS_HOME`` or ``~/.keras``, as in Keras; if that
    cannot be written to, ``.keras/datasets`` in the folder for temporary files.
    """
    name = os.path.expanduser(path)
    home = os.path.expanduser(os.environ.get("KERAS_HOME") or "~/.keras")
    target = Path(home, "datasets", name)
    if os.path.exists(target) or _writable(target.parent):
        return target
    spare = "/tmp" if os.path.isdir("/tmp") else tempfile.gettempdir()
    return Path(spare, ".keras", "datasets", name)


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


def _download(remote: RemoteFile, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    # In the same folder: os.replace is atomic only within one file system.
    partial = target.with_name(f"{target.name}.{secrets.token_hex(4)}.part")
    try:
        with open(partial, "xb") as file:
            sha256 = _receive(remote, target, file)
        if sha256 != remote.sha256:
            raise ValueError(
                f"The download from {remote.address} has the SHA-256 {sha256}; "
                f"{target.name} has {remote.sha256}. It was not kept. Try again, or "
                f"get the file elsewhere and put it at {target}."
            )
        os.replace(partial, target)
    finally:
        partial.unlink(missing_ok=True)


def _receive(remote: RemoteFile, target: Path, file: IO[bytes]) -> str:
    """Write the download into the open file; return its SHA-256."""
    digest = hashlib.sha256()
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
            while chunk := response.read(_CHUNK):
                received += len(chunk)
                _check_size(remote, received)
                yield chunk
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
    if size > remote.max_bytes:
        raise ValueError(
            f"The download from {remote.address} has {size} bytes or more; at most "
            f"{remote.max_bytes} were expected. It was not kept: the address may "
            "answer with something else than the file. Try again on another network."
        )
