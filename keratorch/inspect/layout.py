"""Places in a diagram: where each box lies and how each arrow runs."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field
from typing import Any

from keratorch.inspect.diagram import HEADER, Diagram
from keratorch.inspect.layers import Passage, layered, neighbours

_GAP = 26.0  # between boxes of one layer
_LAYER_GAP = 34.0  # between layers, at least
_MARGIN = 14.0
_PASSAGE = 12.0  # room for an arrow that passes a layer
_SWEEPS = 30

Point = tuple[float, float]


@dataclass
class Layout:
    """A diagram with places, in units of 1/96 inch from its top left corner.

    Attributes
    ----------
    places : dict from the boxes' keys to (x, y, width, height).
    curves : for each arrow a list of points: a start, then for each cubic Bézier curve
        two control points and its end.
    inner : dict from keys to the `Layout` of what is inside, and where it begins.
    """

    diagram: Diagram
    places: dict[Any, tuple[float, float, float, float]] = field(default_factory=dict)
    curves: list[list[Point]] = field(default_factory=list)
    inner: dict[Any, tuple[Layout, float, float]] = field(default_factory=dict)
    width: float = 0.0
    height: float = 0.0


def lay_out(diagram: Diagram) -> Layout:
    """Find places for the boxes and arrows of a diagram."""
    layout = Layout(diagram)
    sizes, insides = _sizes(diagram)
    sideways = diagram.direction in ("LR", "RL")
    # Below, `across` runs along a layer and `along` from layer to layer.
    across = {key: size[sideways] for key, size in sizes.items()}
    along = {key: size[not sideways] for key, size in sizes.items()}
    rows, steps = layered(list(diagram.boxes), diagram.arrows)
    centres = _centres(rows, steps, across)
    bands = _bands(rows, steps, along, centres)
    length = (bands[-1][1] if bands else 0.0) + _MARGIN
    breadth = _breadth(rows, across, centres)

    def turned(point: Point) -> Point:
        a, b = point
        b = length - b if diagram.direction in ("BT", "RL") else b
        return (b, a) if sideways else (a, b)

    layout.width, layout.height = (length, breadth) if sideways else (breadth, length)
    for row, (start, end) in zip(rows, bands, strict=True):
        for key in row:
            if not _passes(key):
                centre = turned((centres[key], (start + end) / 2))
                _place(layout, key, centre, sizes[key], insides.get(key))
    for curve in _curves(diagram, rows, steps, bands, centres, across, along):
        layout.curves.append([turned(point) for point in curve])
    return layout


def _sizes(diagram: Diagram) -> tuple[dict[Any, Point], dict[Any, Layout]]:
    """Return the size of each box, and the layouts of what is inside of some."""
    sizes: dict[Any, Point] = {}
    insides: dict[Any, Layout] = {}
    for key, box in diagram.boxes.items():
        width, height = box.size
        if box.inner is not None:
            insides[key] = inside = lay_out(box.inner)
            width, height = max(width, inside.width), HEADER + inside.height
        sizes[key] = (width, height)
    return sizes, insides


def _place(
    layout: Layout, key: Any, centre: Point, size: Point, inside: Layout | None
) -> None:
    (x, y), (width, height) = centre, size
    left, top = x - width / 2, y - height / 2
    layout.places[key] = (left, top, width, height)
    if inside is not None:
        layout.inner[key] = (inside, x - inside.width / 2, top + HEADER)


def _breadth(rows: list, across: dict, centres: dict) -> float:
    ends = [centres[key] + across.get(key, _PASSAGE) / 2 for row in rows for key in row]
    return max(ends, default=0.0) + _MARGIN


def _centres(rows: list, steps: Any, across: dict) -> dict[Any, float]:
    """Return the middle of each box along its layer, near what it is joined to."""
    keys = [key for row in rows for key in row]
    behind, ahead = neighbours(keys, steps)
    centres = dict.fromkeys(keys, 0.0)

    def wanted(key: Any, near: Any) -> float:
        trunk = _alike(key, near[key], behind)  # what is to lie straight counts more
        weights = [4.0 if k in trunk else 1.0 for k in near[key]]
        pulls = [w * centres[k] for w, k in zip(weights, near[key], strict=True)]
        return sum(pulls) / sum(weights) if weights else centres[key]

    both = {key: behind[key] + ahead[key] for key in keys}
    for sweep in range(_SWEEPS):
        near = both if sweep >= _SWEEPS - 6 else [behind, ahead][sweep % 2]
        for row in rows if sweep % 2 == 0 else rows[::-1]:
            places = _apart(row, [wanted(key, near) for key in row], across)
            centres.update(zip(row, places, strict=True))
    strands = _strands(keys, behind, ahead)
    for _ in range(4):
        _straighten(rows, strands, both, centres, across)
    least = min((centres[k] - across.get(k, _PASSAGE) / 2 for k in keys), default=0.0)
    return {key: place - least + _MARGIN for key, place in centres.items()}


def _strands(keys: list, behind: dict, ahead: dict) -> list[list[Any]]:
    """Return chains of boxes, or of passages, that are to lie on one straight line.

    A box or a passage by itself is such a chain too.
    """

    def only(key: Any, near: dict) -> Any:
        alike = _alike(key, near[key], behind)
        return alike[0] if len(alike) == 1 else None

    follower = {}
    for key in keys:
        other = only(key, ahead)
        if other is not None and only(other, behind) == key:
            follower[key] = other
    followers = set(follower.values())
    strands = []
    for key in keys:
        if key not in followers:
            strand = [key]
            while strand[-1] in follower:
                strand.append(follower[strand[-1]])
            strands.append(strand)
    return sorted(strands, key=len, reverse=True)


def _alike(key: Any, others: list, behind: dict) -> list[Any]:
    """Return the boxes among others, of a passage the passages.

    Where there are more, those that nothing leads to stand aside, as weights do.
    """
    alike = [other for other in others if _passes(other) == _passes(key)]
    fed = [other for other in alike if behind[other]]
    return fed if fed and len(alike) > 1 else alike


def _straighten(
    rows: list, strands: list[list[Any]], joined: dict, centres: dict, across: dict
) -> None:
    """Move each strand onto one line where its neighbours leave room for that."""
    beside: dict[Any, tuple[Any, Any]] = {}
    for row in rows:
        for left, key, right in zip([None, *row], row, [*row[1:], None], strict=False):
            beside[key] = (left, right)

    def room(key: Any, other: Any) -> float:
        return (across.get(key, _PASSAGE) + across.get(other, _PASSAGE)) / 2 + _GAP

    for strand in strands:
        least, most = -math.inf, math.inf
        for key in strand:
            left, right = beside[key]
            if left is not None:
                least = max(least, centres[left] + room(key, left))
            if right is not None:
                most = min(most, centres[right] - room(key, right))
        if least <= most + 1e-6:
            near = strand
            if len(strand) == 1 or _passes(strand[0]):  # these go where others are
                inside = set(strand)
                others = [k for key in strand for k in joined[key] if k not in inside]
                near = others or strand
            mean = sum(centres[key] for key in near) / len(near)
            centres.update(dict.fromkeys(strand, min(max(mean, least), most)))


def _passes(key: Any) -> bool:
    return isinstance(key, Passage)


def _apart(row: list, wanted: list[float], across: dict) -> list[float]:
    """Return places near the wanted ones, in their sequence and far enough apart.

    Neighbours that would come too close are joined in a block, which lies where its
    members want it in the mean: this is the nearest in the sense of least squares.
    """
    offsets = [0.0]
    for one, other in itertools.pairwise(row):
        half = (across.get(one, _PASSAGE) + across.get(other, _PASSAGE)) / 2
        offsets.append(offsets[-1] + half + _GAP)
    blocks: list[tuple[float, int]] = []  # mean and length
    for place, offset in zip(wanted, offsets, strict=True):
        mean, count = place - offset, 1
        while blocks and blocks[-1][0] > mean:
            other, length = blocks.pop()
            mean = (mean * count + other * length) / (count + length)
            count += length
        blocks.append((mean, count))
    means = [mean for mean, count in blocks for _ in range(count)]
    return [mean + offset for mean, offset in zip(means, offsets, strict=True)]


def _bands(
    rows: list, steps: Any, along: dict, centres: dict
) -> list[tuple[float, float]]:
    """Return where each layer begins and ends; wide arrows get wide gaps."""
    number = {key: i for i, row in enumerate(rows) for key in row}
    widest = [0.0] * len(rows)
    for start, end in steps:
        i = number[end]
        widest[i] = max(widest[i], abs(centres[start] - centres[end]))
    bands, place = [], _MARGIN
    for i, row in enumerate(rows):
        if i:
            place += _LAYER_GAP + min(widest[i] * 0.1, 40)
        thick = max(along.get(key, 0.0) for key in row)
        bands.append((place, place + thick))
        place += thick
    return bands


def _curves(
    diagram: Diagram,
    rows: list,
    steps: Any,
    bands: list,
    centres: dict,
    across: dict,
    along: dict,
) -> list[list[Point]]:
    """Return each arrow as Bézier curves: straight in layers, bent between them."""
    number = {key: i for i, row in enumerate(rows) for key in row}
    paths = _paths(diagram, steps)
    out = _ports([(p[0], centres[p[1]]) for p in paths], centres, across)
    into = _ports([(p[-1], centres[p[-2]]) for p in paths], centres, across)
    curves = []
    for path, first, last in zip(paths, out, into, strict=True):
        stops: list[tuple[float, float, float]] = []  # place, begin and end in a layer
        for key in path:
            start, end = bands[number[key]]
            middle, half = (start + end) / 2, along.get(key, 0.0) / 2
            if key is path[0]:
                stops.append((first, middle + half, end))
            elif key is path[-1]:
                stops.append((last, start, middle - half))
            else:
                stops.append((centres[key], start, end))
        curves.append(_curve(stops))
    return curves


def _curve(stops: list[tuple[float, float, float]]) -> list[Point]:
    points: list[Point] = [(stops[0][0], stops[0][1])]

    def line(a: float, b: float) -> None:
        if abs(points[-1][1] - b) > 0.01:
            points.extend([points[-1], (a, b), (a, b)])

    line(stops[0][0], stops[0][2])
    for one, other in itertools.pairwise(stops):
        half = (one[2] + other[1]) / 2
        points += [(one[0], half), (other[0], half), (other[0], other[1])]
        line(other[0], other[2])
    return points


def _paths(diagram: Diagram, steps: Any) -> list[list[Any]]:
    """Return each arrow as the keys on its way: a box, passages, a box."""
    paths: list[list[Any]] = []
    for start, end in steps:
        if _passes(start):
            paths[-1].append(end)
        else:
            paths.append([start, end])
    return paths


def _ports(ends: list[tuple[Any, float]], centres: dict, across: dict) -> list[float]:
    """Return where arrows touch a box: side by side, in the order of their ways.

    One that goes straight on touches its middle.
    """
    groups: dict[Any, list[int]] = {}
    for i, (key, _) in enumerate(ends):
        groups.setdefault(key, []).append(i)
    ports = [0.0] * len(ends)
    for key, members in groups.items():
        members.sort(key=lambda i: ends[i][1])
        apart = min(22.0, across[key] * 0.42 / len(members))
        middle = (len(members) - 1) / 2
        for place, i in enumerate(members):
            if abs(ends[i][1] - centres[key]) < 0.5:
                middle = place
        for place, i in enumerate(members):
            ports[i] = centres[key] + (place - middle) * apart
    return ports
