"""`make_csv_dataset`: batches of named columns, whose types are found in the file."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from keratorch.compat.tf.pipeline.csv_files import (
    Column,
    Parser,
    Records,
    columns_of,
    rows_of,
)
from keratorch.utils.dataset import Dataset
from keratorch.utils.element import as_text

_ZEROS = {"int32": 0, "int64": 0, "float32": 0.0, "float64": 0.0}


def make_csv_dataset(
    file_pattern: Any,
    batch_size: int,
    column_names: Sequence[str] | None = None,
    column_defaults: Sequence[Any] | None = None,
    label_name: str | None = None,
    select_columns: Sequence[Any] | None = None,
    field_delim: str = ",",
    use_quote_delim: bool = True,
    na_value: str = "",
    header: bool = True,
    num_epochs: int | None = None,
    shuffle: bool = True,
    shuffle_buffer_size: int = 10000,
    shuffle_seed: int | None = None,
    prefetch_buffer_size: int | None = None,
    num_parallel_reads: int | None = None,
    sloppy: bool = False,
    num_rows_for_inference: int | None = 100,
    compression_type: str | None = None,
    ignore_errors: bool = False,
    encoding: str = "utf-8",
) -> Dataset:
    """Return the dataset of batches of CSV files, as dicts of columns.

    Parameters
    ----------
    file_pattern : pattern of paths, or several.
    batch_size : int > 0.
    column_names : names of the columns; None for the first line of the first file.
    column_defaults : for each column a default or a dtype; None to find the types in
        the first lines, a column being int32, int64, float32, float64 or text.
    label_name : column that comes apart: elements are then pairs (features, label).
    select_columns : names or numbers of the columns wanted.
    field_delim, use_quote_delim, na_value : as for ``tf.io.decode_csv``.
    header : bool, whether the first line of each file holds names.
    num_epochs : int, how often to go through the files; None for without an end.
    shuffle, shuffle_buffer_size, shuffle_seed : how to mix the records.
    prefetch_buffer_size, num_parallel_reads, sloppy : change nothing here.
    num_rows_for_inference : int, lines in which types are looked for; None for all.
    compression_type : None, 'GZIP' or 'ZLIB'.
    ignore_errors : bool, whether to leave out records that do not fit.
    encoding : must be 'utf-8'.

    Raises
    ------
    ValueError : no file, or a column that the files lack.
    """
    if encoding != "utf-8":
        raise ValueError(f"encoding must be 'utf-8'; received {encoding!r}.")
    files = Dataset.list_files(file_pattern, shuffle=False)
    paths = [str(path) for path in files]
    reading = (compression_type, field_delim, use_quote_delim)
    names = list(column_names) if column_names is not None else None
    if names is None:
        if not header:
            raise ValueError("column_names is needed where header=False.")
        names = next(rows_of(paths[0], *reading))
    places = _places(select_columns, names)
    if column_defaults is None:
        rows = itertools.islice(_rows(paths, reading, header), num_rows_for_inference)
        columns = _found_columns(list(rows), places, str(as_text(na_value)))
    else:
        columns = columns_of(column_defaults)
    parser = Parser(columns, na_value, places)
    chosen = [names[place] for place in places]
    if label_name is not None and label_name not in chosen:
        raise ValueError(
            f"label_name must be one of the columns {chosen}; received {label_name!r}."
        )

    def records() -> Iterator[Any]:
        for fields in _rows(paths, reading, header):
            try:
                record = parser.values(fields)
            except ValueError:
                if ignore_errors:
                    continue
                raise
            yield record

    def finish(arrays: list[Any]) -> Any:
        features = dict(zip(chosen, arrays, strict=True))
        if label_name is None:
            return features
        label = features.pop(label_name)
        return features, label

    dataset = Dataset(records, rows=Records(parser, finish))
    if shuffle:
        dataset = dataset.shuffle(shuffle_buffer_size, shuffle_seed)
    dataset = dataset.repeat(num_epochs)
    return dataset.batch(batch_size, drop_remainder=num_epochs is None)


def _rows(paths: list[str], reading: Any, header: bool) -> Iterator[list[str]]:
    for path in paths:
        yield from itertools.islice(rows_of(path, *reading), int(header), None)


def _places(select_columns: Any, names: list[str]) -> list[int]:
    """Return the numbers of the columns wanted, in the order of the file."""
    if select_columns is None:
        return list(range(len(names)))
    places = []
    for column in select_columns:
        if isinstance(column, (int, np.integer)):
            places.append(int(column))
        elif column in names:
            places.append(names.index(column))
        else:
            raise ValueError(
                f"select_columns must be among the columns {names}; received "
                f"{column!r}."
            )
    return sorted(places)


def _found_columns(
    rows: list[list[str]], places: list[int], na_value: str
) -> list[Column]:
    columns = []
    for place in places:
        fields = [row[place] for row in rows if len(row) > place]
        name = _kind([f for f in fields if f not in ("", na_value)])
        dtype = np.dtype(object) if name == "string" else np.dtype(name)
        columns.append(Column(dtype, _ZEROS.get(name, "")))
    return columns


def _kind(fields: list[str]) -> str:
    """Return the smallest type that holds all fields."""
    kinds = ["int32", "int64", "float32", "float64", "string"]
    level = 0
    for field in fields:
        while level < 4 and not _fits(field, kinds[level]):
            level += 1
    return kinds[level]


def _fits(field: str, kind: str) -> bool:
    try:
        number = int(field) if kind.startswith("int") else float(field)
    except ValueError:
        return False
    if kind.startswith("int"):
        bounds = np.iinfo(kind)
        return bounds.min <= number <= bounds.max
    if not np.isfinite(number):
        return True
    return abs(number) <= float(np.finfo(kind).max)
