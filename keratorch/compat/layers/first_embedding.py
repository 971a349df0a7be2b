"""A Sequential that begins with an Embedding knows its input in older scripts.

Keras 1 and 2 took `Embedding(n, m)` as a first layer for ``input_shape=(None,)``: the
model had weights, shapes, `input` and `output` at once. In Keras 3 it waits for data.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from keratorch import layers
from keratorch.compat import dialect
from keratorch.compat.models.attributes import name_input


def built_at_once(build_if_known: Callable[[Any], None]) -> Callable[[Any], None]:
    """Return the method that builds a Sequential, at sequences of any length.

    A layer that needs the length, as Dense behind Flatten, leaves the model as Keras 3
    has it: the data will say it.
    """

    @functools.wraps(build_if_known)
    def build(model: Any) -> None:
        if _may_guess(model):
            model._input = name_input(
                layers.InputLayer(batch_shape=(None, None)), model._layers[0]
            )
            model._input_is_guessed = True
        if not model.__dict__.get("_input_is_guessed"):
            build_if_known(model)
            return
        try:
            build_if_known(model)
        except ValueError:
            _forget_input(model)

    return build


def _may_guess(model: Any) -> bool:
    known = model._input is not None or model._built_shape is not None
    asked = "_input_is_guessed" in model.__dict__
    if known or asked or not model._layers or not dialect.is_older():
        return False
    return isinstance(model._layers[0], layers.Embedding)


def _forget_input(model: Any) -> None:
    """Leave the model without an input, and its layers without calls on it."""
    symbols = {id(symbol) for symbol in model._symbols_so_far}
    for layer in model._layers:
        layer._nodes[:] = [n for n in layer._nodes if id(n.outputs) not in symbols]
    model._symbols_so_far.clear()
    model._input = model._network = model._built_shape = None
    model._input_is_guessed = model.built = False
