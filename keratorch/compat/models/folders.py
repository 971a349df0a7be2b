"""A folder in the place of a file: TensorFlow 2 saved models and weights in folders."""

from __future__ import annotations

import functools
import inspect
import os
from collections.abc import Callable
from typing import Any

from keratorch import compat
from keratorch.compat import dialect
from keratorch.compat.models import later_weights, own_classes
from keratorch.compat.spoken import warn_once
from keratorch.lazy import Postponed

models = Postponed("keratorch.models")
model_file = Postponed("keratorch.saving.model_file")
checkpoint_files = Postponed("keratorch.compat.tf.eager.checkpoint_files")
_MODEL = "saved_model.keras"
_WEIGHTS = "checkpoint"
_OF_ONE_FILE = (".h5", ".hdf5", ".keras", ".npz", ".safetensors")


def saving(save: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``save(model, path)`` that writes into a folder, too, in such a script."""

    @functools.wraps(save)
    def saved(model: Any, filepath: Any, *args: Any, **kwargs: Any) -> Any:
        folder = _is_folder(filepath, _format(save, model, filepath, *args, **kwargs))
        path = _to_write(filepath, _MODEL, folder)
        result = save(model, path, *args, **kwargs)
        if path != filepath:
            own_classes.remember(os.path.dirname(path), model)
        return result

    return saved


def exporting(export: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``model.export(path)`` that writes a folder in a script.

    ``load_model(path)`` and ``tf.saved_model.load(path)`` read it here; other formats,
    and what only TensorFlow's own could hold, are refused as ever.
    """

    @functools.wraps(export)
    def exported(
        model: Any,
        filepath: Any,
        format: str = "tf_saved_model",
        verbose: Any = None,
        **kwargs: Any,
    ) -> None:
        if kwargs or format != "tf_saved_model" or not _is_of_a_script(filepath):
            return export(model, filepath, format, verbose=verbose, **kwargs)
        warn_once(
            f"model.export({os.fspath(filepath)!r}): the folder is in KeraTorch's own "
            "format, which TensorFlow does not read. For TensorFlow Serving load "
            "model.save('model.keras') in Keras 3, and export it there."
        )
        models.save_model(model, filepath, save_format="tf")

    return exported


def saving_weights(save: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``save_weights(model, path)`` that writes into a folder, too.

    And two files of the name, as TensorFlow does, where the name has no ending.
    """

    @functools.wraps(save)
    def saved(model: Any, filepath: Any, *args: Any, **kwargs: Any) -> Any:
        path = _to_write(filepath, _WEIGHTS)
        given = _format(save, model, filepath, *args, **kwargs)
        if path != filepath or not _is_folder(filepath, given):
            return save(model, path, *args, **kwargs)
        prefix = os.fspath(filepath)
        checkpoint_files.save_weights(
            prefix, lambda file: save(model, file, *args, **kwargs)
        )

    return saved


def _format(save: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Return the argument `save_format` of a call."""
    names = inspect.signature(save).parameters
    return {**dict(zip(names, args, strict=False)), **kwargs}.get("save_format")


def loading(load: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``load(path)`` that finds the file in a folder, too."""

    @functools.wraps(load)
    def loaded(
        filepath: Any, custom_objects: Any = None, *args: Any, **kwargs: Any
    ) -> Any:
        path = _to_read(filepath, _MODEL)
        if path != filepath:
            known = own_classes.remembered(os.path.dirname(path))
            custom_objects = {**known, **(custom_objects or {})}
        return load(path, custom_objects, *args, **kwargs)

    return loaded


def loading_weights(load: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``load_weights(model, path)`` that finds the file in a folder, too."""

    @functools.wraps(load)
    def loaded(model: Any, filepath: Any, *args: Any, **kwargs: Any) -> Any:
        path = _to_read(filepath, _WEIGHTS, _MODEL)
        if path == filepath and _is_of_a_script(path):
            path = checkpoint_files.file_of_weights(os.fspath(path))
        reading = functools.partial(load, model, path, *args, **kwargs)
        if path != filepath and not (model.built or model_file.layers_are_built(model)):
            return later_weights.load_when_called(model, reading)
        return reading()

    return loaded


def _to_write(path: Any, file: str, folder: bool = False) -> Any:
    """Return the path, or that of the file in the folder that a script means.

    A folder is there, or the name ends in a slash and is not the name of a file, or
    shall be that of a `folder`. No name at all means the working folder.
    """
    if not _is_of_a_script(path):
        return path
    name, bare = os.fspath(path), _without_slash(path)
    made = (folder or bare != name) and not os.path.isfile(bare)
    return os.path.join(name, file) if made or os.path.isdir(name or ".") else bare


def _is_folder(path: Any, save_format: str | None) -> bool:
    """Return whether TensorFlow 2 wrote in its own format under a name.

    It did in all scripts for its Keras, unless the name or an argument says otherwise.
    """
    if not _is_of_a_script(path) or _without_slash(path).endswith(_OF_ONE_FILE):
        return False
    return save_format == "tf" or (save_format is None and _is_of_tensorflow_2())


def _is_of_tensorflow_2() -> bool:
    """Return whether the script takes Keras from TensorFlow, and not from its first."""
    of_tensorflow = dialect.imports_tf_keras()
    return of_tensorflow and dialect.is_older() and not dialect.is_before_2_4()


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
