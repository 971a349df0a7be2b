"""What a notebook shows of arrays and models: HTML and SVG."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import graph
from keratorch.inspect.plot_model import model_to_dot
from keratorch.inspect.svg import escaped

_ROWS, _COLUMNS = 8, 10  # of an array's table that are shown
_CELL = "border:1px solid #d5d9e0;padding:2px 8px;text-align:right"
_CODE = "font-family:monospace"


def model_svg(model: Any) -> str:
    """Return the drawing of a model, with shapes, as SVG."""
    return model_to_dot(model, show_shapes=True).to_svg()


def array_html(array: Any) -> str:
    """Return a GradArray as HTML: what it is, its values, its gradient.

    Of large arrays the first and last rows and columns are shown; of arrays with more
    than two axes the first matrix.

    Examples
    --------
    >>> from keratorch import GradArray
    >>> "MulGrad" in array_html(GradArray([1.0, 2.0]) * 2)
    True
    """
    facts = [("shape", str(array.shape)), ("dtype", str(array._array.dtype))]
    op = array._grad_op
    if op is not None:
        facts.append(("made by", repr(op)))
    elif array.requires_grad:
        facts.append(("leaf", "requires a gradient"))
    title = f"{type(array).__name__} {array.name or ''}".strip()
    said = " · ".join(
        f'<span style="color:#6b7280">{label}</span> {escaped(value)}'
        for label, value in facts
    )
    tables = [_table("values", array._array)]
    if array._grad is not None:
        tables.append(_table("grad", np.asarray(graph.value(array._grad))))
    cells = "".join(
        f'<td style="vertical-align:top;padding:4px 18px 0 0;text-align:left">{t}</td>'
        for t in tables
    )
    return (
        f"<div><div><b>{escaped(title)}</b> &nbsp; {said}</div>"
        f'<table style="border:none"><tr>{cells}</tr></table></div>'
    )


def _table(caption: str, array: np.ndarray) -> str:
    head = f'<div style="color:#6b7280">{caption}'
    if array.ndim > 2:
        place = ", ".join("0" for _ in range(array.ndim - 2))
        if not array.size:
            return f"{head} (empty)</div>"
        head += f"[{place}] of {escaped(array.shape)}"
        array = array[(0,) * (array.ndim - 2)]
    if not array.size:
        return f"{head} (empty)</div>"
    lines = "".join(
        "<tr>" + "".join(_cell(value) for value in row) + "</tr>"
        for row in _excerpt(np.atleast_2d(array))
    )
    return (
        f'{head}</div><table style="{_CODE};border-collapse:collapse">{lines}</table>'
    )


def _excerpt(matrix: np.ndarray) -> list[list[Any]]:
    """Return the rows of a matrix, None standing for what is left out."""
    rows = _chosen(matrix.shape[0], _ROWS)
    columns = _chosen(matrix.shape[1], _COLUMNS)
    return [
        [None if i is None or j is None else matrix[i, j] for j in columns]
        for i in rows
    ]


def _chosen(count: int, most: int) -> list[int | None]:
    if count <= most:
        return list(range(count))
    half = most // 2
    return [*range(half), None, *range(count - half, count)]


def _cell(value: Any) -> str:
    if value is None:
        text = "…"
    elif isinstance(value, (np.floating, float)):
        text = f"{value:.5g}"
    else:
        text = str(value)
    return f'<td style="{_CELL}">{escaped(text)}</td>'
