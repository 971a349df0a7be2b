"""The graph of a GradArray as a drawing and as HTML."""

import numpy as np
import pytest

from keratorch import GradArray
from keratorch.inspect import array_html, draw_graph


@pytest.fixture
def loss():
    x = GradArray(np.ones((2, 3)), name="x")
    w = GradArray(np.ones((3, 1)), name="w")
    return ((x @ w - 1) ** 2).sum()


def titles(drawing):
    return [box.title for box in drawing.diagram.boxes.values()]


def test_each_operation_and_leaf_is_one_box(loss):
    drawing = draw_graph(loss)
    assert sorted(titles(drawing)) == sorted(
        ["x", "w", "1", "2", "MatMulGrad", "SubtractGrad", "PowerGrad", "SumGrad"]
    )
    assert len(drawing.diagram.arrows) == 7


def test_an_array_that_is_used_twice_is_one_box():
    x = GradArray([1.0], name="x")
    assert titles(draw_graph(x * x + x)) == ["x", "MulGrad", "AddGrad"]


def test_values_and_gradients_of_small_arrays_are_shown(loss):
    loss.backward()
    boxes = draw_graph(loss, show_values=True).diagram.boxes.values()
    rows = {box.title: dict(box.rows) for box in boxes}
    assert rows["SumGrad"]["value"] == "8." and rows["SumGrad"]["grad"] == "1."
    assert rows["w"]["grad"] == "[[8.], [8.], [8.]]"
    assert "value" not in rows["x"]  # six elements are too many


def test_a_long_graph_says_what_is_left_out():
    x = GradArray(1.0, name="x")
    y = x
    for _ in range(5000):
        y = y + x
    drawing = draw_graph(y, max_nodes=10)
    assert "… 4,990 older operations, not drawn" in titles(drawing)
    assert len(drawing.diagram.boxes) == 12


def test_a_leaf_is_drawn_by_itself():
    assert titles(draw_graph(GradArray(1.0, name="x"))) == ["x"]


def test_several_roots_share_their_graph():
    x = GradArray([1.0], name="x")
    y = np.exp(x)
    assert sorted(titles(draw_graph([y, y * 2]))) == ["2", "ExpGrad", "MulGrad", "x"]


def test_what_is_no_grad_array_is_named():
    with pytest.raises(TypeError, match="needs a GradArray; received a ndarray"):
        draw_graph(np.ones(2))


def test_names_can_be_no_markup():
    x = GradArray([1.0], name="<script>alert(1)</script>")
    drawing = draw_graph(x * 2)
    for text in (drawing.to_svg(), drawing.to_string(), array_html(x), array_html(-x)):
        assert "<script" not in text
        assert "&lt;script" in text


def test_html_shows_values_gradient_and_operation(loss):
    x = GradArray([[1.0, 2.0]], name="x")
    y = x * x
    y.sum().backward()
    text = array_html(x)
    for part in ("x", "(1, 2)", "float64", ">2</td>", "grad", ">4</td>"):
        assert part in text
    assert "MulGrad" in array_html(y)


@pytest.mark.parametrize("shape", [(), (0,), (3,), (100, 100), (2, 3, 4), (0, 2, 2)])
def test_html_of_any_shape_is_short(shape):
    text = array_html(GradArray(np.ones(shape)))
    assert len(text) < 20_000
    assert text.count("<table") == text.count("</table>")
