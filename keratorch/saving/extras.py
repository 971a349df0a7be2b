"""The optional libraries that read and write files."""

from __future__ import annotations

from typing import Any


def h5py(purpose: str) -> Any:
    """Return the module h5py.

    Raises
    ------
    ImportError : it is not installed.
    """
    try:
        import h5py as module  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        raise ImportError(
            f"{purpose} needs h5py, which is not installed: "
            'pip install "keratorch[hdf5]". Without it, use a file name that ends in '
            "'.keras' for models and '.npz' for weights."
        ) from error
    return module


def has_h5py() -> bool:
    """Return whether HDF5 files can be read and written."""
    try:
        h5py("")
    except ImportError:
        return False
    return True


def safetensors(purpose: str) -> Any:
    """Return the module safetensors.numpy.

    Raises
    ------
    ImportError : it is not installed.
    """
    try:
        import safetensors.numpy as module  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        raise ImportError(
            f"{purpose} needs safetensors, which is not installed: "
            'pip install "keratorch[safetensors]".'
        ) from error
    return module
