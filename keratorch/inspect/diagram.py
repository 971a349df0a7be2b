"""What is to be drawn: boxes with text, and arrows between them.

A `Diagram` knows no places; `keratorch.inspect.layout` finds them, and `svg`, `figure`
and `dot` draw it.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from typing import Any

# Widths of characters in parts of the font size, those of DejaVu Sans: most other fonts
# are narrower, so that text measured by them fits.
_WIDTHS = {
    0.29: "'ijlIJ",
    0.36: " ,./:;\\|f-",
    0.42: "()[]t!r",
    0.53: '"*_`sz?',
    0.59: "cLFkvxy",
    0.65: "PTYaoeESbdghnpqu$0123456789{}K",
    0.7: "AVBRXZC",
    0.79: "UHNDG&OQ",
    0.86: "w#+<=>^~M",
    1.0: "%mW@",
}
_WIDTH_OF = {letter: width for width, letters in _WIDTHS.items() for letter in letters}
_BOLD = 1.13

TITLE_SIZE = 13.0
TEXT_SIZE = 11.5
HEADER = 27.0  # height of a box's title, and of its rows
ROW = 18.0
PADDING = 10.0
_LONGEST = 46  # characters of a text that is shown; more are cut

# The colour of a box's title says what kind of thing it is.
COLOURS = {
    "activation": "#b4443c",
    "attention": "#a8325a",
    "convolution": "#1b7a63",
    "dense": "#2b64a8",
    "input": "#5a6675",
    "leaf": "#2b64a8",
    "merge": "#85620e",
    "model": "#333b4d",
    "more": "#8a8f98",
    "normalization": "#7652a8",
    "operation": "#4c566a",
    "pooling": "#557527",
    "recurrent": "#ad5820",
    "regularization": "#7a6872",
    "root": "#b4443c",
    "shape": "#5d6f7b",
}


def text_width(text: str, size: float, bold: bool = False) -> float:
    """Return a width that a text of a font size does not exceed.

    >>> text_width("iii", 10) < text_width("WWW", 10)
    True
    """
    width = sum(_WIDTH_OF.get(letter, 1.0) for letter in text) * size
    return width * _BOLD if bold else width


def shortened(text: str, longest: int = _LONGEST) -> str:
    """Return a text, its middle replaced by '…' if it is too long.

    >>> shortened("a" * 50, 9)
    'aaaa…aaaa'
    """
    if len(text) <= longest:
        return text
    kept = (longest - 1) // 2
    return f"{text[: longest - 1 - kept]}…{text[-kept:]}"


@dataclass
class Box:
    """A box: a title, and rows of a label and a value.

    Attributes
    ----------
    title : str, in bold; beside : str, behind the title.
    rows : list of (label, value).
    kind : str, one of `COLOURS`.
    inner : a diagram drawn inside the box, in place of rows.
    """

    title: str
    beside: str = ""
    rows: list[tuple[str, str]] = field(default_factory=list)
    kind: str = "operation"
    inner: Diagram | None = None

    def __post_init__(self) -> None:
        self.full_title = f"{self.title} {self.beside}".strip()
        self.title = shortened(self.title)
        self.beside = shortened(self.beside)
        self.rows = [(label, shortened(value)) for label, value in self.rows]

    @property
    def label_width(self) -> float:
        """The width of the column of labels."""
        widths = [text_width(label, TEXT_SIZE) for label, _ in self.rows if label]
        return max(widths, default=-8.0) + 8

    @property
    def beside_x(self) -> float:
        """Where the text behind the title begins, from the box's left side."""
        return PADDING + text_width(self.title, TITLE_SIZE, bold=True) + 7

    @property
    def size(self) -> tuple[float, float]:
        """Width and height, without what is inside."""
        title = self.beside_x - 7
        if self.beside:
            title = self.beside_x + text_width(self.beside, TEXT_SIZE)
        values = [text_width(value, TEXT_SIZE) for _, value in self.rows]
        rows = PADDING + self.label_width + max(values) if values else 0
        height = HEADER + (len(self.rows) * ROW + 8 if self.rows else 0)
        return max(title, rows, 60) + PADDING, height


@dataclass
class Diagram:
    """Boxes by their keys, and arrows between them.

    Attributes
    ----------
    boxes : dict from keys to `Box`; arrows : list of pairs of keys, without circles.
    title : str.
    direction : 'TB' (from top to bottom), 'LR', 'BT' or 'RL'; others mean 'TB', with a
        warning.
    splines : str, how Graphviz is to draw arrows.
    """

    boxes: dict[Any, Box] = field(default_factory=dict)
    arrows: list[tuple[Any, Any]] = field(default_factory=list)
    title: str = ""
    direction: str = "TB"
    splines: str = "ortho"

    def __post_init__(self) -> None:
        self.direction = str(self.direction).upper()
        if self.direction not in ("TB", "LR", "BT", "RL"):
            # Graphviz, and so Keras, draws downwards then; scripts have rankdir="HB".
            warnings.warn(
                "rankdir should be 'TB', 'LR', 'BT' or 'RL'; received "
                f"{self.direction!r}, which is taken as 'TB'.",
                stacklevel=5,
            )
            self.direction = "TB"

    def connect(self, start: Any, end: Any) -> None:
        """Add an arrow, unless it is there."""
        if (start, end) not in self.arrows:
            self.arrows.append((start, end))
