"""Models as diagrams: a box for each layer, an arrow for each array that it gets.

A model is known by its ``layers`` and ``name``; if it has symbolic ``inputs`` and
``outputs``, by the steps between them.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from keratorch.inspect.diagram import Box, Diagram
from keratorch.inspect.layers import topological
from keratorch.nested import flatten

_KINDS = {  # parts of class names, the first that fits
    "Input": "input",
    "Pool": "pooling",
    "UpSampling": "pooling",
    "Attention": "attention",
    "LSTM": "recurrent",
    "GRU": "recurrent",
    "RNN": "recurrent",
    "Bidirectional": "recurrent",
    "TimeDistributed": "recurrent",
    "Conv": "convolution",
    "ActivityRegularization": "regularization",
    "Normalization": "normalization",
    "Dropout": "regularization",
    "Noise": "regularization",
    "Dense": "dense",
    "Embedding": "dense",
    "Activation": "activation",
    "LU": "activation",
    "Softmax": "activation",
    "Add": "merge",
    "Concatenate": "merge",
    "Multiply": "merge",
    "Average": "merge",
    "Subtract": "merge",
    "Maximum": "merge",
    "Minimum": "merge",
    "Dot": "merge",
    "Flatten": "shape",
    "Reshape": "shape",
    "Permute": "shape",
    "Repeat": "shape",
    "Cropping": "shape",
    "Padding": "shape",
    "Rescaling": "shape",
    "Resizing": "shape",
}

_SHAPES = 4  # rows of shapes in a box


@dataclass
class Shown:
    """What a model's drawing shows of each layer; the arguments of `plot_model`."""

    shapes: bool = False
    dtype: bool = False
    names: bool = True
    activations: bool = False
    trainable: bool = False
    expand: bool = False
    direction: str = "TB"
    splines: str = "ortho"


def model_diagram(model: Any, shown: Shown) -> Diagram:
    """Return the diagram of a model.

    Raises
    ------
    TypeError : something that has no layers.
    """
    if not hasattr(model, "layers"):
        raise TypeError(f"a model is needed; received a {type(model).__name__}.")
    diagram = Diagram(
        title=str(model.name), direction=shown.direction, splines=shown.splines
    )
    outputs = getattr(model, "outputs", None)
    if outputs:
        _add_steps(diagram, _steps(outputs, model.inputs), shown)
    elif any(kind.__name__ == "Sequential" for kind in type(model).__mro__):
        for layer in model.layers:
            diagram.boxes[id(layer)] = _layer_box(layer, None, shown)
        keys = list(diagram.boxes)
        diagram.arrows += itertools.pairwise(keys)
    else:  # how its layers are joined only its call knows
        rows = [(layer.name, type(layer).__name__) for layer in model.layers]
        box = Box(str(model.name), type(model).__name__, rows, "model")
        diagram.boxes[id(model)] = box
    return diagram


def _steps(outputs: Iterable[Any], inputs: Iterable[Any]) -> list[Any]:
    """Return the nodes from the inputs to the outputs, oldest first."""
    ends = {id(x) for x in inputs}
    found = {id(x.node): x.node for x in [*inputs, *outputs]}
    stack = [x for x in outputs if id(x) not in ends]
    while stack:
        for x in stack.pop().node.inputs:
            if id(x.node) not in found:
                found[id(x.node)] = x.node
                stack.append(x)
    return sorted(found.values(), key=lambda node: node.number)


def _add_steps(diagram: Diagram, steps: list[Any], shown: Shown) -> None:
    """Add a box for each layer, or for each call where they would make a circle."""
    inside = {id(node) for node in steps}
    arrows = [
        (x.node, node)
        for node in steps
        for x in node.inputs
        if id(x.node) in inside and x.node is not node
    ]
    by_layer = [(id(a.operation), id(b.operation)) for a, b in arrows]
    layers = {id(node.operation): node for node in steps}
    circle = topological(layers, list(set(by_layer))) is None
    calls: dict[int, int] = {}
    for node in steps:
        call = calls[id(node.operation)] = calls.get(id(node.operation), 0) + 1
        key = id(node) if circle else id(node.operation)
        if key not in diagram.boxes:
            box = _layer_box(node.operation, node, shown)
            if call > 1:
                box.beside = f"{box.beside}, call {call}".removeprefix(", ")
            diagram.boxes[key] = box
    for start, end in arrows:
        if circle:
            diagram.connect(id(start), id(end))
        else:
            diagram.connect(id(start.operation), id(end.operation))


def _layer_box(layer: Any, node: Any, shown: Shown) -> Box:
    kind = type(layer).__name__
    is_function = kind == "Function"
    is_model = hasattr(layer, "layers")
    inner = None
    if shown.expand and is_model and (getattr(layer, "outputs", None) or layer.layers):
        inner = model_diagram(layer, shown)
    title, beside = (str(layer.name), kind) if shown.names else (kind, "")
    if is_function:
        title, beside = str(layer.name), "operation" if shown.names else ""
    rows = [] if inner else _rows(layer, node, shown)
    return Box(title, beside, rows, "model" if is_model else _kind(kind), inner)


def _kind(name: str) -> str:
    return next((kind for part, kind in _KINDS.items() if part in name), "operation")


def _rows(layer: Any, node: Any, shown: Shown) -> list[tuple[str, str]]:
    rows = []
    activation = getattr(layer, "activation", None)
    if shown.activations and activation is not None:
        name = getattr(activation, "__name__", type(activation).__name__)
        rows.append(("activation", name))
    if shown.shapes:
        if node is None or node.inputs:
            rows += _shapes("input", () if node is None else node.inputs)
        rows += _shapes("output", () if node is None else flatten(node.outputs))
    if shown.dtype:
        outputs = [] if node is None else flatten(node.outputs)
        kinds = dict.fromkeys(str(x.dtype) for x in outputs if hasattr(x, "dtype"))
        rows.append(("dtype", ", ".join(kinds) or str(getattr(layer, "dtype", "?"))))
    if shown.trainable and getattr(layer, "weights", None):
        rows.append(("weights", "trainable" if layer.trainable else "not trainable"))
    return rows


def _shapes(label: str, arrays: Iterable[Any]) -> list[tuple[str, str]]:
    """Return a row for each of the first shapes, and how many more there are."""
    shapes = [str(tuple(x.shape)) for x in arrays if hasattr(x, "shape")] or ["?"]
    if len(shapes) > _SHAPES:
        shapes[_SHAPES - 1 :] = [f"… {len(shapes) - _SHAPES + 1} more"]
    return [(label if not i else "", shape) for i, shape in enumerate(shapes)]
