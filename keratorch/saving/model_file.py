"""The `.keras` file: a zip archive of configuration, weights and optimizer state."""

from __future__ import annotations

import datetime
import io
import json
import math
import os
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Any, NamedTuple

from keratorch.allowance import allowance
from keratorch.custom_objects import CustomObjectScope
from keratorch.layers import sharing
from keratorch.saving import (
    archive,
    assets,
    extras,
    hdf5,
    npz,
    weights,
)
from keratorch.saving.arrays import Arrays, damaged, named_if_broken
from keratorch.saving.legacy_optimizer import assign_archived_state
from keratorch.saving.objects import described_layer, deserialize_keras_object
from keratorch.saving.written_by import is_keras_2, modern, modern_paths
from keratorch.training.user_warning import warn

CONFIG = "config.json"
_METADATA = "metadata.json"
_HDF5 = "model.weights.h5"
_NPZ = "model.weights.npz"
# The version of Keras whose format this is.
KERAS_VERSION = "3.15.0"
# Variables that a layer makes and does not store may take so many elements beside.
_SLACK = 1 << 20
_LARGEST_SAMPLE = 1 << 31


class Contents(NamedTuple):
    """Configuration, arrays and the version of Keras of a file."""

    config: dict[str, Any]
    arrays: Arrays
    version: str


def write(model: Any, file: IO[bytes], include_optimizer: bool = True) -> None:
    """Write a model into an open file.

    Raises
    ------
    TypeError, ValueError : a part of the model that no configuration can describe.
    """
    with sharing.writing():
        config = sharing.without_single_marks(described_layer(model))
    if not include_optimizer:
        config.pop("compile_config", None)
    date = datetime.datetime.now().strftime("%Y-%m-%d@%H:%M:%S")
    metadata = {"keras_version": KERAS_VERSION, "date_saved": date}
    with zipfile.ZipFile(file, "w") as members:
        members.writestr(_METADATA, json.dumps(metadata))
        members.writestr(CONFIG, _as_json(config))
        name = _HDF5 if extras.has_h5py() else _NPZ
        with members.open(name, "w", force_zip64=True) as member:
            member.write(_weights(model, include_optimizer))
        assets.write(model, members)


def _as_json(config: Any) -> str:
    try:
        return json.dumps(config)
    except (TypeError, ValueError) as error:
        raise TypeError(
            f"the configuration of the model holds what JSON has no form for: {error}. "
            "Let get_config() return numbers, strings, lists and dicts; objects by "
            "keratorch.saving.serialize_keras_object."
        ) from error


def _weights(model: Any, include_optimizer: bool) -> bytes:
    arrays = weights.collected(model, include_optimizer)
    buffer = io.BytesIO()
    if not extras.has_h5py():
        warn(
            "h5py is not installed, so the .keras file holds its weights as .npz, "
            'which Keras cannot read: pip install "keratorch[hdf5]".'
        )
        npz.write_arrays(buffer, arrays)
        return buffer.getvalue()
    library = extras.h5py("writing a .keras file")
    with library.File(buffer, "w") as file:
        hdf5.write_arrays(file, arrays, weights.group_names(model))
    return buffer.getvalue()


def read(
    path: str | os.PathLike[str],
    custom_objects: Mapping[str, Any] | None = None,
    compile: bool = True,
) -> Any:
    """Return the model of a file.

    Raises
    ------
    ValueError : no such file, a damaged one, an unknown class, weights of another
        architecture.
    ImportError : h5py is needed.
    """
    name = os.fspath(path)
    with contents(path) as (config, arrays, version):
        compiled = config.get("compile_config") if compile else None
        config = {**config, "compile_config": None}
        check_sizes(config, name)
        with CustomObjectScope(custom_objects):
            with allowance(arrays.elements + _SLACK):
                model = built_from(config, name)
            load_into(model, arrays)
            with archive.opened(path, name) as members:
                assets.read(model, members)
            if compiled:
                with named_if_broken("compile_config", name):
                    model.compile_from_config(compiled)
                if is_keras_2(version):
                    assign_archived_state(model, arrays)
                else:
                    weights.assign_optimizer(model, arrays)
    return model


@contextmanager
def contents(path: str | os.PathLike[str]) -> Iterator[Contents]:
    """Give what a file holds."""
    name = os.fspath(path)
    with archive.opened(path, name) as members:
        infos = archive.checked_members(members, name)
        if CONFIG not in infos:
            raise damaged(name, f"it has no {CONFIG}")
        config = parsed(archive.read_member(members, infos[CONFIG], name), name)
        version = _version(members, infos, name)
        with named_if_broken(CONFIG, name):
            config = modern(config, version)
        if _HDF5 in infos:
            stored = io.BytesIO(archive.read_member(members, infos[_HDF5], name))
            with hdf5.opened(stored, name) as file:
                size = infos[_HDF5].file_size
                arrays = modern_paths(hdf5.read_arrays(file, name, size))
                yield Contents(config, arrays, version)
        elif _NPZ in infos:
            stored = io.BytesIO(archive.read_member(members, infos[_NPZ], name))
            yield Contents(config, npz.read_arrays(stored, name), version)
        else:
            raise damaged(name, f"it has neither {_HDF5} nor {_NPZ}")


def _version(members: zipfile.ZipFile, infos: Mapping[str, Any], file: str) -> str:
    """Return the version of Keras that wrote a file; today's where it says none."""
    if _METADATA not in infos:
        return KERAS_VERSION
    try:
        metadata = json.loads(archive.read_member(members, infos[_METADATA], file))
        return str(metadata.get("keras_version", KERAS_VERSION))
    except (ValueError, AttributeError, RecursionError) as error:
        raise damaged(file, f"its {_METADATA} is no JSON object ({error})") from error


def parsed(text: str | bytes, file: str) -> dict[str, Any]:
    """Return a configuration from its JSON.

    Raises
    ------
    ValueError : no JSON, or JSON that describes no object.
    """
    try:
        config = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise damaged(file, f"its configuration is no JSON ({error})") from error
    if not isinstance(config, dict) or not isinstance(config.get("class_name"), str):
        raise damaged(file, "its configuration describes no model")
    return config


def built_from(config: Mapping[str, Any], file: str) -> Any:
    """Return the model of a configuration.

    Raises
    ------
    ValueError : an unknown class, or a configuration that is none.
    """
    try:
        with sharing.reading():
            model = deserialize_keras_object(config)
    except (KeyError, IndexError, AttributeError, RecursionError) as error:
        raise damaged(
            file, f"its configuration is broken ({type(error).__name__}: {error})"
        ) from error
    except TypeError as error:
        raise ValueError(
            f"'{file}' describes an object whose class does not take its arguments: "
            f"{error}"
        ) from error
    except ValueError as error:
        raise ValueError(f"'{file}': {error}") from error
    if not hasattr(model, "save"):  # models have it, and a FeatureSpace
        raise damaged(file, f"it holds a {type(model).__name__}, which is no model")
    return model


def load_into(model: Any, arrays: Arrays) -> None:
    """Put the arrays into a new model."""
    ready = model.built or layers_are_built(model)
    if not ready and any("/vars/" in name for name in arrays):
        raise ValueError(
            f"'{arrays.file}' does not say for which shape {type(model).__name__} "
            "was built. Define get_build_config() and build_from_config(), or make "
            "the model yourself and use load_weights()."
        )
    weights.assign_arrays(model, arrays)


def layers_are_built(model: Any) -> bool:
    """Return whether there are layers in a model, and all of them are built."""
    inside = [layer for layer in model._flat_layers() if layer is not model]
    return bool(inside) and all(layer.built for layer in inside)


def check_sizes(config: Any, file: str) -> None:
    """Raise for an input so large that looking at shapes would fill the memory."""
    if isinstance(config, Mapping):
        for key, value in config.items():
            if key.endswith("shape") and isinstance(value, (list, tuple)):
                lengths = [n for n in value if isinstance(n, int)]
                if (
                    any(n < -1 for n in lengths)
                    or math.prod(abs(n) for n in lengths) > _LARGEST_SAMPLE
                ):
                    raise damaged(file, f"its configuration has {key}={lengths}")
            check_sizes(value, file)
    elif isinstance(config, (list, tuple)):
        for value in config:
            check_sizes(value, file)
