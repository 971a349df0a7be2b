"""The functions by which models and weights are saved and loaded."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any

from keratorch.saving import (
    hdf5,
    layered_hdf5,
    model_file,
    open_files,
    shards,
    weights_file,
)
from keratorch.saving.atomic import atomic_file
from keratorch.saving.formats import format_of, model_format, weights_format

Path = str | os.PathLike[str]


def save_model(
    model: Any,
    filepath: Path,
    overwrite: bool = True,
    zipped: bool | None = None,
    include_optimizer: bool = True,
    save_format: str | None = None,
) -> None:
    """Write a model into a file: configuration, weights and optimizer state.

    An interrupted or failing save leaves an older file as it was.

    Parameters
    ----------
    model : Model.
    filepath : name of the file. One that ends in '.h5' or '.hdf5' is written in the
        format of Keras 2, all others in that of Keras 3, whatever their ending. Or a
        file open for writing bytes, or an open `h5py.File`.
    overwrite : bool, whether a file of that name may be replaced.
    zipped : None or True; Keras's unzipped folders are not written.
    include_optimizer : bool, whether to write how the model was compiled, and the
        state of the optimizer.
    save_format : 'keras', 'tf' (the same here), 'h5', or None.

    Raises
    ------
    ValueError : a name for weights alone, or an unknown format.
    FileExistsError : there is a file, and `overwrite` is False.
    ImportError : '.h5' without h5py.

    Examples
    --------
    >>> import os, tempfile
    >>> import numpy as np
    >>> import keratorch as keras
    >>> from keratorch.saving import load_model, save_model
    >>> model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    >>> path = os.path.join(tempfile.mkdtemp(), "model.keras")
    >>> save_model(model, path)
    >>> x = np.ones((3, 4))
    >>> bool(np.all(load_model(path)(x) == model(x)))
    True
    """
    if zipped is False:
        raise ValueError(
            "zipped=False would write a folder, which is not supported: a folder "
            "cannot be replaced as a whole. Leave zipped out."
        )
    is_open = open_files.is_open(filepath)
    kind = model_format("" if is_open else filepath, save_format)
    _check_built(model, "save")
    as_hdf5 = kind == "hdf5" or open_files.is_hdf5(filepath)
    write = layered_hdf5.write_model if as_hdf5 else model_file.write
    if is_open:
        open_files.write_into(filepath, lambda f: write(model, f, include_optimizer))
        return
    _check_free(filepath, overwrite)
    with atomic_file(filepath) as file:
        write(model, file, include_optimizer)


def load_model(
    filepath: Path,
    custom_objects: Mapping[str, Any] | None = None,
    compile: bool = True,
    safe_mode: bool = True,
) -> Any:
    """Return the model of a file that KeraTorch or Keras (1, 2 or 3) wrote.

    Nothing in a file is run as code, imported by name, or written to disk.

    Parameters
    ----------
    filepath : name of a .keras or HDF5 file, or such a file open for reading bytes, or
        an open `h5py.File`; its content counts, not its ending.
    custom_objects : dict from names to classes and functions of your own.
    compile : bool, whether to compile the model as it was.
    safe_mode : bool. It changes nothing here: code of lambdas is never read.

    Raises
    ------
    FileNotFoundError : no such file.
    ValueError : a damaged file, one of weights alone, an unknown class, or weights
        that do not belong to the configuration.
    ImportError : h5py is needed.
    """
    if open_files.is_open(filepath):
        with open_files.named(filepath) as name:
            return load_model(name, custom_objects, compile)
    if format_of(filepath) == "zip":
        return model_file.read(filepath, custom_objects, compile)
    file = os.fspath(filepath)
    if format_of(filepath) == "hdf5":
        with hdf5.opened(filepath, file) as root:
            if "model_config" in root.attrs:
                size = os.path.getsize(filepath)
                return layered_hdf5.read_model(
                    root, file, size, custom_objects, compile
                )
    raise ValueError(
        f"load_model: '{file}' holds weights alone, and no configuration to make a "
        f"model from. Make the model as it was, then model.load_weights({file!r})."
    )


def save_weights(
    model: Any,
    filepath: Path,
    overwrite: bool = True,
    save_format: str | None = None,
    objects_to_skip: Iterable[Any] | None = None,
    max_shard_size: float | None = None,
) -> None:
    """Write the weights of a model, and its optimizer's state, into a file.

    Parameters
    ----------
    model : built Model.
    filepath : name of the file. '.weights.h5' is the layout of Keras 3, '.h5' and
        '.hdf5' that of Keras 2 (weights by the names of layers, no optimizer),
        '.safetensors' and '.npz' are what they say; others are written as
        '.weights.h5', or as '.npz' where h5py is missing.
    overwrite : bool, whether a file of that name may be replaced.
    save_format : 'h5', 'tf', 'keras' or None, as in Keras 2.
    objects_to_skip : layers of the model whose weights are not written.
    max_shard_size : float, how many gigabytes of weights a file may hold. `filepath`,
        which ends in '.weights.json', then is an index of several files beside it.

    Raises
    ------
    ValueError : the model has no weights yet, an object is no layer of it, or a weight
        is larger than `max_shard_size`.
    FileExistsError : there is a file, and `overwrite` is False.
    ImportError : h5py or safetensors is needed.
    """
    kind = weights_format(filepath, save_format)
    is_index = os.fspath(filepath).endswith(shards.INDEX)
    if is_index is (max_shard_size is None):
        raise ValueError(
            "save_weights: several files of at most max_shard_size gigabytes have an "
            f"index whose name ends in '{shards.INDEX}'; received filepath="
            f"'{os.fspath(filepath)}' and max_shard_size={max_shard_size}."
        )
    _check_built(model, "save_weights")
    _check_free(filepath, overwrite)
    weights_file.write(model, filepath, kind, objects_to_skip, max_shard_size)


def load_weights(
    model: Any,
    filepath: Path,
    skip_mismatch: bool = False,
    by_name: bool = False,
    objects_to_skip: Iterable[Any] | None = None,
) -> None:
    """Put the weights of a file into a model, all of them or none.

    Parameters
    ----------
    model : built Model.
    filepath : file that `save_weights` or `save_model`, of KeraTorch or Keras, wrote;
        its name, or the file open for reading bytes, or an open `h5py.File`.
    skip_mismatch : bool, whether to load what fits, and warn of the rest.
    by_name : bool, whether to look layers up by name; for files of Keras 2.
    objects_to_skip : layers of the model that keep the weights they have.

    Raises
    ------
    FileNotFoundError : no such file.
    ValueError : a damaged file, or weights of another architecture; the model is as
        it was.
    ImportError : h5py or safetensors is needed.
    """
    if open_files.is_open(filepath):
        with open_files.named(filepath) as name:
            load_weights(model, name, skip_mismatch, by_name, objects_to_skip)
        return
    format_of(filepath)
    _check_built(model, "load_weights")
    weights_file.load(
        model, filepath, bool(skip_mismatch), bool(by_name), objects_to_skip
    )


def _check_free(filepath: Path, overwrite: bool) -> None:
    if not overwrite and os.path.exists(filepath):
        raise FileExistsError(
            f"there is a file '{os.fspath(filepath)}' already. Choose another name, or "
            "pass overwrite=True."
        )


def _check_built(model: Any, what: str) -> None:
    """Raise unless a model is built, or all of its layers are.

    A model whose own train_step calls its layers is never called itself.
    """
    if not (model.built or model_file.layers_are_built(model)):
        raise ValueError(
            f"{what}: {type(model).__name__} '{model.name}' has no weights yet, since "
            "the shape of its input is unknown. Call it on data, build it, or begin "
            "the model with keratorch.Input(shape)."
        )
