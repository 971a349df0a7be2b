"""A laid out diagram as a picture, drawn by matplotlib."""

from __future__ import annotations

from typing import Any

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
from keratorch.inspect.svg import INK, INSIDE, LINE, PALE, arrowhead

_UNITS = 96.0  # of a layout in an inch
_LARGEST = 30_000  # pixels of a side


def save_figure(layout: Layout, file: Any, form: str, dpi: float = 200) -> None:
    """Write a diagram as 'png', 'jpg', 'pdf' or 'eps'.

    Parameters
    ----------
    file : path, or binary file.
    dpi : float, pixels per inch; less where the picture would be larger than 30,000
        pixels.

    Raises
    ------
    ImportError : matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure  # noqa: PLC0415
    except ImportError as error:
        raise ImportError(
            "Drawings as PNG, JPEG, PDF and EPS need matplotlib: "
            'pip install "keratorch[plot]". '
            "SVG and DOT need nothing: write to_file='model.svg'."
        ) from error
    width, height = layout.width / _UNITS, layout.height / _UNITS
    figure = Figure(figsize=(width, height))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, layout.width)
    axes.set_ylim(layout.height, 0)
    axes.axis("off")
    _draw(axes, layout, 0.0, 0.0)
    figure.savefig(file, format=form, dpi=min(dpi, _LARGEST / max(width, height)))


def _draw(axes: Any, layout: Layout, left: float, top: float) -> None:
    for curve in layout.curves:
        _draw_arrow(axes, [(x + left, y + top) for x, y in curve])
    for key, box in layout.diagram.boxes.items():
        x, y, width, height = layout.places[key]
        _draw_box(axes, box, x + left, y + top, width, height)
        if key in layout.inner:
            inside, x, y = layout.inner[key]
            _draw(axes, inside, x + left, y + top)


def _draw_box(
    axes: Any, box: Box, x: float, y: float, width: float, height: float
) -> None:
    _draw_frame(axes, box, (x, y), width, height)
    middle = y + HEADER / 2
    _write(axes, x + PADDING, middle, box.title, TITLE_SIZE, "white", bold=True)
    _write(axes, x + box.beside_x, middle, box.beside, TEXT_SIZE, "#e6e9ef")
    for i, (label, value) in enumerate(box.rows):
        line = y + HEADER + 4 + ROW * (i + 0.5)
        _write(axes, x + PADDING, line, label, TEXT_SIZE, PALE)
        _write(axes, x + PADDING + box.label_width, line, value, TEXT_SIZE, INK)


def _draw_frame(
    axes: Any, box: Box, corner: Point, width: float, height: float
) -> None:
    from matplotlib.patches import FancyBboxPatch, Rectangle  # noqa: PLC0415

    colour = COLOURS[box.kind]
    style = "round,pad=0,rounding_size=5"

    def add_rounded(height: float, fill: str) -> None:
        patch = FancyBboxPatch(
            corner, width, height, style, fc=fill, ec=colour, lw=1.05
        )
        axes.add_patch(patch)

    if height > HEADER:
        add_rounded(height, INSIDE if box.inner else "white")
    add_rounded(HEADER, colour)
    if height > HEADER:  # the title's lower corners are no round ones
        lower = corner[0], corner[1] + HEADER / 2
        axes.add_patch(Rectangle(lower, width, HEADER / 2, facecolor=colour, lw=0))


def _write(
    axes: Any,
    x: float,
    y: float,
    text: str,
    size: float,
    colour: str,
    bold: bool = False,
) -> None:
    if text:
        axes.text(
            x,
            y,
            text,
            fontsize=size * 72 / _UNITS,
            color=colour,
            weight="bold" if bold else "normal",
            family="DejaVu Sans",
            verticalalignment="center_baseline",
            parse_math=False,
        )


def _draw_arrow(axes: Any, curve: list[Point]) -> None:
    from matplotlib.patches import PathPatch, Polygon  # noqa: PLC0415
    from matplotlib.path import Path  # noqa: PLC0415

    codes = [Path.MOVETO, *[Path.CURVE4] * (len(curve) - 1)]
    line = PathPatch(
        Path(curve, codes), facecolor="none", edgecolor=LINE, linewidth=1.05
    )
    axes.add_patch(line)
    axes.add_patch(Polygon(arrowhead(curve), facecolor=LINE, linewidth=0))
