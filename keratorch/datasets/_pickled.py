"""Read the pickled arrays of old data sets without running what a pickle can run.

A pickle may name any function and have it called. This reader knows three names, those
of which NumPy's arrays are made, and puts stand-ins of its own in their place, which do
nothing but keep bytes and lists. Any other name is refused.

Imported with the first set that needs it, not with KeraTorch.
"""

from __future__ import annotations

import pickle
import struct
import zipfile
import zlib
from os import PathLike
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy

_DTYPES = {"u1": np.uint8, "i4": np.int32, "i8": np.int64, "O8": object, "O": object}
# What pickle, zipfile and zlib raise over a file that is not as they want it.
DAMAGE = (
    pickle.UnpicklingError,
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)


class _Type:
    """Stands in for np.dtype."""

    __slots__ = ("dtype",)

    def __init__(self, code: str | bytes, *flags: object):
        text = code.decode("ascii") if isinstance(code, bytes) else code
        self.dtype: Any = np.dtype(_DTYPES[text])

    def __setstate__(self, state: tuple) -> None:
        if self.dtype.kind != "O" and state[1] in (">", b">"):
            self.dtype = self.dtype.newbyteorder(">")


class _Array:
    """Stands in for an np.ndarray."""

    __slots__ = ("values",)

    def __init__(self, *arguments: object):
        self.values: Any = None

    def __setstate__(self, state: tuple) -> None:
        _, shape, kind, fortran, content = state
        if not isinstance(kind, _Type):
            raise pickle.UnpicklingError("an array without a type")
        if kind.dtype.kind == "O":
            self.values = np.empty(len(content), object)
            self.values[:] = content
        else:
            # A copy, since what a buffer of bytes gives cannot be written to.
            self.values = np.frombuffer(content, kind.dtype).copy()
        self.values = self.values.reshape(shape, order="F" if fortran else "C")


_STAND_INS = {
    ("numpy.core.multiarray", "_reconstruct"): _Array,
    ("numpy._core.multiarray", "_reconstruct"): _Array,
    ("numpy", "ndarray"): _Array,
    ("numpy", "dtype"): _Type,
}


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        try:
            return _STAND_INS[module, name]
        except KeyError:
            raise pickle.UnpicklingError(
                f"it asks for {module[:80]}.{name[:80]}, which no data needs"
            ) from None

    def persistent_load(self, pid: Any) -> Any:
        raise pickle.UnpicklingError("it refers to something outside of itself")


def read_pickle(file: IO[bytes]) -> Any:
    """Return a dict, list, array, string or number from a pickle; bytes stay bytes.

    Raises
    ------
    one of `DAMAGE` : the file is no such pickle.
    """
    value = _Reader(file, encoding="bytes").load()
    if isinstance(value, dict):
        return {_text(key): _plain(part) for key, part in value.items()}
    return _plain(value)


def read_arrays(path: str | PathLike[str], names: list[str]) -> list[np.ndarray]:
    """Return arrays of an .npz archive, whose elements may be lists of integers.

    Raises
    ------
    ValueError : the file is damaged, or holds something else.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return [_read_array(archive, name) for name in names]
    except DAMAGE as error:
        raise damaged(path, error) from error


def damaged(path: str | PathLike[str], error: Exception) -> ValueError:
    """Return the error to raise for a file that cannot be used."""
    return ValueError(
        f"The file {path} cannot be used: {str(error)[:200]}. It is damaged, or is not "
        "the file that belongs there. Delete it and call again to download it, or put "
        "a good copy in its place."
    )


def _read_array(archive: zipfile.ZipFile, name: str) -> np.ndarray:
    with archive.open(f"{name}.npy") as file:
        if npy.read_magic(file) != (1, 0):
            raise ValueError(f"array {name} is not in .npy format 1.0")
        shape, _, dtype = npy.read_array_header_1_0(file)
        if dtype.hasobject:
            return _objects(read_pickle(file), name, shape)
    with archive.open(f"{name}.npy") as file:
        return npy.read_array(file, allow_pickle=False)


def _objects(values: Any, name: str, shape: tuple[int, ...]) -> np.ndarray:
    if not isinstance(values, np.ndarray) or values.shape != shape:
        raise ValueError(f"array {name} should hold {shape} objects")
    for value in values.flat:
        if not isinstance(value, list) or not all(type(item) is int for item in value):
            raise ValueError(f"array {name} holds something else than lists of ints")
    return values


def _plain(value: Any) -> Any:
    return value.values if isinstance(value, _Array) else value


def _text(key: Any) -> Any:
    return key.decode("utf-8") if isinstance(key, bytes) else key
