"""``tf.train.Example``: named lists of values, as protocol buffers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from keratorch.utils.pipeline.values import as_value

_VARINT, _BYTES, _FIXED32 = 0, 2, 5


def varint(number: int) -> bytes:
    """Return a whole number in groups of seven bits, the lowest first."""
    number &= (1 << 64) - 1
    groups = bytearray()
    while number > 127:
        groups.append(number & 127 | 128)
        number >>= 7
    return bytes([*groups, number])


def field(number: int, content: bytes) -> bytes:
    """Return a field of bytes."""
    return varint(number << 3 | _BYTES) + varint(len(content)) + content


def fields(data: bytes) -> Iterator[tuple[int, Any]]:
    """Yield the number and the content of each field of a message.

    Raises
    ------
    ValueError : bytes that are no message.
    """
    place = 0
    while place < len(data):
        key, place = _read_varint(data, place)
        kind = key & 7
        if kind == _VARINT:
            value, place = _read_varint(data, place)
            yield key >> 3, value
            continue
        size = {_FIXED32: 4, 1: 8}.get(kind)
        if kind == _BYTES:
            size, place = _read_varint(data, place)
        if size is None or place + size > len(data):
            raise ValueError("the bytes are no tf.train.Example.")
        yield key >> 3, data[place : place + size]
        place += size


def _read_varint(data: bytes, place: int) -> tuple[int, int]:
    number = shift = 0
    while place < len(data):
        byte = data[place]
        number |= (byte & 127) << shift
        shift, place = shift + 7, place + 1
        if byte < 128:
            return number, place
    raise ValueError("the bytes are no tf.train.Example: they are cut off.")


class _List:
    """Values of one kind."""

    def __init__(self, value: Iterable[Any] = ()):
        self.value = [self._checked(item) for item in value]

    @staticmethod
    def _checked(item: Any) -> Any:
        return item

    def _packed(self) -> bytes:
        raise NotImplementedError

    def _unpack(self, data: bytes) -> None:
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.value!r})"


class BytesList(_List):
    """Values that are bytes.

    Raises
    ------
    TypeError : other values.
    """

    @staticmethod
    def _checked(item: Any) -> bytes:
        if type(item) is str:
            raise TypeError(
                f"BytesList needs bytes; received {item[:20]!r}: encode it."
            )
        value = as_value(item)
        return value.encode() if isinstance(value, str) else bytes(value)

    def _packed(self) -> bytes:
        return b"".join(field(1, item) for item in self.value)

    def _unpack(self, data: bytes) -> None:
        self.value = [bytes(content) for number, content in fields(data) if number == 1]


class FloatList(_List):
    """Values that are floats of 32 bits."""

    @staticmethod
    def _checked(item: Any) -> float:
        return float(item)

    def _packed(self) -> bytes:
        return field(1, np.asarray(self.value, "<f4").tobytes()) if self.value else b""

    def _unpack(self, data: bytes) -> None:
        parts = [content for number, content in fields(data) if number == 1]
        self.value = np.frombuffer(b"".join(parts), "<f4").tolist()


class Int64List(_List):
    """Values that are whole numbers of 64 bits."""

    @staticmethod
    def _checked(item: Any) -> int:
        return int(item)

    def _packed(self) -> bytes:
        return field(1, b"".join(map(varint, self.value))) if self.value else b""

    def _unpack(self, data: bytes) -> None:
        self.value = []
        for number, content in fields(data):
            if number == 1 and isinstance(content, int):
                self.value.append(_signed(content))
            elif number == 1:
                place = 0
                while place < len(content):
                    value, place = _read_varint(content, place)
                    self.value.append(_signed(value))


def _signed(number: int) -> int:
    return number - (1 << 64) if number >> 63 else number


class Feature:
    """One of the three lists."""

    _KINDS = {"bytes_list": BytesList, "float_list": FloatList, "int64_list": Int64List}

    def __init__(
        self,
        bytes_list: BytesList | None = None,
        float_list: FloatList | None = None,
        int64_list: Int64List | None = None,
    ):
        given = {
            "bytes_list": bytes_list,
            "float_list": float_list,
            "int64_list": int64_list,
        }
        self._kind = next((k for k, v in given.items() if v is not None), None)
        self.bytes_list = bytes_list or BytesList()
        self.float_list = float_list or FloatList()
        self.int64_list = int64_list or Int64List()

    def WhichOneof(self, oneof_group: str) -> str | None:  # noqa: N802
        """Return the name of the list that there is."""
        return self._kind

    def _packed(self) -> bytes:
        if self._kind is None:
            return b""
        number = list(self._KINDS).index(self._kind) + 1
        return field(number, getattr(self, self._kind)._packed())

    def _unpack(self, data: bytes) -> None:
        for number, content in fields(data):
            if 1 <= number <= 3:
                self._kind = list(self._KINDS)[number - 1]
                getattr(self, self._kind)._unpack(content)


def packed_by_name(parts: Mapping[str, bytes]) -> bytes:
    """Return messages with their names, names in order."""
    return b"".join(
        field(1, field(1, name.encode()) + field(2, content))
        for name, content in sorted(parts.items())
    )


def by_name(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the names and the messages of `packed_by_name`."""
    for number, entry in fields(data):
        if number == 1:
            parts = dict(fields(entry))
            yield parts[1].decode(), parts.get(2, b"")


class Features:
    """Lists by their names."""

    def __init__(self, feature: Mapping[str, Feature] | None = None):
        self.feature = dict(feature or {})

    def _packed(self) -> bytes:
        return packed_by_name({n: f._packed() for n, f in self.feature.items()})

    def _unpack(self, data: bytes) -> None:
        for name, content in by_name(data):
            self.feature[name] = Feature()
            self.feature[name]._unpack(content)


class Example:
    """Named lists of values, which a record holds.

    Parameters
    ----------
    features : `Features`.

    Examples
    --------
    >>> numbers = Feature(int64_list=Int64List(value=[1, -2]))
    >>> example = Example(features=Features(feature={"n": numbers}))
    >>> Example.FromString(example.SerializeToString()).features.feature["n"].int64_list
    Int64List([1, -2])
    """

    def __init__(self, features: Features | None = None):
        self.features = features or Features()

    def SerializeToString(self) -> bytes:  # noqa: N802
        """Return the bytes of the message, names in order."""
        return field(1, self.features._packed())

    def ParseFromString(self, serialized: bytes) -> int:  # noqa: N802
        """Read the bytes of a message, and return their number.

        Raises
        ------
        ValueError : bytes that are no message.
        """
        self.features = Features()
        for number, content in fields(bytes(serialized)):
            if number == 1:
                self.features._unpack(content)
        return len(serialized)

    @classmethod
    def FromString(cls, s: bytes) -> Example:  # noqa: N802
        """Return the message of bytes."""
        example = cls()
        example.ParseFromString(s)
        return example
