"""Inputs and outputs of layers, which a loss reads as values, as in Keras 1 and 2.

    def contractive_loss(y_true, y_pred):
        h = model.get_layer("code").output
        return K.sum(K.square(y_true - y_pred) + K.square(h * (1 - h)), axis=1)

While such a loss or metric is called, they are those of the latest run of the model.
A model that the loss makes of them is made of the symbolic arrays, as ever.

It stands alone, since layers are finished by it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

from keratorch.nested import map_structure

#: The attributes and methods of layers and models that are symbolic arrays.
READ = frozenset(
    ("get_input_at", "get_output_at", "input", "inputs", "output", "outputs")
)
_symbols_and_values: ContextVar[tuple[list[Any], dict[int, Any]] | None]
_symbols_and_values = ContextVar("_symbols_and_values", default=None)


@contextlib.contextmanager
def known(symbols: list[Any], values: dict[int, Any]) -> Iterator[None]:
    """Let layers have values in place of symbolic arrays.

    Parameters
    ----------
    symbols : the symbolic arrays, those before which depend on them.
    values : what each of them is, by its id.
    """
    token = _symbols_and_values.set((symbols, values))
    try:
        yield
    finally:
        _symbols_and_values.reset(token)


def as_values(symbols: Any) -> Any:
    """Return the values of symbolic arrays in a loss; outside of it, the arrays."""
    now = _symbols_and_values.get()
    if now is None:
        return symbols
    return map_structure(lambda symbol: now[1].get(id(symbol), symbol), symbols)


def as_symbols(nested: Any) -> Any:
    """Return arguments in which each value of a symbolic array is that array again."""
    now = _symbols_and_values.get()
    if now is None:
        return nested
    symbols, values = now
    # of layers that return what they were given, the first
    known = {id(values[id(s)]): s for s in reversed(symbols) if id(s) in values}
    return map_structure(lambda part: known.get(id(part), part), nested)


def readable(symbols: property) -> property:
    """Return the property of a layer's symbolic arrays that a loss reads as values."""

    def read(layer: Any) -> Any:
        return as_values(symbols.fget(layer))  # type: ignore[misc]

    return property(read, symbols.fset, doc=symbols.__doc__)
