"""The table that `model.summary()` prints."""

from __future__ import annotations

import inspect
import re
import shutil
import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np

from keratorch.layers.calls import map_shapes, shape_of

_TITLES = ("Layer (type)", "Output Shape", "Param #")
_UNITS = ("B", "KB", "MB", "GB", "TB", "PB")


def summary_table(
    model: Any,
    line_length: int | None = None,
    positions: Sequence[float] | None = None,
    show_trainable: bool = False,
    layer_range: Sequence[str] | None = None,
    expand_nested: bool = False,
) -> str:
    """Return the layers of a model as a table in Keras's format."""
    branched = _is_branched(model)
    titles = [*_TITLES]
    ends, length = [0.45, 0.80, 1.0], 88
    if branched:
        titles.append("Connected to")
        ends, length = [0.3, 0.56, 0.74, 1.0], 108
    ends = list(positions or ends)
    if show_trainable:
        titles.append("Trainable")
        ends, length = [*(end * 0.9 for end in ends), 1.0], length + 12
    operations = _operations(model)
    rows = []
    for operation in operations[_chosen(operations, layer_range)]:
        rows += _rows(operation, model, branched, show_trainable, expand_nested)
    widths = _widths(len(titles), line_length, ends, length)
    aligns = [str.ljust, str.ljust, str.rjust]
    aligns += [str.ljust] * branched + [str.center] * show_trainable
    grid = _grid(titles, rows, widths, aligns)
    return "\n".join([f'Model: "{model.name}"', *grid, *_totals(model)])


def _operations(model: Any) -> list[Any]:
    """Return what the table lists: of a functional model its functions too."""
    if _is_functional(model):
        return model._network.operations
    return model.layers


def _is_functional(model: Any) -> bool:
    return getattr(model, "_network", None) is not None and not hasattr(model, "add")


def _is_branched(model: Any) -> bool:
    """Return whether the steps are more than one chain, each layer used once."""
    if not _is_functional(model):
        return False
    nodes = model._network.nodes
    tensors = [id(x) for node in nodes for x in node.inputs]
    return (
        any(len(node.inputs) > 1 for node in nodes)
        or len({id(node.operation) for node in nodes}) < len(nodes)
        or len(set(tensors)) < len(tensors)
        or len(model._network.flat_inputs) > 1
    )


def _rows(
    operation: Any,
    model: Any,
    branched: bool,
    show_trainable: bool,
    expand_nested: bool,
    level: int = 0,
) -> list[list[str]]:
    """Return the row of a layer, and those of the layers inside it."""
    prefix = "   " * level + "└ " if level else ""
    kind = (
        _camel_case(operation) if _is_function(operation) else type(operation).__name__
    )
    row = [
        f"{prefix}{operation.name} ({kind})",
        _shape(operation),
        _count_of(operation),
    ]
    if branched:
        row.append(_connections(operation, model))
    if show_trainable:
        weights = [] if _is_function(operation) else operation.weights
        row.append(("Y" if operation.trainable else "N") if weights else "-")
    rows = [row]
    if expand_nested:
        for layer in getattr(operation, "layers", ()):
            rows += _rows(layer, model, branched, show_trainable, True, level + 1)
    return rows


def _is_function(operation: Any) -> bool:
    return not hasattr(operation, "built")


def _camel_case(function: Any) -> str:
    return re.sub(r"_\d+$", "", function.name).title().replace("_", "")


def _count_of(operation: Any) -> str:
    if _is_function(operation):
        return "0"
    if not operation.built:
        return "0 (unbuilt)"
    return f"{sum(weight.size for weight in operation.weights):,}"


def _shape(operation: Any) -> str:
    """Return the shapes of an operation's outputs, '?' where they are not known."""
    if operation._nodes:
        shapes = shape_of(operation._nodes[-1].outputs)
    elif operation._built_shape is None:
        return "?"
    else:
        try:
            shapes = _output_shape(operation, operation._built_shape)
        except (ValueError, TypeError, NotImplementedError):
            return "?"  # a subclass need not compute shapes
    flat: list[str] = []

    def write(shape: Any) -> str:
        flat.append(_written(shape))
        return flat[-1]

    texts = map_shapes(write, shapes)
    if len(flat) == 1:
        return flat[0]
    if operation._nodes or isinstance(texts, tuple):
        texts = flat if operation._nodes else list(texts)
    return str(texts).replace("'", "")


def _written(shape: Sequence[int | None]) -> str:
    """Return a shape as Keras prints it: (None) where there is but the batch."""
    return f"({', '.join(map(str, shape))})"


def _output_shape(layer: Any, shapes: Any) -> Any:
    """Return the shape of a layer's output, for shapes that may have names."""
    known = inspect.signature(layer.compute_output_shape).parameters
    if isinstance(shapes, dict) and shapes.keys() <= known.keys():
        return layer.compute_output_shape(**shapes)
    return layer.compute_output_shape(shapes)


def _connections(operation: Any, model: Any) -> str:
    """Return where the inputs of an operation come from: 'dense[0][0], ...'."""
    inside = {id(node) for node in model._network.nodes}
    sources = [
        f"{x.node.operation.name}[{x.node.place}][{x.index}]"
        for node in operation._nodes
        if id(node) in inside
        for x in node.inputs
    ]
    return ", ".join(sources) or "-"


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


def _widths(
    columns: int, line_length: int | None, ends: Sequence[float], length: int
) -> list[int]:
    """Return the width of each column with its padding, without the borders.

    `ends` says where columns end, as shares of a line, which has `length` characters
    or fewer in a narrow terminal.
    """
    if len(ends) < columns:
        raise ValueError(
            f"positions must hold {columns} numbers, where columns end; received "
            f"{len(ends)}."
        )
    ends = ends[:columns]  # as Keras leaves out those of columns that are not there
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


def _grid(
    titles: list[str], rows: list[list[str]], widths: list[int], aligns: list[Any]
) -> list[str]:
    lines = [
        "┏" + "┳".join("━" * width for width in widths) + "┓",
        _line(titles, widths, "┃", aligns),
        "┡" + "╇".join("━" * width for width in widths) + "┩",
    ]
    for i, row in enumerate(rows):
        if i:
            lines.append("├" + "┼".join("─" * width for width in widths) + "┤")
        lines.append(_line(row, widths, "│", aligns))
    return [*lines, "└" + "┴".join("─" * width for width in widths) + "┘"]


def _line(cells: list[str], widths: list[int], border: str, aligns: list[Any]) -> str:
    """Return the lines of a row; cells that are too long go on in the next one."""
    columns = []
    for i, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        pieces = [
            piece if len(piece) <= width - 2 else piece[: width - 3] + "…"
            for piece in textwrap.wrap(
                cell, width - 2, break_long_words=False, break_on_hyphens=False
            )
        ]
        columns.append([f" {aligns[i](piece, width - 2)} " for piece in pieces])
    height = max(map(len, columns))
    for column, width in zip(columns, widths, strict=True):
        column += [" " * width] * (height - len(column))
    lines = [border.join(parts) for parts in zip(*columns, strict=True)]
    return "\n".join(f"{border}{line}{border}" for line in lines)


def _totals(model: Any) -> list[str]:
    trainable = _count(model.trainable_weights)
    fixed = _count(model.non_trainable_weights)
    optimizer = _count_of_optimizer(model)
    total = tuple(np.add(np.add(trainable, fixed), optimizer))
    lines = [
        f" Total params: {_amount(*total)}",
        f" Trainable params: {_amount(*trainable)}",
        f" Non-trainable params: {_amount(*fixed)}",
    ]
    if optimizer[0]:
        lines.append(f" Optimizer params: {_amount(*optimizer)}")
    return lines


def _count_of_optimizer(model: Any) -> tuple[int, int]:
    """Return the numbers of scalars and of bytes of an optimizer that is built.

    Its counters are wider than Keras's; the table counts them alike.
    """
    if not model.compiled or model.optimizer is None or not model.optimizer.built:
        return 0, 0
    scalars = sum(variable.size for variable in model.optimizer.variables)
    return scalars, scalars * np.dtype(model.dtype).itemsize


def _count(variables: Sequence[Any]) -> tuple[int, int]:
    """Return the numbers of scalars and of bytes."""
    arrays = [np.asarray(variable) for variable in variables]
    return sum(a.size for a in arrays), sum(a.nbytes for a in arrays)


def _amount(count: int, size: int) -> str:
    unit, scaled = 0, float(size)
    while scaled >= 1024 and unit < len(_UNITS) - 1:
        unit, scaled = unit + 1, scaled / 1024
    return f"{count:,} ({scaled:.2f} {_UNITS[unit]})"
