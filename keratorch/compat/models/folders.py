"""A folder in the place of a file: TensorFlow 2 saved models and weights in folders."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from typing import Any

from keratorch import compat

_MODEL = "saved_model.keras"
_WEIGHTS = "checkpoint"


def saving(save: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``save(model, path)`` that writes into a folder, too, in such a script."""
    return _saving(save, _MODEL)


def saving_weights(save: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``save_weights(model, path)`` that writes into a folder, too."""
    return _saving(save, _WEIGHTS)


def _saving(save: Callable[..., Any], file: str) -> Callable[..., Any]:
    @functools.wraps(save)
    def saved(model: Any, filepath: Any, *args: Any, **kwargs: Any) -> Any:
        return save(model, _to_write(filepath, file), *args, **kwargs)

    return saved


def loading(load: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``load(path)`` that finds the file in a folder, too."""

    @functools.wraps(load)
    def loaded(filepath: Any, *args: Any, **kwargs: Any) -> Any:
        return load(_to_read(filepath, _MODEL), *args, **kwargs)

    return loaded


def loading_weights(load: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``load_weights(model, path)`` that finds the file in a folder, too."""

    @functools.wraps(load)
    def loaded(model: Any, filepath: Any, *args: Any, **kwargs: Any) -> Any:
        return load(model, _to_read(filepath, _WEIGHTS, _MODEL), *args, **kwargs)

    return loaded


def _to_write(path: Any, file: str) -> Any:
    """Return the path, or that of the file in the folder that a script means.

    A folder is there, or the name ends in a slash and is not the name of a file. No
    name at all means the working folder.
    """
    if not _is_of_a_script(path):
        return path
    name, bare = os.fspath(path), _without_slash(path)
    if os.path.isdir(name or os.curdir) or (bare != name and not os.path.isfile(bare)):
        return os.path.join(name, file)
    return bare


def _to_read(path: Any, *files: str) -> Any:
    """Return the path, or that of the first of these files that its folder has."""
    if not _is_of_a_script(path):
        return path
    inside = [os.path.join(path, file) for file in files]
    bare = _without_slash(path)
    return next(filter(os.path.isfile, [*inside, bare]), path)


def _is_of_a_script(path: Any) -> bool:
    return compat._finder.serves_keras and isinstance(path, (str, os.PathLike))


def _without_slash(path: str | os.PathLike[str]) -> str:
    name = os.fspath(path)
    return name.rstrip("/" + os.sep) or name
