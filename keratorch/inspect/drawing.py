"""A drawing: a diagram that can be shown in a notebook, saved, or given to Graphviz."""

from __future__ import annotations

import io
import os
from typing import Any

from keratorch.errors import suggest
from keratorch.inspect.diagram import Diagram
from keratorch.inspect.dot import to_dot
from keratorch.inspect.figure import save_figure
from keratorch.inspect.layout import Layout, lay_out
from keratorch.inspect.svg import to_svg

_FORMATS = ("svg", "dot", "png", "jpg", "jpeg", "pdf", "eps")


class Drawing:
    """What `model_to_dot` and `draw_graph` return; a notebook shows it.

    Parameters
    ----------
    diagram : Diagram.
    dpi : float, pixels per inch of a PNG; None: 96, as of Graphviz.

    Examples
    --------
    >>> from keratorch import GradArray
    >>> from keratorch.inspect import draw_graph
    >>> x = GradArray([1.0, 2.0], name="x")
    >>> draw_graph(x * x).to_svg()[:4]
    '<svg'
    """

    def __init__(self, diagram: Diagram, dpi: float | None = 200):
        self.diagram = diagram
        self.dpi = 96 if dpi is None else dpi
        self._layout: Layout | None = None

    @property
    def source(self) -> str:
        """The drawing in DOT, for Graphviz."""
        return to_dot(self.diagram, self.dpi)

    def to_string(self) -> str:
        """Return the drawing in DOT, for Graphviz."""
        return self.source

    def to_svg(self) -> str:
        """Return the drawing as an SVG document."""
        return to_svg(self._laid_out())

    def create(self, prog: str = "dot", format: str = "svg") -> bytes:
        """Return the drawing as the bytes of a file.

        Parameters
        ----------
        prog : 'dot', whose kind of layout this is. It is KeraTorch that draws; for
            another program of Graphviz give that the text of `source`.
        format : 'svg', 'dot', or with ``pip install "keratorch[plot]"`` 'png', 'jpg',
            'pdf', 'eps'.

        Raises
        ------
        ValueError : another program or format.
        ImportError : another format than 'svg' and 'dot' without matplotlib.
        """
        if prog != "dot":
            raise ValueError(
                f"create: prog must be 'dot'; received {prog!r}. Write .source to a "
                f"file and run {prog} on it."
            )
        if format == "svg":
            return self.to_svg().encode()
        if format in ("dot", "raw"):
            return self.source.encode()
        if format not in _FORMATS:
            raise ValueError(f"unknown format {format!r}. {suggest(format, _FORMATS)}")
        buffer = io.BytesIO()
        save_figure(self._laid_out(), buffer, format, self.dpi)
        return buffer.getvalue()

    def save(self, to_file: Any) -> None:
        """Write the drawing into a file, in the format that its name ends with.

        Raises
        ------
        ValueError : a name with another ending than the formats of `create`.
        ImportError : another format than .svg and .dot without matplotlib.
        """
        path = os.fspath(to_file)
        form = os.path.splitext(path)[1].removeprefix(".").lower()
        if form not in _FORMATS:
            raise ValueError(
                "the name of a drawing must end in .svg, .dot, .png, .jpg, .jpeg, "
                f".pdf or .eps; received {os.path.basename(path)!r}."
            )
        data = self.create(format=form)
        with open(path, "wb") as file:
            file.write(data)

    def write(self, path: Any, prog: str = "dot", format: str = "dot") -> None:
        """Write the drawing into a file in a format, as pydot's graphs do."""
        data = self.create(prog, format)
        with open(path, "wb") as file:
            file.write(data)

    def create_svg(self) -> bytes:
        """Return the bytes of an SVG file, as pydot's graphs do."""
        return self.create(format="svg")

    def create_png(self) -> bytes:
        """Return the bytes of a PNG file, as pydot's graphs do."""
        return self.create(format="png")

    def write_svg(self, path: Any) -> None:
        """Write an SVG file, as pydot's graphs do."""
        self.write(path, format="svg")

    def write_png(self, path: Any) -> None:
        """Write a PNG file, as pydot's graphs do."""
        self.write(path, format="png")

    def write_pdf(self, path: Any) -> None:
        """Write a PDF file, as pydot's graphs do."""
        self.write(path, format="pdf")

    def _laid_out(self) -> Layout:
        if self._layout is None:
            self._layout = lay_out(self.diagram)
        return self._layout

    def _repr_svg_(self) -> str:
        return self.to_svg()

    def __repr__(self) -> str:
        boxes = len(self.diagram.boxes)
        return f"<Drawing of {self.diagram.title!r}: {boxes} boxes>"
