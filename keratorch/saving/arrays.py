"""Arrays in a file, by name: their headers first, their values only when wanted."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np


class Header(NamedTuple):
    """What a file says of an array before its values are read."""

    shape: tuple[int, ...]
    dtype: np.dtype


class Arrays:
    """The arrays of an open file.

    Parameters
    ----------
    headers : dict from names to shape and dtype, in the file's order.
    read : function from a name to the array.
    file : str, the file's name, for errors.
    """

    def __init__(
        self, headers: dict[str, Header], read: Callable[[str], np.ndarray], file: str
    ):
        self.headers = headers
        self.file = file
        self._read = read

    def __iter__(self) -> Iterator[str]:
        return iter(self.headers)

    def __contains__(self, name: str) -> bool:
        return name in self.headers

    def read(self, name: str) -> np.ndarray:
        """Return an array, checked against its header."""
        array = np.asarray(self._read(name))
        if array.shape != self.headers[name].shape:
            raise damaged(self.file, f"'{name}' is not as long as its header says")
        return array

    def renamed(self, rename: Callable[[str], str]) -> Arrays:
        """Return the same arrays by other names."""
        old = {rename(name): name for name in self.headers}
        headers = {new: self.headers[name] for new, name in old.items()}
        return Arrays(headers, lambda name: self._read(old[name]), self.file)

    @property
    def elements(self) -> int:
        """The number of all elements."""
        return sum(math.prod(header.shape) for header in self.headers.values())


def damaged(file: Any, what: str) -> ValueError:
    """Return the error for a file that does not keep its format."""
    return ValueError(
        f"'{file}' is damaged, or was made to do harm: {what}. Nothing was loaded. "
        "Save the model once more, or take a copy of the file."
    )


@contextmanager
def named_if_broken(part: str, file: str) -> Iterator[None]:
    """Name the file in the error for a configuration of another form."""
    try:
        yield
    except (TypeError, LookupError, AttributeError, RecursionError) as error:
        what = f"its {part} is broken ({type(error).__name__}: {error})"
        raise damaged(file, what) from error


def check_header(name: str, shape: tuple, dtype: Any, file: str) -> Header:
    """Return a header if it describes an array of numbers."""
    dtype = np.dtype(dtype)
    if dtype.kind not in "biufc" or dtype.hasobject:
        raise damaged(file, f"'{name}' holds no numbers but {dtype}")
    return Header(tuple(int(n) for n in shape), dtype)
