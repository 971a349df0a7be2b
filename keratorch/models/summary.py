"""The table that `model.summary()` prints."""

from __future__ import annotations

import re
import shutil
import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np

_TITLES = ("Layer (type)", "Output Shape", "Param #")
_UNITS = ("B", "KB", "MB", "GB", "TB", "PB")


def summary_table(
    model: Any,
    line_length: int | None = None,
    positions: Sequence[float] | None = None,
    show_trainable: bool = False,
    layer_range: Sequence[str] | None = None,
) -> str:
    """Return the layers of a model as a table in Keras's format."""
    titles = [*_TITLES, *(("Trainable",) if show_trainable else ())]
    rows = _rows(model, show_trainable)[_chosen(model.layers, layer_range)]
    widths = _widths(len(titles), line_length, positions)
    lines = [f'Model: "{model.name}"', *_grid(titles, rows, widths), *_totals(model)]
    return "\n".join(lines)


def _rows(model: Any, show_trainable: bool) -> list[list[str]]:
    shape = None
    if model.built and model._built_shape is not None:
        shape = tuple(model._built_shape)
    rows = []
    for layer in model.layers:
        shape = _next_shape(layer, shape)
        built = layer.built and (shape is not None or layer.weights)
        count = f"{sum(w.size for w in layer.weights):,}" if built else "0 (unbuilt)"
        row = [
            f"{layer.name} ({type(layer).__name__})",
            "?" if shape is None else str(shape),
            count,
        ]
        if show_trainable:
            row.append(("Y" if layer.trainable else "N") if layer.weights else "-")
        rows.append(row)
    return rows


def _chosen(layers: Sequence[Any], names: Sequence[str] | None) -> slice:
    """Return the place of the layers from the first name to the second."""
    if names is None:
        return slice(None)
    if len(names) != 2:
        raise ValueError(
            "layer_range must hold the names of the first and the last layer to show; "
            f"received {len(names)}."
        )
    places = []
    for name in names:
        found = [i for i, layer in enumerate(layers) if re.match(name, layer.name)]
        if not found:
            raise ValueError(
                f"layer_range: no layer is named {name!r}. There are: "
                f"{', '.join(layer.name for layer in layers)}."
            )
        places.append(found)
    return slice(places[0][0], places[1][-1] + 1)


def _next_shape(layer: Any, shape: tuple | None) -> tuple | None:
    """Return the output shape of a layer, None where it is not known."""
    if shape is None or not layer.built:
        return None
    try:
        return tuple(layer.compute_output_shape(shape))
    except (ValueError, TypeError):  # a subclassed model need not be a chain
        return None


def _widths(
    columns: int, line_length: int | None, positions: Sequence[float] | None
) -> list[int]:
    """Return the width of each column with its padding, without the borders."""
    ends = list(positions or (0.45, 0.80, 1.0))
    length = 88
    if columns == len(_TITLES) + 1:
        ends, length = [*(end * 0.9 for end in ends), 1.0], 100
    if len(ends) != columns:
        raise ValueError(
            f"positions must hold {len(_TITLES)} numbers, where columns end; received "
            f"{len(positions or ())}."
        )
    length = line_length or min(length, shutil.get_terminal_size().columns - 4)
    stops = [int(length * end) for end in ends]
    widths = [stop - start for start, stop in zip([0, *stops], stops, strict=False)]
    if min(widths) < 4:
        raise ValueError(
            f"line_length={length} leaves a column of {min(widths)} characters; it "
            "needs at least 4."
        )
    # Padding and borders have to fit into the line too: all columns give way alike.
    widths = [width + 2 for width in widths]
    excess = sum(widths) + columns + 1 - length
    for i in range(columns):
        share = round(excess / (columns - i))
        widths[i] -= share
        excess -= share
    return widths


def _grid(titles: list[str], rows: list[list[str]], widths: list[int]) -> list[str]:
    lines = [
        "┏" + "┳".join("━" * width for width in widths) + "┓",
        _line(titles, widths, "┃"),
        "┡" + "╇".join("━" * width for width in widths) + "┩",
    ]
    for i, row in enumerate(rows):
        if i:
            lines.append("├" + "┼".join("─" * width for width in widths) + "┤")
        lines.append(_line(row, widths, "│"))
    return [*lines, "└" + "┴".join("─" * width for width in widths) + "┘"]


def _line(cells: list[str], widths: list[int], border: str) -> str:
    """Return the lines of a row; cells that are too long go on in the next one."""
    columns = []
    for i, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        pieces = [
            piece if len(piece) <= width - 2 else piece[: width - 3] + "…"
            for piece in textwrap.wrap(
                cell, width - 2, break_long_words=False, break_on_hyphens=False
            )
        ]
        align = (str.ljust, str.ljust, str.rjust, str.center)[i]
        columns.append([f" {align(piece, width - 2)} " for piece in pieces])
    height = max(map(len, columns))
    for column, width in zip(columns, widths, strict=True):
        column += [" " * width] * (height - len(column))
    lines = [border.join(parts) for parts in zip(*columns, strict=True)]
    return "\n".join(f"{border}{line}{border}" for line in lines)


def _totals(model: Any) -> list[str]:
    trainable = _count(model.trainable_weights)
    fixed = _count(model.non_trainable_weights)
    optimizer = (0, 0)
    if model.compiled and model.optimizer is not None and model.optimizer.built:
        # Its counters are wider than Keras's; the table counts them alike.
        scalars = sum(variable.size for variable in model.optimizer.variables)
        optimizer = scalars, scalars * np.dtype(model.dtype).itemsize
    total = tuple(np.add(np.add(trainable, fixed), optimizer))
    lines = [
        f" Total params: {_amount(*total)}",
        f" Trainable params: {_amount(*trainable)}",
        f" Non-trainable params: {_amount(*fixed)}",
    ]
    if optimizer[0]:
        lines.append(f" Optimizer params: {_amount(*optimizer)}")
    return lines


def _count(variables: Sequence[Any]) -> tuple[int, int]:
    """Return the numbers of scalars and of bytes."""
    arrays = [np.asarray(variable) for variable in variables]
    return sum(a.size for a in arrays), sum(a.nbytes for a in arrays)


def _amount(count: int, size: int) -> str:
    unit, scaled = 0, float(size)
    while scaled >= 1024 and unit < len(_UNITS) - 1:
        unit, scaled = unit + 1, scaled / 1024
    return f"{count:,} ({scaled:.2f} {_UNITS[unit]})"
