"""What layers keep in files of their own, such as the words of a vocabulary.

Keras's methods for it are ``save_assets(folder)`` and ``load_assets(folder)``.  What is
saved is written into a passing folder first; what is loaded is read where it lies, in
the archive, through a path that stands for a folder in it.
"""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path
from typing import Any

from keratorch.saving.tree import parts_of

_FOLDER = "assets"


def write(model: Any, members: zipfile.ZipFile) -> None:
    """Write the files of all layers into an archive."""
    for part in parts_of(model):
        if not hasattr(part.owner, "save_assets"):
            continue
        with tempfile.TemporaryDirectory() as folder:
            part.owner.save_assets(folder)
            for path in sorted(Path(folder).rglob("*")):
                if path.is_file():
                    inner = path.relative_to(folder).as_posix()
                    name = f"{_FOLDER}/{part.path}/{inner}"
                    members.writestr(name, path.read_bytes())


def read(model: Any, members: zipfile.ZipFile) -> None:
    """Let all layers read their files.

    Raises
    ------
    ValueError : a layer opens files by name, which an archive has not.
    """
    names = members.namelist()
    for part in parts_of(model):
        folder = f"{_FOLDER}/{part.path}/"
        has_files = any(
            name.startswith(folder) and "/" not in name[len(folder) :] for name in names
        )
        if not has_files or not hasattr(part.owner, "load_assets"):
            continue
        try:
            part.owner.load_assets(zipfile.Path(members, folder))
        except TypeError as error:
            raise ValueError(
                f"{type(part.owner).__name__}.load_assets opens a file by its name "
                f"({error}), but the archive is not unpacked. Write (folder / 'name')"
                ".read_text()."
            ) from error
