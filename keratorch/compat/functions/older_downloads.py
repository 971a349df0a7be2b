"""Downloaded archives where Keras 1 and 2 unpacked them.

They unpacked an archive beside itself and returned the archive's path: scripts make
paths from ``os.path.dirname(path)`` or from the path without its ending. Keras 3
unpacks into a folder of its own and returns that. Scripts for Keras find both.
"""

from __future__ import annotations

import functools
import inspect
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from keratorch import compat


def beside_themselves(get_file: Callable[..., str]) -> Callable[..., str]:
    """Return `get_file` such that the paths of Keras 2 and of Keras 3 exist.

    The path returned has the name that Keras 2 gave it and is the folder of Keras 3;
    beside it stands a link to each member of the archive.
    """
    signature = inspect.signature(get_file)

    @functools.wraps(get_file)
    def older(*args: object, **kwargs: object) -> str:
        given = signature.bind(*args, **kwargs)
        if not compat._finder.serves_keras:
            return get_file(*args, **kwargs)
        given.apply_defaults()
        values = given.arguments
        _let_name_have_folders(values)
        if not (values["extract"] or values["untar"]):
            return get_file(**values)
        name = os.fspath(values["fname"] or os.path.basename(str(values["origin"])))
        if values["untar"]:
            values["archive_format"] = "tar"
        own = f"{name.replace('.', '_')}_unpacked"
        unpacked = {**values, "fname": own, "untar": False, "extract": True}
        folder = Path(get_file(**unpacked))
        if not folder.is_dir():  # no archive: Keras 2 left such a file as it was
            return get_file(**{**values, "untar": False, "extract": False})
        for member in sorted(folder.iterdir()):
            _stand_for(folder.with_name(member.name), member)
        _stand_for(folder.with_name(name), folder)
        return str(folder.with_name(name))

    return older


def _let_name_have_folders(values: dict[str, Any]) -> None:
    """Let a name such as '/tmp/x.zip' say where the file is to be."""
    folder, name = os.path.split(os.fspath(values["fname"] or ""))
    if folder and name:
        values["fname"] = name
        values["cache_subdir"] = os.path.join(values["cache_subdir"], folder)


def _stand_for(place: Path, content: Path) -> None:
    """Let a place that is free stand for a file or folder near it."""
    if os.path.lexists(place):
        return
    try:
        place.symlink_to(os.path.relpath(content, place.parent))
    except OSError:  # Windows allows links to few users
        copy = shutil.copytree if content.is_dir() else shutil.copy2
        copy(content, place)
