"""What a layer was given and returned at each of its symbolic calls, by their number.

    shared(a), shared(b)
    shared.get_output_at(1)         # the output for b
    shared.get_output_shape_at(-1)

A model's own inputs and outputs are those of its call 0.
"""

from __future__ import annotations

from typing import Any

from keratorch.compat.models.latest_values import as_values
from keratorch.compat.spoken import say_modern
from keratorch.masks import get_mask
from keratorch.nested import map_structure


def get_input_at(layer: Any, node_index: int) -> Any:
    """Return the input of a layer at one of its calls; `input` is that of the first."""
    return as_values(_at(layer, "input", node_index))


def get_output_at(layer: Any, node_index: int) -> Any:
    """Return a layer's output at one of its calls; `output` is that of the first."""
    return as_values(_at(layer, "output", node_index))


def get_input_shape_at(layer: Any, node_index: int) -> Any:
    """Return the shape of the input at one of the calls."""
    return map_structure(_shape, _at(layer, "input", node_index))


def get_output_shape_at(layer: Any, node_index: int) -> Any:
    """Return the shape of the output at one of the calls."""
    return map_structure(_shape, _at(layer, "output", node_index))


def get_input_mask_at(layer: Any, node_index: int) -> Any:
    """Return the mask of the input at one of the calls, None without one."""
    return map_structure(get_mask, _at(layer, "input", node_index))


def get_output_mask_at(layer: Any, node_index: int) -> Any:
    """Return the mask of the output at one of the calls, None without one."""
    return map_structure(get_mask, _at(layer, "output", node_index))


def _at(layer: Any, which: str, number: int) -> Any:
    if number in (0, -1):
        say_modern(f"layer.get_{which}_at(0)", f"layer.{which}")
    found = [_of_call(node, which) for node in layer._nodes]
    if hasattr(layer, "layers"):
        found.insert(0, getattr(layer, which))
    try:
        return found[number]
    except IndexError:
        raise ValueError(
            f"layer.get_{which}_at({number}): '{layer.name}' has had {len(found)} "
            "calls on symbolic arrays, counted from 0."
        ) from None


def _of_call(node: Any, which: str) -> Any:
    """Return what went into a call, or came out of it; an input came out of itself."""
    inputs = node.inputs
    if which == "output" or not inputs:
        return node.outputs
    return inputs[0] if len(inputs) == 1 else inputs


def _shape(symbol: Any) -> tuple:
    return symbol.shape


METHODS = {
    method.__name__: method
    for method in (
        *(get_input_at, get_input_mask_at, get_input_shape_at),
        *(get_output_at, get_output_mask_at, get_output_shape_at),
    )
}
