"""Rows of different lengths."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from keratorch.utils.element import as_element
from keratorch.utils.pipeline.values import as_value


class RaggedTensor:
    """Rows of different lengths: a small part of what TensorFlow's class can do.

    Texts split into words come as these; `to_tensor` fills the rows up to one array.

    Parameters
    ----------
    rows : list of arrays that differ in the length of their first axis, or of ragged
        rows themselves.

    Examples
    --------
    >>> rows = RaggedTensor([np.array([1, 2]), np.array([3])])
    >>> rows.to_tensor().tolist(), rows.row_lengths().tolist(), rows.shape
    ([[1, 2], [3, 0]], [2, 1], (2, None))
    """

    def __init__(self, rows: Sequence[Any]):
        self._rows: list[Any] = [
            row if isinstance(row, RaggedTensor) else np.asarray(as_value(row))
            for row in rows
        ]

    @classmethod
    def of_rows(cls, rows: list[Any], shape: tuple[int, ...]) -> RaggedTensor:
        """Return rows in an array of them, which may have several axes."""
        if len(shape) == 1:
            return cls(rows)
        count = int(np.prod(shape[1:]))
        return cls(
            [
                cls.of_rows(rows[place * count : (place + 1) * count], shape[1:])
                for place in range(shape[0])
            ]
        )

    @classmethod
    def from_row_lengths(
        cls, values: Any, row_lengths: Any, name: str | None = None
    ) -> RaggedTensor:
        """Return values cut into rows of these lengths."""
        lengths = np.asarray(as_value(row_lengths))
        array = np.asarray(as_value(values))
        return cls(np.split(array, lengths.cumsum()[:-1]))

    @property
    def shape(self) -> tuple[int | None, ...]:
        """The number of rows, None, and the lengths of the axes inside of rows."""
        inner: tuple[Any, ...] = ()
        if self._rows:
            inner = tuple(self._rows[0].shape[1:])
        return (len(self._rows), None, *inner)

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    @property
    def dtype(self) -> np.dtype:
        """The dtype of the rows."""
        return self._rows[0].dtype if self._rows else np.dtype(np.float32)

    @property
    def flat_values(self) -> np.ndarray:
        """All rows, one behind the other."""
        parts = [
            row.flat_values if isinstance(row, RaggedTensor) else row
            for row in self._rows
        ]
        return np.concatenate(parts) if parts else np.zeros(0, np.float32)

    @property
    def values(self) -> Any:
        """All rows, one behind the other, those of ragged rows being ragged."""
        if self._rows and isinstance(self._rows[0], RaggedTensor):
            return RaggedTensor([row for rows in self._rows for row in rows._rows])
        return as_element(self.flat_values)

    @property
    def row_splits(self) -> Any:
        """Where the rows begin in `values`, and where the last one ends, int64."""
        return as_element(np.cumsum([0, *map(len, self._rows)], dtype=np.int64))

    def with_flat_values(self, values: Any) -> RaggedTensor:
        """Return rows of the same lengths with other values."""
        iterator = iter(_parts(self, np.asarray(as_value(values))))
        return self._rebuilt(iterator)

    def _rebuilt(self, parts: Iterator[np.ndarray]) -> RaggedTensor:
        return RaggedTensor(
            [
                row._rebuilt(parts) if isinstance(row, RaggedTensor) else next(parts)
                for row in self._rows
            ]
        )

    def map_flat_values(self, function: Callable[[Any], Any]) -> RaggedTensor:
        """Return rows with ``function(flat_values)`` as values."""
        return self.with_flat_values(function(as_element(self.flat_values)))

    def nrows(self) -> int:
        """Return the number of rows."""
        return len(self._rows)

    def row_lengths(self, axis: int = 1) -> Any:
        """Return the length of each row, int64."""
        if axis != 1:
            raise ValueError(f"row_lengths takes axis=1 only; received {axis}.")
        return as_element(np.array([len(row) for row in self._rows], np.int64))

    def bounding_shape(self) -> Any:
        """Return the shape of the least array that holds all rows, int64."""
        return as_element(np.array(self.to_tensor().shape, np.int64))

    def to_list(self) -> list[Any]:
        """Return the rows as lists."""
        return [
            row.to_list() if isinstance(row, RaggedTensor) else row.tolist()
            for row in self._rows
        ]

    def to_tensor(
        self, default_value: Any = None, name: Any = None, shape: Any = None
    ) -> Any:
        """Return an array, rows filled up with `default_value`, which is 0 or ''.

        Parameters
        ----------
        default_value : number or text.
        name : str, a label, which changes nothing.
        shape : lengths that the axes get, None for those of the longest row; what is
            longer is cut off.
        """
        fill = as_value(default_value) if default_value is not None else None
        if fill is None:
            fill = "" if self.dtype.kind == "O" else 0
        rows = [
            np.asarray(row.to_tensor(fill)) if isinstance(row, RaggedTensor) else row
            for row in self._rows
        ]
        lengths = [
            max((row.shape[axis] for row in rows), default=0)
            for axis in range(rows[0].ndim if rows else 1)
        ]
        wanted = [len(rows), *lengths]
        for axis, length in enumerate(shape if shape is not None else ()):
            wanted[axis] = wanted[axis] if length in (None, -1) else int(length)
        result = np.full(wanted, fill, self.dtype)
        for place, row in enumerate(rows[: wanted[0]]):
            cut = tuple(
                slice(min(n, w)) for n, w in zip(row.shape, wanted[1:], strict=True)
            )
            result[place][cut] = row[cut]
        return as_element(result)

    def numpy(self) -> np.ndarray:
        """Return an array of the rows as arrays of NumPy."""
        result = np.empty(len(self._rows), object)
        for place, row in enumerate(self._rows):
            result[place] = (
                as_element(row).numpy()
                if isinstance(row, np.ndarray)
                else (row.numpy())
            )
        return result

    def stack_rows(self, values: Sequence[Any]) -> RaggedTensor:
        """Return several of these as the rows of one."""
        return RaggedTensor(list(values))

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Any]:
        return (self[place] for place in range(len(self)))

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return RaggedTensor(self._rows[index])
        if not isinstance(index, tuple):
            row = self._rows[index]
            return as_element(row) if isinstance(row, np.ndarray) else row
        first, *inner = index
        rows = self[first]
        if not inner:
            return rows
        inside = tuple(inner) if len(inner) > 1 else inner[0]
        if not isinstance(rows, RaggedTensor):
            return rows[inside]
        if isinstance(inner[0], slice):
            return RaggedTensor([row[inside] for row in rows._rows])
        return as_element(np.stack([np.asarray(row[inside]) for row in rows._rows]))

    def __repr__(self) -> str:
        return f"<RaggedTensor {self.to_list()}>"


def _parts(ragged: RaggedTensor, values: np.ndarray) -> list[np.ndarray]:
    lengths: list[int] = []

    def collect(rows: RaggedTensor) -> None:
        for row in rows._rows:
            if isinstance(row, RaggedTensor):
                collect(row)
            else:
                lengths.append(len(row))

    collect(ragged)
    return np.split(values, np.cumsum(lengths)[:-1]) if lengths else []


def constant(
    pylist: Sequence[Any],
    dtype: Any = None,
    ragged_rank: int | None = None,
    inner_shape: Any = None,
    name: str | None = None,
) -> RaggedTensor:
    """Return the ragged rows of nested lists.

    Raises
    ------
    ValueError : a `ragged_rank` or an `inner_shape`.
    """
    if ragged_rank is not None or inner_shape is not None:
        raise ValueError(
            "tf.ragged.constant takes no ragged_rank or inner_shape here. Leave them "
            "out: each list but the innermost ones is ragged."
        )
    rows: list[Any] = []
    for row in pylist:
        if len(row) and isinstance(row[0], (list, tuple)):
            rows.append(constant(row, dtype))
        else:
            array = np.asarray(as_value(list(row)))
            rows.append(array if dtype is None else array.astype(dtype))
    full = [row for row in rows if isinstance(row, np.ndarray) and row.size]
    if full:  # an empty list has no dtype of its own
        rows = [r if len(r) else r.astype(full[0].dtype) for r in rows]
    return RaggedTensor(rows)


def is_ragged(value: Any) -> bool:
    """Return whether a value is rows of different lengths."""
    return isinstance(value, RaggedTensor)


def concat_ragged(
    values: Sequence[Any], axis: int, name: str | None = None
) -> RaggedTensor:
    """Return ragged rows, or arrays among them, one behind the other along an axis.

    Examples
    --------
    >>> rows = constant([[1, 2], [3]])
    >>> concat_ragged([rows, rows], 0).to_list()
    [[1, 2], [3], [1, 2], [3]]
    >>> concat_ragged([rows, [[4], [5]]], 1).to_list()
    [[1, 2, 4], [3, 5]]
    """
    parts = [
        v if is_ragged(v) else RaggedTensor(list(np.asarray(as_value(v))))
        for v in values
    ]
    axis = int(axis) + (parts[0].ndim if int(axis) < 0 else 0)
    if axis == 0:
        return RaggedTensor([row for part in parts for row in part._rows])
    together = zip(*(part._rows for part in parts), strict=True)
    return RaggedTensor([_joined(rows, axis - 1) for rows in together])


def _joined(rows: Sequence[Any], axis: int) -> Any:
    if any(map(is_ragged, rows)):
        return concat_ragged(rows, axis)
    return np.concatenate(rows, axis)


def stack(
    values: Sequence[Any], axis: int = 0, name: str | None = None
) -> RaggedTensor:
    """Return arrays of different lengths as ragged rows.

    Raises
    ------
    ValueError : another axis than 0.
    """
    if axis != 0:
        raise ValueError(f"tf.ragged.stack takes axis=0 only; received {axis}.")
    return RaggedTensor(list(values))


def map_flat_values(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Return ragged rows with what a function makes of their values."""
    (place,) = [i for i, arg in enumerate(args) if isinstance(arg, RaggedTensor)]

    def called(values: Any) -> Any:
        parts = [values if i == place else arg for i, arg in enumerate(args)]
        return function(*parts, **kwargs)

    return args[place].map_flat_values(called)
