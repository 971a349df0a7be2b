"""TFRecord files: records of bytes, each with its length and two checksums.

A record is its length (8 bytes), the checksum of that (4 bytes), the bytes, and their
checksum (4 bytes), all with the lowest byte first. The checksums are CRC-32C, turned by
15 bits and added to a constant.
"""

from __future__ import annotations

import functools
import gzip
import struct
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np

from keratorch.compat.tf.pipeline.line_files import opened, paths_of
from keratorch.utils.dataset import Dataset
from keratorch.utils.pipeline.values import as_value

_POLYNOMIAL, _ADDED = 0x82F63B78, 0xA282EAD8
_BLOCK = 1024


@functools.cache
def _tables() -> np.ndarray:
    """Return what a byte adds to the checksum of a block, by its place from the end."""
    values = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        values = np.where(values & 1, (values >> 1) ^ _POLYNOMIAL, values >> 1).astype(
            np.uint32
        )
    tables = np.empty((_BLOCK, 256), np.uint32)
    tables[0] = values
    for place in range(1, _BLOCK):
        before = tables[place - 1]
        tables[place] = values[before & 255] ^ (before >> 8)
    return tables


def crc32c(data: bytes) -> int:
    """Return the checksum CRC-32C of bytes, block by block.

    Each byte adds what a table says for its place, and what was before the block is
    added to its first four bytes.

    Examples
    --------
    >>> hex(crc32c(b"123456789"))
    '0xe3069283'
    """
    tables, crc = _tables(), 0xFFFFFFFF
    content = np.frombuffer(data, np.uint8)
    start = 0
    while start < len(content):
        block = content[start : start + _BLOCK].copy()
        head = np.frombuffer(struct.pack("<I", crc), np.uint8)
        used = min(4, len(block))
        block[:used] ^= head[:used]
        places = np.arange(len(block) - 1, -1, -1)
        rest = crc >> (8 * used) if used < 4 else 0
        crc = int(np.bitwise_xor.reduce(tables[places, block])) ^ rest
        start += _BLOCK
    return crc ^ 0xFFFFFFFF


def _masked(data: bytes) -> int:
    crc = crc32c(data)
    return (((crc >> 15) | (crc << 17)) + _ADDED) & 0xFFFFFFFF


class TFRecordOptions:
    """How a file of records is packed: '', 'GZIP' or 'ZLIB'."""

    def __init__(self, compression_type: str | None = None):
        self.compression_type = compression_type or ""


class TFRecordWriter:
    """A file that records are written into; a context that closes it.

    Parameters
    ----------
    path : of the file.
    options : '', 'GZIP', 'ZLIB' or `TFRecordOptions`.

    Raises
    ------
    ValueError : another compression.
    """

    def __init__(self, path: Any, options: Any = None):
        kind = getattr(options, "compression_type", options) or ""
        if kind not in ("", "GZIP", "ZLIB"):
            raise ValueError(
                f"options must be '', 'GZIP' or 'ZLIB'; received {options!r}."
            )
        (name,) = paths_of(path)
        self._file: BinaryIO = open(name, "wb")  # noqa: SIM115 - closed by `close`
        self._packer: Any = None
        if kind == "GZIP":
            self._packer = gzip.GzipFile(fileobj=self._file, mode="wb")
        elif kind == "ZLIB":
            self._packer = _Zlib(self._file)

    def write(self, record: Any) -> None:
        """Write a record of bytes."""
        content = as_value(record)
        data = content.encode() if isinstance(content, str) else content
        length = struct.pack("<Q", len(data))
        checks = struct.pack("<I", _masked(length)), struct.pack("<I", _masked(data))
        (self._packer or self._file).write(length + checks[0] + data + checks[1])

    def flush(self) -> None:
        """Let all that was written reach the file."""
        if self._packer is not None:
            self._packer.flush()
        self._file.flush()

    def close(self) -> None:
        """Close the file."""
        if self._packer is not None:
            self._packer.close()
        self._file.close()

    def __enter__(self) -> TFRecordWriter:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class _Zlib:
    """A stream that is packed on its way into a file."""

    def __init__(self, file: BinaryIO):
        self._file, self._packer = file, zlib.compressobj()

    def write(self, data: bytes) -> None:
        self._file.write(self._packer.compress(data))

    def flush(self) -> None:
        self._file.write(self._packer.flush(zlib.Z_SYNC_FLUSH))

    def close(self) -> None:
        self._file.write(self._packer.flush())


def records_of(path: str, compression_type: str | None = None) -> Iterator[bytes]:
    """Yield the records of a file.

    Raises
    ------
    ValueError : a file that is cut off, changed, or no TFRecord file at all.
    """
    with opened(path, compression_type) as file:
        while header := file.read(12):
            if len(header) < 12 or _masked(header[:8]) != _number(header[8:]):
                raise ValueError(
                    f"{path} is no TFRecord file, or is packed: say "
                    "compression_type='GZIP' or 'ZLIB' then."
                )
            (length,) = struct.unpack("<Q", header[:8])
            data, check = file.read(length), file.read(4)
            if len(check) < 4 or _masked(data) != _number(check):
                raise ValueError(f"{path}: a record is cut off or was changed.")
            yield data


def _number(data: bytes) -> int:
    return int.from_bytes(data, "little")


class TFRecordDataset(Dataset):
    """The records of TFRecord files, as bytes.

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
        def records() -> Iterator[Any]:
            for path in paths_of(filenames):
                yield from records_of(path, compression_type)

        super().__init__(records)
