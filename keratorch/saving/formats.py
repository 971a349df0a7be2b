"""Which format a file has, or is to have."""

from __future__ import annotations

import os
from typing import Any

from keratorch.saving import extras

HDF5_NAMES = (".h5", ".hdf5", ".hdf")


class MissingFileError(FileNotFoundError, ValueError):
    """There is no such file; a ValueError too, as it is in Keras."""


def name_of(path: Any) -> str:
    """Return the name of a file as a str.

    Raises
    ------
    TypeError : it is none.
    """
    if not isinstance(path, (str, os.PathLike)):
        raise TypeError(
            "filepath must be the name of a file, a str or a Path such as "
            f"'model.keras'; received {path!r} of type {type(path).__name__}."
        )
    return str(os.fspath(path))


def format_of(path: str | os.PathLike[str]) -> str:
    """Return 'zip', 'hdf5', 'safetensors' or 'index', as a file's first bytes say.

    Raises
    ------
    MissingFileError : there is no such file.
    ValueError : a folder, an empty file, or one of no known format.
    """
    name = name_of(path)
    if os.path.isdir(name):
        raise ValueError(_about_folder(name))
    if not os.path.exists(name):
        raise MissingFileError(_about_missing(name))
    with open(name, "rb") as file:
        begin = file.read(16)
    if begin.startswith(b"PK"):
        return "zip"
    if begin.startswith(b"\x89HDF\r\n\x1a\n"):
        return "hdf5"
    if begin[8:9] == b"{" and name.endswith(".safetensors"):
        return "safetensors"
    if begin.startswith(b"{") and name.endswith(".json"):
        return "index"
    raise ValueError(f"'{name}' {_about_bytes(begin)}")


def weights_format(path: str | os.PathLike[str], save_format: str | None = None) -> str:
    """Return the format in which weights are written under a name.

    'keras' (the layout of Keras 3 in HDF5), 'hdf5' (that of Keras 2), 'npz' or
    'safetensors'.
    """
    name = name_of(path)
    if save_format not in (None, "h5", "tf", "keras"):
        raise ValueError(
            "save_format must be 'h5', 'tf', 'keras' or None, which looks at the name; "
            f"received {save_format!r}."
        )
    if name.endswith(".safetensors"):
        return "safetensors"
    if name.endswith(".npz"):
        return "npz"
    if name.endswith(".weights.h5"):
        return "keras"
    if name.endswith(HDF5_NAMES) or save_format == "h5":
        return "hdf5"
    return "keras" if extras.has_h5py() else "npz"


def model_format(path: str | os.PathLike[str], save_format: str | None = None) -> str:
    """Return the format in which a model is written: 'keras', or 'hdf5' of Keras 2."""
    name = name_of(path)
    if save_format not in (None, "h5", "hdf5", "tf", "keras"):
        raise ValueError(
            "save_format must be 'keras', 'h5', 'tf' or None, which looks at the name; "
            f"received {save_format!r}."
        )
    if name.endswith((".safetensors", ".npz", ".weights.h5")):
        raise ValueError(
            f"'{name}' is a name for weights alone. For the whole model use a name "
            "that ends in '.keras'; for the weights, save_weights()."
        )
    by_name = name.endswith(HDF5_NAMES)
    return "hdf5" if by_name or save_format in ("h5", "hdf5") else "keras"


def _about_folder(name: str) -> str:
    if os.path.exists(os.path.join(name, "saved_model.pb")):
        return (
            f"'{name}' is a SavedModel of TensorFlow, which only TensorFlow reads. "
            "There, load it and save it once more: model.save('model.h5')."
        )
    return f"'{name}' is a folder. Give the name of a file."


def _about_missing(name: str) -> str:
    if os.path.exists(f"{name}.index"):
        return (
            f"'{name}.index' is a checkpoint of TensorFlow, which only TensorFlow "
            "reads. There, load it and save it once more: "
            "model.save_weights('model.weights.h5')."
        )
    folder = os.path.dirname(os.path.abspath(name))
    return f"there is no file '{os.path.basename(name)}' in the folder {folder}."


def _about_bytes(begin: Any) -> str:
    if not begin:
        return "is empty: it was not written to its end. Save once more."
    if begin[:1] == b"\x80":
        return "is a pickle. Those can run any code and are never read."
    if not begin.strip(b"\0"):
        return "holds only zeros: it was not written to its end. Save once more."
    return (
        "is no .keras, .h5, .npz or .safetensors file: it begins with "
        f"{bytes(begin[:8])!r}."
    )
