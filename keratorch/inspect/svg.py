"""A laid out diagram as SVG text."""

from __future__ import annotations

import html
from collections.abc import Iterator

from keratorch.inspect.diagram import (
    COLOURS,
    HEADER,
    PADDING,
    ROW,
    TEXT_SIZE,
    TITLE_SIZE,
    Box,
)
from keratorch.inspect.layout import Layout, Point

FONT = "Helvetica, Arial, 'DejaVu Sans', sans-serif"
INK, PALE, LINE = "#22272f", "#6b7280", "#66707e"
INSIDE = "#f3f5f9"
_CONTROL = {n: "\ufffd" for n in range(32) if chr(n) not in "\t\n\r"}


def escaped(text: object) -> str:
    """Return a text for SVG and HTML, in which it can be no markup.

    >>> escaped("<b>&</b>")
    '&lt;b&gt;&amp;&lt;/b&gt;'
    """
    return html.escape(str(text).translate(_CONTROL), quote=True)


def to_svg(layout: Layout) -> str:
    """Return a diagram as an SVG document."""
    size = f'width="{layout.width:.0f}" height="{layout.height:.0f}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} '
        f'viewBox="0 0 {layout.width:.0f} {layout.height:.0f}" '
        f'font-family="{FONT}" style="max-width:100%;height:auto">',
        f"<title>{escaped(layout.diagram.title)}</title>",
        '<rect width="100%" height="100%" fill="white"/>',
        *_drawn(layout),
        "</svg>",
    ]
    return "\n".join(lines)


def _drawn(layout: Layout) -> Iterator[str]:
    for curve in layout.curves:
        yield from _arrow(curve)
    for key, box in layout.diagram.boxes.items():
        yield from _box(box, *layout.places[key])
        if key in layout.inner:
            inside, x, y = layout.inner[key]
            yield f'<g transform="translate({x:.1f} {y:.1f})">'
            yield from _drawn(inside)
            yield "</g>"


def _box(box: Box, x: float, y: float, width: float, height: float) -> Iterator[str]:
    colour = COLOURS[box.kind]
    alone = height <= HEADER + 0.1
    yield f"<g><title>{escaped(box.full_title)}</title>"
    yield (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" '
        f'rx="5" fill="{INSIDE if box.inner else "white"}" stroke="{colour}" '
        'stroke-width="1.4"/>'
    )
    right, low = x + width, y + HEADER
    bottom = (
        f"V{low - 5:.1f}q0 5 -5 5H{x + 5:.1f}q-5 0 -5 -5"
        if alone
        else f"V{low:.1f}H{x:.1f}"
    )
    yield (
        f'<path d="M{x:.1f} {y + 5:.1f}q0 -5 5 -5H{right - 5:.1f}q5 0 5 5{bottom}Z" '
        f'fill="{colour}"/>'
    )
    middle = y + HEADER / 2 + TITLE_SIZE * 0.35
    yield _text(x + PADDING, middle, box.title, TITLE_SIZE, "white", bold=True)
    if box.beside:
        yield _text(x + box.beside_x, middle, box.beside, TEXT_SIZE, "#e6e9ef")
    for i, (label, value) in enumerate(box.rows):
        line = y + HEADER + 4 + ROW * (i + 0.5) + TEXT_SIZE * 0.35
        if label:
            yield _text(x + PADDING, line, label, TEXT_SIZE, PALE)
        yield _text(x + PADDING + box.label_width, line, value, TEXT_SIZE, INK)
    yield "</g>"


def _text(
    x: float, y: float, text: str, size: float, colour: str, bold: bool = False
) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" fill="{colour}"{weight}>'
        f"{escaped(text)}</text>"
    )


def _arrow(curve: list[Point]) -> Iterator[str]:
    body = [f"M{curve[0][0]:.1f} {curve[0][1]:.1f}"]
    for i in range(1, len(curve), 3):
        body.append("C" + " ".join(f"{a:.1f} {b:.1f}" for a, b in curve[i : i + 3]))
    yield (
        f'<path d="{"".join(body)}" fill="none" stroke="{LINE}" stroke-width="1.4"/>'
    )
    corners = " ".join(f"{a:.1f},{b:.1f}" for a, b in arrowhead(curve))
    yield f'<polygon points="{corners}" fill="{LINE}"/>'


def arrowhead(curve: list[Point]) -> list[Point]:
    """Return the three corners of the head at the end of an arrow."""
    tip = curve[-1]
    before = next(p for p in reversed(curve) if max(map(_gap, p, tip)) > 0.01)
    along = abs(tip[1] - before[1]) >= abs(tip[0] - before[0])
    forward = (tip[along] - before[along]) >= 0
    back = -7.5 if forward else 7.5
    if along:
        return [tip, (tip[0] - 3.6, tip[1] + back), (tip[0] + 3.6, tip[1] + back)]
    return [tip, (tip[0] + back, tip[1] - 3.6), (tip[0] + back, tip[1] + 3.6)]


def _gap(a: float, b: float) -> float:
    return abs(a - b)
