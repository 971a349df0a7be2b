"""`HDF5Matrix` of Keras 1 and 2: rows of a file, read when they are asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from keratorch.compat.spoken import say_modern
from keratorch.saving import extras


class HDF5Matrix:
    """An array of an HDF5 file, or a range of its rows, as data for `fit`.

    Parameters
    ----------
    datapath : path of the file.
    dataset : str, name of the array.
    start, end : int, the first row, and the one behind the last; by default all.
    normalizer : function of the rows that were read, or None.

    Raises
    ------
    ImportError : h5py is missing.
    """

    def __init__(
        self,
        datapath: Any,
        dataset: str,
        start: int = 0,
        end: int | None = None,
        normalizer: Callable[[np.ndarray], np.ndarray] | None = None,
    ):
        say_modern("HDF5Matrix(path, name)", "h5py.File(path)[name]")
        library = extras.h5py(f"reading the HDF5 file '{datapath}'")
        self.data = library.File(datapath, "r")[dataset]
        self.start = start
        self.end = self.data.shape[0] if end is None else end
        self.normalizer = normalizer

    def __len__(self) -> int:
        """Return the number of rows."""
        return self.end - self.start

    def __getitem__(self, key: Any) -> np.ndarray:
        """Return rows by a number, a slice, or an array of numbers in any order."""
        if isinstance(key, slice):
            first, last, step = key.indices(len(self))
            rows = self.data[first + self.start : last + self.start : step]
        elif np.ndim(key):
            places, inverse = np.unique(np.asarray(key), return_inverse=True)
            rows = self.data[places + self.start][inverse]  # h5py wants them sorted
        else:
            rows = self.data[range(len(self))[key] + self.start]
        return rows if self.normalizer is None else self.normalizer(rows)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        """Return all rows."""
        return np.asarray(self[:], dtype)

    @property
    def shape(self) -> tuple[int, ...]:
        """The length of each axis."""
        rows = self[:1] if len(self) else np.empty(self.data.shape)
        return (len(self), *rows.shape[1:])

    @property
    def dtype(self) -> np.dtype:
        """The type of the numbers, after the normalizer."""
        return self[:1].dtype

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """The number of numbers."""
        return int(np.prod(self.shape))
