"""Models as drawings and as files."""

import sys
import xml.dom.minidom

import pytest

import keratorch as keras
from keratorch import layers
from keratorch.inspect import model_svg, model_to_dot, plot_model


@pytest.fixture
def chain():
    return keras.Sequential(
        [
            keras.Input((4,), name="data"),
            layers.Dense(8, activation="relu", name="hidden"),
            layers.Dense(3, name="out"),
        ],
        name="chain",
    )


@pytest.fixture
def residual():
    x = keras.Input((4,), name="data")
    y = layers.Dense(4, name="dense")(x)
    return keras.Model(x, layers.ReLU(name="relu")(y + x), name="residual")


def boxes(drawing):
    return {box.title: box for box in drawing.diagram.boxes.values()}


def arrows(drawing):
    titles = {key: box.title for key, box in drawing.diagram.boxes.items()}
    return {(titles[a], titles[b]) for a, b in drawing.diagram.arrows}


def test_a_sequential_model_is_a_chain(chain):
    assert arrows(model_to_dot(chain)) == {("data", "hidden"), ("hidden", "out")}


def test_a_model_without_known_shapes_is_drawn_too():
    model = keras.Sequential([layers.Dense(2, name="a"), layers.Dense(3, name="b")])
    drawing = model_to_dot(model, show_shapes=True)
    assert arrows(drawing) == {("a", "b")}
    assert dict(boxes(drawing)["a"].rows)["output"] == "?"


def test_a_functional_model_is_its_graph(residual):
    (add,) = [t for t in boxes(model_to_dot(residual)) if t.startswith("add")]
    expected = {("data", "dense"), ("dense", add), ("data", add), (add, "relu")}
    assert arrows(model_to_dot(residual)) == expected


def test_boxes_say_what_is_asked_for(chain):
    drawing = model_to_dot(
        chain,
        show_shapes=True,
        show_dtype=True,
        show_layer_activations=True,
        show_trainable=True,
    )
    assert boxes(drawing)["hidden"].rows == [
        ("activation", "relu"),
        ("input", "(None, 4)"),
        ("output", "(None, 8)"),
        ("dtype", "float32"),
        ("weights", "trainable"),
    ]
    assert boxes(drawing)["hidden"].beside == "Dense"
    assert boxes(model_to_dot(chain))["hidden"].rows == []


def test_names_may_be_left_out(chain):
    drawing = model_to_dot(chain, show_layer_names=False)
    assert [b.title for b in drawing.diagram.boxes.values()][1:] == ["Dense", "Dense"]


def test_a_shared_layer_is_one_box():
    shared = layers.Dense(4, name="shared")
    a, b = keras.Input((4,), name="a"), keras.Input((4,), name="b")
    model = keras.Model([a, b], layers.Add(name="add")([shared(a), shared(b)]))
    drawing = model_to_dot(model)
    assert arrows(drawing) == {("a", "shared"), ("b", "shared"), ("shared", "add")}


def test_a_layer_called_on_its_own_output_is_a_box_for_each_call():
    shared, x = layers.Dense(4, name="shared"), keras.Input((4,), name="x")
    drawing = model_to_dot(keras.Model(x, shared(shared(x))))
    assert [box.beside for box in drawing.diagram.boxes.values()] == [
        "InputLayer",
        "Dense",
        "Dense, call 2",
    ]


def test_nested_models_are_opened_on_demand(chain):
    x = keras.Input((4,), name="x")
    model = keras.Model(x, chain(x))
    assert boxes(model_to_dot(model))["chain"].inner is None
    inner = boxes(model_to_dot(model, expand_nested=True))["chain"].inner
    assert [b.title for b in inner.boxes.values()] == ["data", "hidden", "out"]


def test_a_subclass_is_one_box_that_lists_its_layers():
    class Own(keras.Model):
        def __init__(self):
            super().__init__(name="own")
            self.first = layers.Dense(2, name="first")

    (box,) = model_to_dot(Own()).diagram.boxes.values()
    assert box.title == "own" and box.rows == [("first", "Dense")]


def test_svg_is_well_formed_and_escaped():
    layer = layers.Dense(2, name="<b>&\"'")
    text = model_svg(keras.Sequential([keras.Input((2,)), layer], name="<i>"))
    xml.dom.minidom.parseString(text)
    assert "<b>" not in text and "<i>" not in text and "&lt;b&gt;&amp;" in text


def test_dot_quotes_names():
    layer = layers.Dense(2, name='a"b<c>')
    text = model_to_dot(keras.Sequential([layer])).to_string()
    assert "a&quot;b&lt;c&gt;" in text
    assert text.startswith("digraph") and text.count("{") == text.count("}")


def test_create_gives_the_bytes_that_old_notebooks_show(chain):
    drawing = model_to_dot(chain)
    assert drawing.create(prog="dot", format="svg") == drawing._repr_svg_().encode()
    with pytest.raises(ValueError, match="prog must be 'dot'"):
        drawing.create(prog="neato")
    with pytest.raises(ValueError, match="unknown format 'bmp'"):
        drawing.create(format="bmp")


@pytest.mark.parametrize(
    "name, start",
    [
        ("m.svg", b"<svg"),
        ("m.png", b"\x89PNG"),
        ("m.pdf", b"%PDF"),
        ("m.jpg", b"\xff\xd8"),
        ("m.jpeg", b"\xff\xd8"),
        ("m.eps", b"%!PS"),
        ("m.dot", b"digraph"),
    ],
)
def test_the_ending_of_the_name_says_the_format(chain, tmp_path, name, start):
    pytest.importorskip("matplotlib")
    assert plot_model(chain, tmp_path / name, dpi=40) is None
    assert (tmp_path / name).read_bytes().startswith(start)


def test_a_name_with_another_ending_is_an_error(chain, tmp_path):
    with pytest.raises(ValueError, match=r"\.svg, \.dot, \.png, .* or \.eps"):
        plot_model(chain, tmp_path / "model.bmp")


def test_png_without_matplotlib_names_the_extra(chain, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(ImportError, match=r"keratorch\[plot\]"):
        plot_model(chain, tmp_path / "model.png")
    assert not (tmp_path / "model.png").exists()


def test_files_are_written_by_the_methods_of_pydot(chain, tmp_path):
    pytest.importorskip("matplotlib")
    drawing = model_to_dot(chain)
    for form, start in (("svg", b"<svg"), ("png", b"\x89PNG"), ("pdf", b"%PDF")):
        getattr(drawing, f"write_{form}")(tmp_path / "model")
        assert (tmp_path / "model").read_bytes().startswith(start)
    assert drawing.create_svg().startswith(b"<svg")
    assert drawing.create_png().startswith(b"\x89PNG")


def test_dpi_is_the_number_of_pixels_per_inch(chain, tmp_path):
    image = pytest.importorskip("matplotlib.image")
    sizes = []
    for dpi in (50, 100):
        plot_model(chain, tmp_path / "m.png", dpi=dpi)
        sizes.append(image.imread(tmp_path / "m.png").shape[0])
    assert abs(sizes[1] - 2 * sizes[0]) <= 2


def test_what_is_no_model_is_named():
    with pytest.raises(TypeError, match="a model is needed; received a int"):
        model_to_dot(3)


def test_no_dpi_means_that_of_graphviz(chain):
    assert "dpi=96" in model_to_dot(chain, dpi=None).to_string()
