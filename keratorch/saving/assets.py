"""What layers keep in files of their own, such as the words of a vocabulary.

Keras's methods for it are ``save_assets(folder)`` and ``load_assets(folder)``.  What is
saved is written into a passing folder first; what is loaded is read where it lies, in
the archive, through a path that stands for a folder in it.  A layer that opens files by
their names instead, as by ``open(os.path.join(folder, name))``, gets them unpacked.
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
    """Let all layers read their files."""
    names = members.namelist()
    for part in parts_of(model):
        start = f"{_FOLDER}/{part.path}/"
        inside = [name[len(start) :] for name in names if name.startswith(start)]
        files = [name for name in inside if _is_file_name(name)]
        if not files or not hasattr(part.owner, "load_assets"):
            continue
        try:
            part.owner.load_assets(zipfile.Path(members, start))
        except (TypeError, OSError):
            contents = {name: members.read(start + name) for name in files}
            _load_unpacked(part.owner, contents)


def _load_unpacked(layer: Any, contents: dict[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, content in contents.items():
            Path(folder, name).write_bytes(content)
        layer.load_assets(folder)


def _is_file_name(name: str) -> bool:
    """Return whether a name leads to no other folder on any system."""
    return name not in ("", ".", "..") and not set(name) & set("/\\:")
