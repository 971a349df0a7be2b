"""A diagram in DOT, the language of Graphviz."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from keratorch.inspect.diagram import COLOURS, Box, Diagram
from keratorch.inspect.svg import escaped


def to_dot(diagram: Diagram, dpi: float = 200) -> str:
    """Return a diagram as the text of a DOT file."""
    names: dict[int, str] = {}
    lines = [
        "digraph model {",
        f"  rankdir={diagram.direction};",
        f"  dpi={dpi:g};",
        f"  splines={_quoted(diagram.splines)};",
        '  node [shape=plain, fontname="Helvetica"];',
        '  edge [color="#66707e"];',
        *_lines(diagram, names, "  "),
        "}",
    ]
    return "\n".join(lines) + "\n"


def _lines(diagram: Diagram, names: dict[int, str], indent: str) -> Iterator[str]:
    for box in diagram.boxes.values():
        name = names[id(box)] = f"n{len(names)}"
        if box.inner is None:
            yield f"{indent}{name} [label=<{_table(box)}>];"
            continue
        yield f"{indent}subgraph cluster_{name} {{"
        yield f"{indent}  label={_quoted(box.full_title)}; labeljust=l; style=dashed;"
        yield from _lines(box.inner, names, indent + "  ")
        yield f"{indent}}}"
    for start, end in diagram.arrows:
        first = names[id(_edge_box(diagram.boxes[start], 0))]
        last = names[id(_edge_box(diagram.boxes[end], 1))]
        yield f"{indent}{first} -> {last};"


def _edge_box(box: Box, side: int) -> Box:
    """Return the box that arrows end at (side 1) or begin at, inside of a box."""
    while box.inner is not None and box.inner.boxes:
        joined: set[Any] = {arrow[side] for arrow in box.inner.arrows}
        free = [key for key in box.inner.boxes if key not in joined]
        box = box.inner.boxes[free[0 if side else -1]]
    return box


def _table(box: Box) -> str:
    colour = COLOURS[box.kind]
    beside = f" {escaped(box.beside)}" if box.beside else ""
    rows = "".join(
        f'<tr><td align="left">{escaped(f"{label} {value}".strip())}</td></tr>'
        for label, value in box.rows
    )
    return (
        f'<table border="0" cellborder="1" cellspacing="0" cellpadding="6" '
        f'color="{colour}"><tr><td bgcolor="{colour}"><font color="white">'
        f"<b>{escaped(box.title)}</b>{beside}</font></td></tr>{rows}</table>"
    )


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'
