"""Files that are open already, in the place of a name: `io.BytesIO`, `h5py.File`."""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
from collections.abc import Callable, Iterator
from typing import IO, Any

from keratorch.saving import extras


def is_open(file: Any) -> bool:
    """Return whether something is an open file, or a group of an HDF5 file.

    Examples
    --------
    >>> is_open(io.BytesIO()), is_open("model.keras")
    (True, False)
    """
    return hasattr(file, "read") or hasattr(file, "write") or is_hdf5(file)


def is_hdf5(file: Any) -> bool:
    """Return whether something is an open HDF5 file of h5py, or a group in one."""
    return hasattr(file, "create_group") and hasattr(file, "attrs")


def write_into(file: Any, write: Callable[[IO[bytes]], None]) -> None:
    """Let a function write a file into an open one.

    Parameters
    ----------
    file : open binary file, or open HDF5 file or group, which gets the groups and
        attributes of the HDF5 file that is written.
    write : function of an open binary file.
    """
    buffer = io.BytesIO()
    write(buffer)
    if not is_hdf5(file):
        file.write(buffer.getvalue())
        return
    with extras.h5py("writing an HDF5 file").File(buffer, "r") as root:
        for name in root:
            root.copy(name, file)
        file.attrs.update(root.attrs)


@contextlib.contextmanager
def named(file: Any) -> Iterator[str]:
    """Within ``with``, there is a file of a name with the bytes of an open one."""
    if is_hdf5(file):
        file.file.flush()
        content = file.file.id.get_file_image()
    else:
        content = file.read()
    if not isinstance(content, bytes):
        raise TypeError(
            "a model is read from a file that is open in binary mode; received one of "
            "text. Open it as in open(path, 'rb')."
        )
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, os.path.basename(_name_of(file)))
        with open(path, "wb") as copy:
            copy.write(content)
        yield path


def _name_of(file: Any) -> str:
    """Return the name by which errors speak of an open file."""
    name = getattr(getattr(file, "file", file), "filename", getattr(file, "name", ""))
    return name if isinstance(name, str) and os.path.basename(name) else "open_file"
