"""KerasFileEditor: look into a file of weights, change it, and write it again."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from keratorch.errors import suggest
from keratorch.saving import archive, extras, hdf5, model_file, weights
from keratorch.saving.atomic import atomic_file
from keratorch.saving.written_by import modern_paths

_ENDINGS = (".keras", ".weights.h5")
_METADATA = "metadata.json"


class KerasFileEditor:
    """The weights of a file, as a tree of objects that may be edited and written.

    An object, such as a layer, is a dict of its arrays, whose names are numbers, and of
    the objects inside it.

    Parameters
    ----------
    filepath : str, the name of a '.keras' or '.weights.h5' file.

    Attributes
    ----------
    weights_dict : nested dicts of arrays.
    config, metadata : dicts of a '.keras' file; None for weights alone.

    Raises
    ------
    ValueError : another ending, or a damaged file.
    FileNotFoundError : no such file.

    Examples
    --------
    >>> import os, tempfile
    >>> import keratorch as keras
    >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    >>> path = os.path.join(tempfile.mkdtemp(), "model.weights.h5")
    >>> model.save_weights(path)
    >>> editor = KerasFileEditor(path)
    Keras model file 'model.weights.h5'
    >>> editor.rename_object("dense", "dense_1")
    >>> editor.summary()
    Weights structure
      └─ layers
          └─ dense_1
              ├─ 0: shape=(3, 2), dtype=float32
              └─ 1: shape=(2,), dtype=float32
    """

    def __init__(self, filepath: str | os.PathLike[str]):
        path = os.fspath(filepath)
        if not path.endswith(_ENDINGS):
            raise ValueError(
                "KerasFileEditor: filepath must end in '.keras' or '.weights.h5'; "
                f"received {path!r}."
            )
        self.filepath = path
        self.config: dict[str, Any] | None = None
        self.metadata: dict[str, Any] | None = None
        if not os.path.exists(path):
            raise FileNotFoundError(f"KerasFileEditor: there is no file {path!r}.")
        if path.endswith(".keras"):
            with model_file.contents(path) as (config, arrays, _):
                self.config = dict(config)
                self.weights_dict = _tree(arrays, arrays.read)
            self.metadata = _metadata(path)
        else:
            with hdf5.opened(path, path) as root:
                size = os.path.getsize(path)
                arrays = modern_paths(hdf5.read_arrays(root, path, size))
                self.weights_dict = _tree(arrays, arrays.read)
        print(f"Keras model file '{os.path.basename(path)}'")
        if self.metadata:
            version = self.metadata.get("keras_version")
            print(f"Saved with Keras {version} - {self.metadata.get('date_saved')}")

    def summary(self) -> None:
        """Print all objects with the shapes and types of their arrays."""
        print("Weights structure")
        for line in _lines(self.weights_dict, "  "):
            print(line)

    def compare(self, reference_model: Any) -> dict[str, Any]:
        """Print what the file and a model do not have alike.

        Parameters
        ----------
        reference_model : built model.

        Returns
        -------
        dict with 'status', 'success' or 'error'; 'error_count', where an object that is
        missing counts once; and 'match_count', the arrays of the same name and shape.

        Examples
        --------
        >>> import os, tempfile
        >>> import keratorch as keras
        >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
        >>> path = os.path.join(tempfile.mkdtemp(), "model.weights.h5")
        >>> model.save_weights(path)
        >>> KerasFileEditor(path).compare(model)
        Keras model file 'model.weights.h5'
        The file fits the model: 2 arrays are alike.
        {'status': 'success', 'error_count': 0, 'match_count': 2}
        """
        collected = weights.collected(reference_model)
        wanted = _tree(collected, collected.__getitem__)
        errors = list(_differences(self.weights_dict, wanted))
        alike = sum(1 for _ in _alike(self.weights_dict, wanted))
        for error in errors:
            print(f"  {error}")
        if errors:
            print(f"The file does not fit the model: {len(errors)} differences.")
        else:
            print(f"The file fits the model: {alike} arrays are alike.")
        status = "error" if errors else "success"
        return {"status": status, "error_count": len(errors), "match_count": alike}

    def rename_object(self, object_name: str, new_name: str) -> None:
        """Give an object another name.

        Parameters
        ----------
        object_name : its name, if no other object has it, or its path, such as
            'layers/dense_2'.
        new_name : str without '/'.

        Raises
        ------
        ValueError : there is no such object, several of this name, or one of the new.
        """
        if "/" in new_name:
            raise ValueError(
                "rename_object: new_name must be a name without '/'; received "
                f"{new_name!r}. An object stays inside the same one."
            )
        around, name = self._found(object_name)
        if new_name in around:
            raise ValueError(
                f"rename_object: there is an object {new_name!r} beside "
                f"{object_name!r}. Delete it first."
            )
        around[new_name] = around.pop(name)

    def delete_object(self, object_name: str) -> None:
        """Remove an object, by its name or path.

        Raises
        ------
        ValueError : there is no such object, or several of this name.
        """
        around, name = self._found(object_name)
        del around[name]

    def add_object(self, object_path: str, weights: Mapping[str, Any]) -> None:
        """Add an object.

        Parameters
        ----------
        object_path : its full path, such as 'layers/dense_2'; what is around it must be
            there.
        weights : dict of arrays, such as ``{"0": kernel, "1": bias}``.

        Raises
        ------
        ValueError : `weights` is no dict, or nothing is there to hold the object.
        """
        arrays = _arrays("add_object", weights)
        around = self.weights_dict
        *outer, name = object_path.split("/")
        for part in outer:
            inner = around.get(part)
            if not isinstance(inner, dict):
                raise ValueError(
                    f"add_object: {'/'.join(outer)!r} is not in the file. "
                    f"{suggest(part, list(around))}"
                )
            around = inner
        around[name] = arrays

    def delete_weight(self, object_name: str, weight_name: str) -> None:
        """Remove an array of an object.

        Raises
        ------
        ValueError : there is no such object or array.
        """
        around, name = self._found(object_name)
        if weight_name not in around[name]:
            raise ValueError(
                f"delete_weight: {object_name!r} has no array {weight_name!r}; it has "
                f"{', '.join(map(repr, around[name])) or 'none'}."
            )
        del around[name][weight_name]

    def add_weights(self, object_name: str, weights: Mapping[str, Any]) -> None:
        """Add arrays to an object, or write over those of the same names.

        Raises
        ------
        ValueError : there is no such object, or `weights` is no dict.
        """
        arrays = _arrays("add_weights", weights)
        around, name = self._found(object_name)
        around[name].update(arrays)

    def save(self, filepath: str | os.PathLike[str]) -> None:
        """Write the weights into a '.weights.h5' file.

        Raises
        ------
        ValueError : another ending.
        """
        path = os.fspath(filepath)
        if not path.endswith(".weights.h5"):
            raise ValueError(
                f"save: filepath must end in '.weights.h5'; received {path!r}."
            )
        library = extras.h5py(f"writing '{path}'")
        with atomic_file(path) as file, library.File(file, "w") as root:
            hdf5.write_arrays(root, dict(_flat(self.weights_dict)), {})

    def resave_weights(self, filepath: str | os.PathLike[str]) -> None:
        """Write the weights into a '.weights.h5' file: another name of `save`."""
        self.save(filepath)

    def _found(self, name: str) -> tuple[dict[str, Any], str]:
        """Return the dict that holds an object, and the object's name in it."""
        places = dict(_objects(self.weights_dict))
        if "/" in name:
            paths = [name] if name in places else []
        else:
            paths = [path for path in places if path.rpartition("/")[2] == name]
        if not paths:
            raise ValueError(
                f"KerasFileEditor: there is no object {name!r}. "
                f"{suggest(name, list(places))}"
            )
        if len(paths) > 1:
            raise ValueError(
                f"KerasFileEditor: several objects have the name {name!r}. Give the "
                f"path of one: {', '.join(map(repr, paths))}."
            )
        return places[paths[0]], paths[0].rpartition("/")[2]


def _metadata(path: str) -> dict[str, Any] | None:
    with archive.opened(path, path) as members:
        infos = archive.checked_members(members, path)
        if _METADATA not in infos:
            return None
        found = json.loads(archive.read_member(members, infos[_METADATA], path))
        return found if isinstance(found, dict) else None


def _tree(names: Any, read: Callable[[str], Any]) -> dict[str, Any]:
    """Return nested dicts of arrays by their paths, without the groups 'vars'."""
    root: dict[str, Any] = {}
    for path in names:
        *around, name = path.split("/")
        if around and around[-1] == "vars":
            around.pop()
        inner = root
        for part in around:
            inner = inner.setdefault(part, {})
        inner[name] = np.asarray(read(path))
    return root


def _flat(tree: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield arrays by their paths in files, those of an object in its group 'vars'."""
    for name, value in tree.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{path}{name}/")
        else:
            yield f"{path}vars/{name}", np.asarray(value)


def _objects(
    tree: dict[str, Any], path: str = ""
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the path of each object, and the dict that holds it."""
    for name, value in tree.items():
        if isinstance(value, dict):
            yield f"{path}{name}", tree
            yield from _objects(value, f"{path}{name}/")


def _lines(tree: Mapping[str, Any], before: str) -> Iterator[str]:
    for i, (name, value) in enumerate(tree.items()):
        last = i == len(tree) - 1
        branch = f"{before}{'└─' if last else '├─'} {name}"
        if isinstance(value, dict):
            yield branch
            yield from _lines(value, before + ("    " if last else "│   "))
        else:
            array = np.asarray(value)
            yield f"{branch}: shape={array.shape}, dtype={array.dtype}"


def _differences(
    file: Mapping[str, Any], model: Mapping[str, Any], path: str = ""
) -> Iterator[str]:
    """Yield what one of two trees lacks, or has in another shape."""
    for name in dict.fromkeys([*model, *file]):
        where = f"{path}/{name}"
        if name not in file or name not in model:
            have, lack = ("model", "file") if name in model else ("file", "model")
            one = model.get(name, file.get(name))
            kind = "object" if isinstance(one, dict) else "array"
            yield f"{kind} {where} is in the {have}, but not in the {lack}"
            continue
        ours, theirs = file[name], model[name]
        if isinstance(ours, dict) and isinstance(theirs, dict):
            yield from _differences(ours, theirs, where)
        elif isinstance(ours, dict) or isinstance(theirs, dict):
            yield f"{where} is an object in one of them, and an array in the other"
        elif np.shape(ours) != np.shape(theirs):
            shapes = f"{np.shape(ours)} in the file, {np.shape(theirs)} in the model"
            yield f"array {where} has shape {shapes}"


def _alike(file: Mapping[str, Any], model: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names of arrays that two trees have in the same shape."""
    for name in file.keys() & model.keys():
        ours, theirs = file[name], model[name]
        if isinstance(ours, dict) and isinstance(theirs, dict):
            yield from _alike(ours, theirs)
        elif dict not in (type(ours), type(theirs)) and ours.shape == theirs.shape:
            yield name


def _arrays(method: str, weights: Any) -> dict[str, np.ndarray]:
    if not isinstance(weights, Mapping):
        raise ValueError(
            f"{method}: weights must be a dict from names, usually '0', '1', ..., to "
            f"arrays; received {type(weights).__name__}."
        )
    return {name: np.asarray(value) for name, value in weights.items()}
