"""Files that are written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any


@contextlib.contextmanager
def atomic_file(path: str | os.PathLike[str]) -> Iterator[IO[bytes]]:
    """Give a temporary file to write in; it takes the place of `path` at the end.

    It lies in the same folder, which is made if need be. Its bytes are on the disk
    before it is renamed, so that a crash at any time leaves the old file or the new
    one. After an error the old file is as it was and the temporary file is gone.

    Examples
    --------
    >>> import os, tempfile
    >>> path = os.path.join(tempfile.mkdtemp(), "numbers")
    >>> with atomic_file(path) as file:
    ...     _ = file.write(b"123")
    >>> os.path.getsize(path)
    3
    """
    target = Path(path)
    if target.is_dir():
        raise IsADirectoryError(
            f"cannot write the file '{target}': a folder of that name is there. Give "
            "the name of a file, such as 'model.keras'."
        )
    if target.is_symlink():
        target = target.resolve()  # the file behind it is replaced, not the link
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(
        prefix=f".{target.name[:40]}.", suffix=".part", dir=target.parent
    )
    try:
        with os.fdopen(descriptor, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, _mode_of(target))
        os.replace(name, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
    _sync_folder(target.parent)


def write_atomically(path: str | os.PathLike[str], content: bytes) -> None:
    """Write bytes as a file, whole or not at all."""
    with atomic_file(path) as file:
        file.write(content)


def _mode_of(target: Path) -> int:
    """Return the permissions that an ordinary `open` would leave the file with."""
    with contextlib.suppress(OSError):
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _sync_folder(folder: Path) -> None:
    """Write the folder's new entry to the disk, where the system can."""
    flags: Any = getattr(os, "O_DIRECTORY", None)
    if flags is None:  # Windows does not open folders
        return
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | flags)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
