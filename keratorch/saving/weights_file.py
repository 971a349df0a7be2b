"""Files of weights alone, in each of their formats."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Iterable, Iterator
from typing import Any

from keratorch.saving import (
    archive,
    extras,
    hdf5,
    layered_hdf5,
    model_file,
    npz,
    shards,
    weights,
)
from keratorch.saving.arrays import Arrays, check_header, damaged
from keratorch.saving.atomic import atomic_file, write_atomically
from keratorch.saving.formats import format_of
from keratorch.saving.written_by import modern_paths


def write(
    model: Any,
    path: str | os.PathLike[str],
    kind: str,
    objects_to_skip: Iterable[Any] | None = None,
    max_shard_size: float | None = None,
) -> None:
    """Write the weights of a model in a format that `weights_format` names.

    With `max_shard_size` that is an index of several files.
    """
    if kind == "hdf5":
        _check_nothing_skipped(path, objects_to_skip)
        kept = {}
    else:
        kept = weights.collected(model, objects_to_skip=objects_to_skip)
    if max_shard_size is not None:
        shards.write(path, kept, weights.group_names(model), max_shard_size)
        return
    if kind == "safetensors":
        library = extras.safetensors("writing a .safetensors file")
        arrays = {k: v.copy() for k, v in kept.items()}
        write_atomically(path, library.save(arrays, metadata={"format": "np"}))
        return
    if kind == "npz":
        with atomic_file(path) as file:
            npz.write_arrays(file, kept)
        return
    library = extras.h5py(f"writing the weights into '{os.fspath(path)}'")
    with atomic_file(path) as file, library.File(file, "w") as root:
        if kind == "hdf5":
            layered_hdf5.write_weights(model, root)
        else:
            names = weights.group_names(model)
            hdf5.write_arrays(root, kept, names)


def load(
    model: Any,
    path: str | os.PathLike[str],
    skip_mismatch: bool,
    by_name: bool,
    objects_to_skip: Iterable[Any] | None = None,
) -> None:
    """Put the weights of a file of any format into a model."""
    file = os.fspath(path)
    if format_of(path) == "hdf5":
        with hdf5.opened(path, file) as root:
            layers = _layered(root, file)
            if layers is not None:
                _check_nothing_skipped(path, objects_to_skip)
                arrays = hdf5.read_arrays(layers, file, os.path.getsize(path))
                by = layered_hdf5.assign_by_order
                if by_name:
                    by = layered_hdf5.assign_by_name
                by(model, layers, arrays, skip_mismatch)
                return
    if by_name:
        raise ValueError(
            "load_weights: by_name=True needs a file in the layout of Keras 2, which "
            f"'{file}' does not have. Save the weights as 'weights.h5', or leave "
            "by_name out."
        )
    with _native_arrays(path, file) as arrays:
        weights.assign_arrays(model, arrays, skip_mismatch, objects_to_skip)
        weights.assign_optimizer(model, arrays)


def _check_nothing_skipped(path: Any, objects_to_skip: Iterable[Any] | None) -> None:
    if objects_to_skip is not None:
        raise ValueError(
            f"objects_to_skip: '{os.fspath(path)}' has the layout of Keras 2, where "
            "weights have no places but their order. Use a name that ends in "
            "'.weights.h5'."
        )


def _layered(root: Any, file: str) -> Any:
    """Return the group with the weights of layers by name, None where there is none."""
    if any(name in root.attrs for name in layered_hdf5.LISTS):
        return root
    if "model_weights" in root:
        return hdf5.child(root, "model_weights", file)
    return None


@contextlib.contextmanager
def _native_arrays(path: Any, file: str) -> Iterator[Arrays]:
    kind = format_of(path)
    if kind == "safetensors":
        with _safetensors(path, file) as arrays:
            yield arrays
    elif kind == "index":
        with shards.opened(path) as arrays:
            yield arrays
    elif kind == "hdf5":
        with hdf5.opened(path, file) as root:
            arrays = hdf5.read_arrays(root, file, os.path.getsize(path))
            yield modern_paths(arrays)
    elif _is_model(path, file):
        with model_file.contents(path) as (_, arrays, _):
            yield arrays
    else:
        with open(path, "rb") as stream:
            yield npz.read_arrays(io.BytesIO(stream.read()), file)


def _is_model(path: Any, file: str) -> bool:
    with archive.opened(path, file) as members:
        return model_file.CONFIG in members.namelist()


@contextlib.contextmanager
def _safetensors(path: Any, file: str) -> Iterator[Arrays]:
    library = extras.safetensors("reading a .safetensors file")
    try:
        opened = library.safe_open(os.fspath(path), framework="np")
    except Exception as error:  # the library's own class is no common one
        raise damaged(file, str(error)) from error
    with opened as stored:
        headers = {}
        for name in stored.keys():  # noqa: SIM118 - not a dict
            slices = stored.get_slice(name)
            dtype = _DTYPES.get(slices.get_dtype())
            if dtype is None:
                raise damaged(file, f"'{name}' has the type {slices.get_dtype()}")
            headers[name] = check_header(name, tuple(slices.get_shape()), dtype, file)
        yield Arrays(headers, stored.get_tensor, file)


_DTYPES = {
    "F16": "float16",
    "F32": "float32",
    "F64": "float64",
    "I8": "int8",
    "I16": "int16",
    "I32": "int32",
    "I64": "int64",
    "U8": "uint8",
    "U16": "uint16",
    "U32": "uint32",
    "U64": "uint64",
    "BOOL": "bool",
}
