"""Files of lines and of records, plain and compressed."""

from __future__ import annotations

import contextlib
import gzip
import io
import os
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np

from keratorch.utils.dataset import Dataset
from keratorch.utils.element import as_text


def paths_of(filenames: Any) -> Iterator[str]:
    """Yield the paths of a name, of names in a list or an array, or of a dataset."""
    if isinstance(filenames, (str, bytes, os.PathLike)):
        filenames = [filenames]
    elif not isinstance(filenames, Dataset):
        filenames = np.asarray(filenames).ravel()
    for name in filenames:
        yield str(as_text(name) if isinstance(name, bytes) else os.fspath(name))


@contextlib.contextmanager
def opened(path: str, compression_type: str | None) -> Iterator[BinaryIO]:
    """Within ``with``, give a file to read, uncompressed.

    Raises
    ------
    ValueError : a compression that is not '', 'GZIP' or 'ZLIB'.
    """
    kind = as_text(compression_type or "")
    if kind not in ("", "GZIP", "ZLIB"):
        raise ValueError(
            f"compression_type must be None, '', 'GZIP' or 'ZLIB'; received {kind!r}."
        )
    with open(path, "rb") as file:
        if kind == "GZIP":
            with gzip.GzipFile(fileobj=file) as unpacked:
                yield unpacked  # type: ignore[misc]
        elif kind == "ZLIB":
            yield io.BytesIO(zlib.decompress(file.read()))
        else:
            yield file


class TextLineDataset(Dataset):
    """The lines of text files, without their ends.

    Parameters
    ----------
    filenames : path, or paths in a list, an array or a dataset.
    compression_type : None, 'GZIP' or 'ZLIB'.
    buffer_size, num_parallel_reads : change nothing here.
    name : str, a label, which changes nothing.
    """

    def __init__(
        self,
        filenames: Any,
        compression_type: str | None = None,
        buffer_size: int | None = None,
        num_parallel_reads: int | None = None,
        name: str | None = None,
    ):
        def lines() -> Iterator[Any]:
            for path in paths_of(filenames):
                with opened(path, compression_type) as file:
                    for line in file:
                        yield as_text(line.rstrip(b"\n").removesuffix(b"\r"))

        super().__init__(lines)


class FixedLengthRecordDataset(Dataset):
    """The records of binary files, each of the same number of bytes.

    Parameters
    ----------
    filenames : path, or paths in a list, an array or a dataset.
    record_bytes : int > 0, bytes of a record.
    header_bytes, footer_bytes : int, what to leave out at both ends of a file.
    buffer_size, num_parallel_reads : change nothing here.
    compression_type : None, 'GZIP' or 'ZLIB'.
    name : str, a label, which changes nothing.

    Raises
    ------
    ValueError : during the walk, a file that is no whole number of records.
    """

    def __init__(
        self,
        filenames: Any,
        record_bytes: int,
        header_bytes: int | None = None,
        footer_bytes: int | None = None,
        buffer_size: int | None = None,
        compression_type: str | None = None,
        num_parallel_reads: int | None = None,
        name: str | None = None,
    ):
        size, head, foot = int(record_bytes), header_bytes or 0, footer_bytes or 0

        def records() -> Iterator[Any]:
            for path in paths_of(filenames):
                with opened(path, compression_type) as file:
                    content = file.read()
                content = content[int(head) : len(content) - int(foot)]
                if len(content) % size:
                    raise ValueError(
                        f"{path}: {len(content)} bytes are no whole number of records "
                        f"of record_bytes={size}."
                    )
                for start in range(0, len(content), size):
                    yield content[start : start + size]

        super().__init__(records)
