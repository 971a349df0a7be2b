"""Inputs of a model that its first layer is given by name, as in Keras 0.

    dream = K.placeholder((1, 3, 600, 600))
    first_layer = ZeroPadding2D((1, 1), input_shape=(3, 600, 600))
    first_layer.input = dream
    model.add(first_layer)

So losses and gradients of the symbol `dream` are those of the model's input.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from keratorch.compat.spoken import say_modern


def settable(known: property) -> property:
    """Return the property of a layer's symbolic input that can be set."""

    def read(layer: Any) -> Any:
        given = vars(layer).get("_given_input")
        return known.fget(layer) if given is None else given  # type: ignore[misc]

    def write(layer: Any, symbol: Any) -> None:
        say_modern("layer.input = x", "layer(x), keras.Model(x, y)")
        if _input_layer_of(symbol) is None:
            raise NotImplementedError(
                f"{layer.name}.input = x: x must be keras.Input(...) or a placeholder. "
                "For what is computed, call the layers on it, one after the other."
            )
        object.__setattr__(layer, "_given_input", symbol)

    return property(read, write, doc=known.__doc__)


def of_the_first(append: Callable[..., None]) -> Callable[..., None]:
    """Return the method by which a Sequential begins with the input of its first."""

    @functools.wraps(append)
    def appended(model: Any, layer: Any) -> None:
        given = getattr(layer, "__dict__", {}).get("_given_input")
        if given is not None and not model._layers:
            append(model, _input_layer_of(given))
        append(model, layer)

    return appended


def _input_layer_of(symbol: Any) -> Any:
    """Return the InputLayer that a symbol comes from, None for another symbol."""
    layer = getattr(getattr(symbol, "node", None), "operation", None)
    return layer if type(layer).__name__ == "InputLayer" else None
