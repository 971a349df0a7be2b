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
import functools
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any

from keratorch import compat
from keratorch.nested import map_structure

#: The attributes and methods of layers and models that are symbolic arrays.
READ = frozenset(
    ("get_input_at", "get_output_at", "input", "inputs", "output", "outputs")
)


class Latest:
    """What a loss reads in one call.

    Parameters
    ----------
    symbols : symbolic arrays of the model.
    values : what each of them is, by its id.
    variables : those that the loss made in its first call.
    """

    def __init__(self, symbols: list[Any], values: dict[int, Any], variables: list):
        self.symbols, self.values, self.variables = symbols, values, variables
        self._count = 0

    def variable(self, make: Callable[[], Any]) -> Any:
        """Return a variable, made in the first call: a graph has it once."""
        if self._count == len(self.variables):
            self.variables.append(make())
        self._count += 1
        return self.variables[self._count - 1]


_latest: ContextVar[Latest | None] = ContextVar("_latest", default=None)


@contextlib.contextmanager
def known(latest: Latest) -> Iterator[None]:
    """Let layers have values in place of symbolic arrays."""
    token = _latest.set(latest)
    try:
        yield
    finally:
        _latest.reset(token)


def as_values(symbols: Any) -> Any:
    """Return the values of symbolic arrays in a loss; outside of it, the arrays."""
    latest = _latest.get()
    if latest is None:
        return symbols
    values = latest.values
    return map_structure(lambda symbol: values.get(id(symbol), symbol), symbols)


def as_symbols(nested: Any) -> Any:
    """Return arguments in which each value of a symbolic array is that array again."""
    latest = _latest.get()
    if latest is None:
        return nested
    values = latest.values
    # of layers that return what they were given, the first
    symbols = {
        id(values[id(s)]): s for s in reversed(latest.symbols) if id(s) in values
    }
    return map_structure(lambda part: symbols.get(id(part), part), nested)


def made_once(variable: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``K.variable``, of which a loss of a script has one for all its calls.

    Keras 1 and 2 called a loss once, to write it into the graph: so a variable with the
    weights of a layer keeps those from then.
    """

    @functools.wraps(variable)
    def made(*args: Any, **kwargs: Any) -> Any:
        latest = _latest.get()
        if latest is None or not compat._finder.serves_keras:
            return variable(*args, **kwargs)
        return latest.variable(lambda: variable(*args, **kwargs))

    return made


def readable(symbols: property) -> property:
    """Return the property of a layer's symbolic arrays that a loss reads as values."""

    def read(layer: Any) -> Any:
        return as_values(symbols.__get__(layer))

    return property(read, symbols.fset, doc=symbols.__doc__)
