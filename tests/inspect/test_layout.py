"""Drawings are laid out well: nothing overlaps, arrows go forward, text fits."""

import itertools

import numpy as np
import pytest

from keratorch.inspect.diagram import PADDING, TEXT_SIZE, Box, Diagram, text_width
from keratorch.inspect.layers import layered, topological
from keratorch.inspect.layout import lay_out


def random_diagram(seed, count=25, direction="TB"):
    rng = np.random.default_rng(seed)
    diagram = Diagram(direction=direction)
    for i in range(count):
        rows = [("shape", "x" * rng.integers(1, 30))] * rng.integers(0, 4)
        diagram.boxes[i] = Box(f"box {i}", rows=rows)
        for j in rng.integers(0, i, size=rng.integers(1, 3)) if i else ():
            diagram.connect(int(j), i)
    return diagram


@pytest.mark.parametrize("direction", ["TB", "LR", "BT", "RL"])
@pytest.mark.parametrize("seed", range(4))
def test_boxes_never_overlap_and_lie_on_the_page(seed, direction):
    layout = lay_out(random_diagram(seed, direction=direction))
    for x, y, width, height in layout.places.values():
        assert x >= 0 and x + width <= layout.width
        assert y >= 0 and y + height <= layout.height
    for one, other in itertools.combinations(layout.places.values(), 2):
        apart_x = one[0] + one[2] < other[0] or other[0] + other[2] < one[0]
        apart_y = one[1] + one[3] < other[1] or other[1] + other[3] < one[1]
        assert apart_x or apart_y


@pytest.mark.parametrize("direction", ["TB", "LR"])
def test_arrows_pass_beside_boxes(direction):
    layout = lay_out(random_diagram(1, direction=direction))
    sample = np.linspace(0, 1, 20)[:, None]
    for curve in layout.curves:
        p = np.array(curve)
        for i in range(0, len(p) - 1, 3):
            a, b, c, d = p[i : i + 4]
            points = (1 - sample) ** 3 * a + 3 * (1 - sample) ** 2 * sample * b
            points = points + 3 * (1 - sample) * sample**2 * c + sample**3 * d
            for x, y, width, height in layout.places.values():
                inside = (points > (x + 1, y + 1)) & (
                    points < (x + width - 1, y + height - 1)
                )
                assert not inside.all(axis=1).any()


def test_arrows_point_in_the_direction_of_the_drawing():
    for direction, axis, sign in [("TB", 1, 1), ("LR", 0, 1), ("BT", 1, -1)]:
        for curve in lay_out(random_diagram(2, direction=direction)).curves:
            assert sign * (curve[-1][axis] - curve[0][axis]) > 0


def test_a_chain_is_one_straight_line():
    diagram = Diagram(boxes={i: Box("b" * (i + 1)) for i in range(6)})
    for i in range(5):
        diagram.connect(i, i + 1)
    layout = lay_out(diagram)
    assert len({round(x + w / 2, 6) for x, _, w, _ in layout.places.values()}) == 1


def test_a_way_around_leaves_the_main_way_straight():
    diagram = Diagram(boxes={key: Box(key * 9) for key in "abcd"})
    for pair in ["ab", "bc", "cd", "ad"]:
        diagram.connect(*pair)
    layout = lay_out(diagram)
    middles = [x + w / 2 for x, _, w, _ in layout.places.values()]
    assert max(middles) - min(middles) < 1e-6


def test_text_never_overflows_its_box():
    box = Box("W" * 80, "Class", [("label", "%" * 60), ("", "w")])
    width, _ = box.size
    assert PADDING + box.label_width + text_width(box.rows[0][1], TEXT_SIZE) <= width
    assert box.beside_x + text_width(box.beside, TEXT_SIZE) <= width
    assert "…" in box.title and box.full_title == "W" * 80 + " Class"


def test_unknown_letters_are_taken_for_wide_ones():
    assert text_width("層", 10) >= text_width("W", 10)


def test_layers_are_longest_paths_and_sources_lie_near_their_use():
    rows, _ = layered("abcde", ["ab", "bc", "ac", "ec", "cd"])
    named = [[key for key in row if isinstance(key, str)] for row in rows]
    assert [sorted(row) for row in named] == [["a"], ["b", "e"], ["c"], ["d"]]


def test_circles_are_found():
    assert topological("ab", ["ab", "ba"]) is None
    with pytest.raises(ValueError, match="circles"):
        layered("ab", ["ab", "ba"])


def test_a_box_inside_a_box_lies_inside():
    inner = Diagram(boxes={1: Box("inner box with a long title")})
    layout = lay_out(Diagram(boxes={0: Box("outer", inner=inner)}))
    x, y, width, height = layout.places[0]
    inside, left, top = layout.inner[0]
    assert x <= left and left + inside.width <= x + width
    assert y < top and top + inside.height <= y + height + 1e-9


def test_an_unknown_direction_is_named_and_means_downwards_as_in_keras():
    with pytest.warns(UserWarning, match="rankdir.*'HB', which is taken as 'TB'"):
        assert Diagram(direction="HB").direction == "TB"
