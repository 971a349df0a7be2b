"""Files from the network, downloaded once."""

from __future__ import annotations

import os
import urllib.parse
import warnings
from pathlib import Path

from keratorch.utils.archives import extract as extract_archive
from keratorch.utils.downloads import RemoteFile, cached_path, download, is_intact

_DIGEST_LENGTHS = {32: "md5", 64: "sha256"}


def get_file(
    fname: str | os.PathLike[str] | None = None,
    origin: str | None = None,
    untar: bool = False,
    md5_hash: str | None = None,
    file_hash: str | None = None,
    cache_subdir: str = "datasets",
    hash_algorithm: str = "auto",
    extract: bool = False,
    archive_format: str | list[str] | tuple[str, ...] | None = "auto",
    cache_dir: str | os.PathLike[str] | None = None,
    force_download: bool = False,
) -> str:
    """Return the path of a file, downloaded if the cache lacks it.

    A download appears in the cache whole or not at all. An archive is unpacked into a
    folder of its own, ``<fname up to its first dot>_extracted`` or, where `fname` has
    no dot or is not given, the folder of that name, and nothing outside of it.

    Parameters
    ----------
    fname : str, the name in the cache; None for the last part of `origin`.
    origin : str, the address: https://, http:// or file://.
    untar, md5_hash : older spellings of ``extract=True, archive_format="tar"`` and of
        ``file_hash=..., hash_algorithm="md5"``.
    file_hash : str, the digest that the file must have. A file in the cache with
        another one is downloaded again.
    cache_subdir : str, the folder under `cache_dir`; an absolute path stands alone.
    hash_algorithm : 'sha256', 'md5', or 'auto' by the length of `file_hash`.
    extract : bool, whether to unpack the file.
    archive_format : 'auto', 'tar', 'zip', a list of the two, or None.
    cache_dir : str, by default ``KERAS_HOME`` in the environment or ``~/.keras``.
    force_download : bool, whether to download a file that the cache has.

    Returns
    -------
    str, the path of the file, or of the folder when the file is an archive to unpack.

    Raises
    ------
    ConnectionError : the file is not in the cache and cannot be downloaded.
    ValueError : no `origin`, an `fname` with folders in it, or the download has another
        digest.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     source = pathlib.Path(folder, "source.txt")
    ...     _ = source.write_text("hello")
    ...     path = get_file("copy.txt", source.as_uri(), cache_dir=folder)
    ...     pathlib.Path(path).read_text()
    Downloading data from file:///...source.txt
    'hello'
    """
    if origin is None:
        raise ValueError("get_file needs origin, the address of the file to download.")
    if md5_hash is not None and file_hash is None:
        file_hash, hash_algorithm = md5_hash, "md5"
    algorithm = _algorithm(hash_algorithm, file_hash)
    name = _checked_name(fname, origin)
    unpacks = extract or untar
    # Keras's names, so that both libraries share what either has downloaded.
    plain = not unpacks or (fname is not None and "." in name)
    remote = RemoteFile(origin, file_hash, algorithm=algorithm)
    target = cached_path(name if plain else f"{name}_archive", cache_subdir, cache_dir)
    downloads = force_download or not is_intact(remote, target)
    if downloads:
        download(remote, target)
    if not unpacks:
        return str(target)
    folder = f"{name[: name.find('.')]}_extracted" if plain else name
    unpacked = target.with_name(folder)
    if downloads or not unpacked.is_dir():
        _unpack(target, unpacked, "tar" if untar else archive_format)
    return str(unpacked)


def _unpack(
    target: Path, folder: Path, kind: str | list[str] | tuple[str, ...] | None
) -> None:
    if not extract_archive(target, folder, kind):
        warnings.warn(
            f"{target} is no archive of the format {kind!r}: it was not unpacked.",
            stacklevel=3,
        )


def _checked_name(fname: str | os.PathLike[str] | None, origin: str) -> str:
    name = os.fspath(fname) if fname else os.path.basename(_path_of(origin))
    if not name:
        raise ValueError(
            f"the address {origin!r} does not end in a file's name: give fname."
        )
    if name in (".", "..") or "/" in name or os.sep in name:
        raise ValueError(
            f"fname must be a name without folders; received {name!r}. Give the folder "
            "as cache_dir and cache_subdir."
        )
    return name


def _path_of(origin: str) -> str:
    return urllib.parse.urlsplit(origin).path


def _algorithm(hash_algorithm: str, file_hash: str | None) -> str:
    if hash_algorithm not in ("auto", "sha256", "md5"):
        raise ValueError(
            "hash_algorithm must be 'auto', 'sha256' or 'md5'; received "
            f"{hash_algorithm!r}."
        )
    if file_hash is None:
        return "sha256"
    kind = _DIGEST_LENGTHS.get(len(file_hash))
    if kind is None or hash_algorithm not in ("auto", kind):
        raise ValueError(
            "file_hash must be a SHA-256 digest of 64 hexadecimal digits, or an MD5 "
            f"digest of 32, as hash_algorithm={hash_algorithm!r} says; received "
            f"{file_hash!r}."
        )
    return kind
