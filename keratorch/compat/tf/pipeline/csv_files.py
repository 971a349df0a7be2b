"""Tables in CSV files: columns of numbers and texts."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from keratorch.compat.tf.pipeline.line_files import opened, paths_of
from keratorch.core import GradArray
from keratorch.utils.dataset import Dataset
from keratorch.utils.element import as_element, as_text
from keratorch.utils.pipeline.spec import dtype_of
from keratorch.utils.pipeline.values import as_value
from keratorch.utils.pipeline.walk import Rows

_NAMES = ("float32", "float64", "int32", "int64", "str", "string", "bool")


class Column(NamedTuple):
    """What a column holds, and what stands where a field is empty; None for nothing."""

    dtype: np.dtype
    default: Any

    def value(self, field: str, place: int, na_value: str) -> Any:
        """Return the value of a field.

        Raises
        ------
        ValueError : an empty field without a default, or no number.
        """
        if field == "" or field == na_value:
            if self.default is None:
                raise ValueError(f"field {place} is required but missing in a record.")
            return self.default
        if self.dtype.kind == "O":
            return field
        try:
            return self.dtype.type(field)
        except (ValueError, OverflowError):
            raise ValueError(
                f"field {place} is {field!r}, which is no {self.dtype.name}. Say the "
                "column's type by a default, as 0.0 or ''."
            ) from None


class Parser:
    """From the fields of a record to the values of its columns."""

    def __init__(self, columns: list[Column], na_value: Any, places: Any = None):
        self.columns = columns
        self.na_value = as_text(na_value)
        self.places = None if places is None else [int(place) for place in places]

    def values(self, fields: list[str]) -> tuple[Any, ...]:
        """Return the values of a record.

        Raises
        ------
        ValueError : another number of fields, or a field that does not fit.
        """
        wanted = len(self.columns) if self.places is None else max(self.places) + 1
        if len(fields) < wanted or (self.places is None and len(fields) > wanted):
            raise ValueError(
                f"a record needs {wanted} fields, as its defaults and columns say; "
                f"received {len(fields)}."
            )
        if self.places is not None:
            fields = [fields[place] for place in self.places]
        return tuple(
            column.value(field, place, str(self.na_value))
            for place, (column, field) in enumerate(
                zip(self.columns, fields, strict=True)
            )
        )

    def arrays(self, records: Sequence[tuple[Any, ...]]) -> list[Any]:
        """Return the columns of some records."""
        return [
            _array([record[place] for record in records], column.dtype)
            for place, column in enumerate(self.columns)
        ]


class Records(Rows):
    """Records that were read, as the rows of a dataset."""

    def __init__(self, parser: Parser, finish: Callable[[list[Any]], Any]):
        self.parser, self.finish = parser, finish

    def one(self, place: Any) -> Any:
        """Return the element of one record."""
        return self.finish([_scalar(a[0]) for a in self.parser.arrays([place])])

    def many(self, places: list[Any]) -> Any:
        """Return the element of some records, along a first axis."""
        return self.finish(self.parser.arrays(places))


def decode_csv(
    records: Any,
    record_defaults: Sequence[Any],
    field_delim: str = ",",
    use_quote_delim: bool = True,
    na_value: str = "",
    select_cols: Sequence[int] | None = None,
    name: str | None = None,
) -> list[Any]:
    """Return the columns of lines of CSV, each with the shape of `records`.

    Parameters
    ----------
    records : str, or array of str.
    record_defaults : for each column a value for empty fields, whose type is that of
        the column; or a dtype, or an empty array, where no field may be empty.
    field_delim : str between fields.
    use_quote_delim : bool, whether quotes may enclose fields.
    na_value : str that stands for an empty field.
    select_cols : numbers of the columns wanted.
    name : str, a label, which changes nothing.

    Raises
    ------
    ValueError : a line with other fields.
    """
    parser = Parser(columns_of(record_defaults), na_value, select_cols)
    lines = as_value(records)
    texts = [lines] if isinstance(lines, (str, bytes)) else lines.ravel().tolist()
    reader = _reader(texts, field_delim, use_quote_delim)
    columns = parser.arrays([parser.values(fields) for fields in reader])
    return [as_element(column.reshape(np.shape(lines))) for column in columns]


class CsvDataset(Dataset):
    """The records of CSV files, as tuples with a value for each column.

    Parameters
    ----------
    filenames : path, or paths in a list, an array or a dataset.
    record_defaults, field_delim, use_quote_delim, na_value, select_cols : as for
        ``tf.io.decode_csv``.
    compression_type : None, 'GZIP' or 'ZLIB'.
    buffer_size : changes nothing here.
    header : bool, whether to leave out the first line of each file.
    """

    def __init__(
        self,
        filenames: Any,
        record_defaults: Sequence[Any],
        compression_type: str | None = None,
        buffer_size: int | None = None,
        header: bool = False,
        field_delim: str = ",",
        use_quote_delim: bool = True,
        na_value: str = "",
        select_cols: Sequence[int] | None = None,
    ):
        parser = Parser(columns_of(record_defaults), na_value, select_cols)

        def records() -> Iterator[Any]:
            for path in paths_of(filenames):
                rows = rows_of(path, compression_type, field_delim, use_quote_delim)
                if header:
                    next(rows, None)
                yield from map(parser.values, rows)

        super().__init__(records, rows=Records(parser, tuple))


def columns_of(record_defaults: Any) -> list[Column]:
    """Return the columns that defaults or dtypes describe."""
    return [_column(default) for default in record_defaults]


def rows_of(
    path: str, compression_type: str | None, delimiter: str, quotes: bool
) -> Iterator[list[str]]:
    """Yield the fields of each line of a file that is not empty."""
    with opened(path, compression_type) as file:
        text = io.TextIOWrapper(file, encoding="utf-8", newline="")
        for row in _reader(text, delimiter, quotes):
            if row:
                yield row


def _reader(lines: Any, delimiter: str, quotes: bool) -> Any:
    quoting: Any = csv.QUOTE_MINIMAL if quotes else csv.QUOTE_NONE
    return csv.reader(lines, delimiter=delimiter, quoting=quoting)


def _column(default: Any) -> Column:
    is_name = isinstance(default, str) and default in _NAMES
    is_dtype = isinstance(default, (type, np.dtype)) or hasattr(
        default, "as_numpy_dtype"
    )
    if is_name or is_dtype:
        return Column(dtype_of(default), None)
    value = default.numpy() if isinstance(default, GradArray) else default
    if isinstance(value, (list, tuple)) and not value:
        return Column(np.dtype(np.float32), None)
    array = as_value(value)
    if isinstance(array, (str, bytes)):
        return Column(np.dtype(object), array)
    default = array.ravel()[0] if array.size else None
    return Column(array.dtype, default)


def _array(values: list[Any], dtype: np.dtype) -> np.ndarray:
    array = np.empty(len(values), dtype)
    array[:] = values
    return array


def _scalar(value: Any) -> Any:
    return value if isinstance(value, (str, bytes)) else np.asarray(value)
