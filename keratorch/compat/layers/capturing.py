"""Layers that mean symbolic arrays other than their inputs, as in Keras 1 and 2.

    class VariationalLayer(Layer):
        def call(self, inputs):
            self.add_loss(K.mean(K.square(z_mean)))  # z_mean is symbolic
            return inputs

    Lambda(lambda x: x * weights)(features)  # and so is weights

In a graph such an array has its value when the layer runs. Here it becomes one more
input of a layer around it, which puts the value into the functions for each call.
"""

from __future__ import annotations

import dis
import functools
import threading
import types
from collections.abc import Callable, Iterator
from typing import Any

from keratorch.compat.models.captured import _rebuilt, _symbols_in
from keratorch.compat.models.script_functions import codes_within
from keratorch.compat.spoken import say_modern
from keratorch.layers import Lambda, Layer
from keratorch.symbolic import is_symbolic

_lock = threading.RLock()  # a layer holds the values of one call at a time


class Capturing(Layer):
    """A layer whose functions mean symbolic arrays, which come as further inputs.

    Parameters
    ----------
    layer : the layer itself.
    symbols : list of the arrays that it means.
    """

    def __init__(self, layer: Any, symbols: list[Any]):
        super().__init__(name=layer.name)
        self.layer = layer
        self._meant = [id(symbol) for symbol in symbols]

    def call(self, inputs: Any, captured: list[Any], **kwargs: Any) -> Any:
        values = dict(zip(self._meant, captured, strict=True))
        with _lock:
            return self._call_with(values, inputs, kwargs)

    def _call_with(
        self, values: dict[int, Any], inputs: Any, kwargs: dict[str, Any]
    ) -> Any:
        own = vars(self.layer)
        put = {
            name: _with_values(function, values, self.layer)
            for name, function in _functions(self.layer)
        }
        for name, symbol in _symbols_held(self.layer):
            if id(symbol) in values:
                put[name] = values[id(symbol)]
        before = {name: own[name] for name in put if name in own}
        own.update(put)
        try:
            return self.layer(inputs, **kwargs)
        finally:
            for name in put:
                del own[name]
            own.update(before)


def written_down(write: Callable[..., Any]) -> Callable[..., Any]:
    """Return the method by which a layer is called on symbolic arrays."""

    @functools.wraps(write)
    def written(layer: Any, args: tuple, kwargs: dict[str, Any]) -> Any:
        if _differentiates(layer):
            return _of_symbols(layer, args[0])
        symbols = [] if isinstance(layer, Capturing) else _meant_by(layer)
        if not symbols:
            return write(layer, args, kwargs)
        say_modern(
            f"{type(layer).__name__} with symbolic arrays in it",
            "a layer that takes them in the list of its inputs",
        )
        return Capturing(layer, symbols)(args[0], symbols, **kwargs)

    return written


def _differentiates(layer: Any) -> bool:
    """Return whether a Lambda asks how one of its inputs came from another."""
    function = layer.function if isinstance(layer, Lambda) else None
    if not isinstance(function, types.FunctionType):
        return False
    return "gradients" in function.__code__.co_names


def _of_symbols(layer: Lambda, inputs: Any) -> Any:
    """Return what a Lambda computes, as steps of the graph instead of one of its own.

    ``Lambda(lambda xs: K.gradients(K.sum(xs[1]), xs[0]))``: a step of its own would see
    two arrays that have nothing to do with each other.
    """
    outputs = layer.function(inputs, **layer.arguments)
    single = isinstance(outputs, (list, tuple)) and len(outputs) == 1
    return outputs[0] if single else outputs


def _meant_by(layer: Any) -> list[Any]:
    """Return the symbolic arrays that a layer means by itself, not by its arguments.

    ``Lambda(lambda x: weights * features)(weights)``: one may be an input as well.
    """
    found = [s for _, f in _functions(layer) for s in _symbols_in(f, set())]
    found += [symbol for _, symbol in _symbols_held(layer)]
    return list({id(s): s for s in found}.values())


def _symbols_held(layer: Any) -> list[tuple[str, Any]]:
    """Return the attributes that are symbolic arrays, and that its functions read.

    ``self.attention = attention``, given to the constructor of a layer that calls it by
    this name. A model holds those that it is made of, and what a function sets it
    noted from another call.
    """
    held = [(name, x) for name, x in vars(layer).items() if is_symbolic(x)]
    if not held or hasattr(layer, "fit"):
        return []
    codes = [
        c for _, function in _functions(layer) for c in codes_within(function.__code__)
    ]
    steps = [step for code in codes for step in dis.get_instructions(code)]
    noted = {step.argval for step in steps if step.opname == "STORE_ATTR"}
    read = {name for code in codes for name in code.co_names} - noted
    return [(name, symbol) for name, symbol in held if name in read]


def _functions(layer: Any) -> Iterator[tuple[str, types.FunctionType]]:
    """Yield the functions that a script wrote for a layer, by their attribute."""
    if isinstance(layer, Lambda):
        if isinstance(layer.function, types.FunctionType):
            yield "function", layer.function
        return
    seen: set[str] = set()
    for cls in type(layer).__mro__:
        if cls.__module__.startswith("keratorch."):
            return
        for name, value in vars(cls).items():
            if isinstance(value, types.FunctionType) and name not in seen:
                seen.add(name)
                if not name.startswith("__"):
                    yield name, value


def _with_values(
    function: types.FunctionType, values: dict[int, Any], layer: Any
) -> Any:
    rebuilt = _rebuilt(function, values)
    if isinstance(layer, Lambda):
        return rebuilt
    return types.MethodType(rebuilt, layer)
