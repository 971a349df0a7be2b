"""Losses that mean symbolic arrays of their model, as in Keras 1 and 2.

    z_mean, z_log_var = Dense(2)(h), Dense(2)(h)

    def vae_loss(x, x_decoded):
        return mse(x, x_decoded) - 0.5 * K.mean(1 + z_log_var - K.square(z_mean))

When such a loss is called, each symbolic array has the value of the latest run of the
model. `model.add_loss` says the same today.
"""

from __future__ import annotations

import dis
import functools
from collections.abc import Callable, Iterator
from types import CellType, CodeType, FunctionType
from typing import Any

from keratorch.compat.spoken import say_modern
from keratorch.models.network import Network
from keratorch.nested import flatten, map_structure
from keratorch.symbolic import is_symbolic, substituted


class WatchedNetwork(Network):
    """A network that keeps the values of some of its symbolic arrays.

    Parameters
    ----------
    network : the one that runs.
    symbols : symbolic arrays that can be computed from its inputs.
    name : str, of the model.
    """

    def __init__(self, network: Network, symbols: list[Any], name: str):
        super().__init__(network.inputs, [network.outputs, symbols], name)
        self._both, self._symbols = self.outputs, symbols
        self.operations, self.nodes = network.operations, network.nodes
        self.outputs, self.flat_outputs = network.outputs, network.flat_outputs
        self.values: dict[int, Any] = {}

    def run(self, values: list[Any]) -> Any:
        """Return the outputs, and keep what is watched."""
        known = dict(zip(map(id, self.flat_inputs), values, strict=True))
        for node, over in self._steps:
            node.run(known)
            for key in over:
                del known[key]
        outputs, watched = substituted(self._both, known)
        self.values = dict(zip(map(id, self._symbols), watched, strict=True))
        return outputs


def with_values(model: Any, losses: Any) -> Any:
    """Return losses or metrics that find values where they mean symbolic arrays.

    Parameters
    ----------
    model : a model that is made of symbolic arrays; others are left alone.
    losses : a function, or nested lists and dicts with functions among them.
    """
    if getattr(model, "_network", None) is None:
        return losses
    return map_structure(lambda loss: _one_with_values(model, loss), losses)


def _one_with_values(model: Any, loss: Any) -> Any:
    if not isinstance(loss, FunctionType):
        return loss
    symbols = list({id(s): s for s in _symbols_in(loss, set())}.values())
    network = _watched(model, symbols) if symbols else None
    if network is None:
        return loss
    say_modern(f"loss={loss.__name__} with symbolic arrays in it", "model.add_loss")

    @functools.wraps(loss)
    def with_latest(*args: Any, **kwargs: Any) -> Any:
        return _rebuilt(loss, model._network.values)(*args, **kwargs)

    return with_latest


def _watched(model: Any, symbols: list[Any]) -> WatchedNetwork | None:
    """Let the model keep the values of symbols, too; None if it cannot know them."""
    known = model._network
    if isinstance(known, WatchedNetwork):
        symbols = [*known._symbols, *symbols]
    try:
        model._network = WatchedNetwork(known, symbols, model.name)
    except ValueError:  # of another model
        return None
    return model._network


def _symbols_in(function: FunctionType, met: set[int]) -> Iterator[Any]:
    """Yield the symbolic arrays that a function, and those it calls, mean by name."""
    if id(function) in met:
        return
    met.add(id(function))
    for _, value in _free_names(function):
        for part in flatten(value):
            if is_symbolic(part):
                yield part
        if _of_the_script(value, function):
            yield from _symbols_in(value, met)


def _free_names(function: FunctionType) -> Iterator[tuple[str, Any]]:
    """Yield the names that a function takes from outside, with what they stand for."""
    cells = function.__closure__ or ()
    for name, cell in zip(function.__code__.co_freevars, cells, strict=True):
        if _is_filled(cell):
            yield name, cell.cell_contents
    for name in _globals_of(function.__code__):
        if name in function.__globals__:
            yield name, function.__globals__[name]


def _globals_of(code: CodeType) -> set[str]:
    names = {i.argval for i in dis.get_instructions(code) if i.opname == "LOAD_GLOBAL"}
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            names |= _globals_of(constant)
    return names


def _rebuilt(function: FunctionType, values: dict[int, Any]) -> Callable[..., Any]:
    """Return the function with values in place of the symbolic arrays it means."""
    made: dict[int, Any] = {}

    def current(value: Any, inside: FunctionType) -> Any:
        if _of_the_script(value, inside):
            return again(value)
        if any(id(part) in values for part in flatten(value)):
            return map_structure(lambda part: values.get(id(part), part), value)
        return value

    def again(old: FunctionType) -> FunctionType:
        if id(old) in made:
            return made[id(old)]
        names = dict(_free_names(old))
        cells = tuple(CellType() for _ in old.__closure__ or ())
        scope = {**old.__globals__}
        new = FunctionType(
            old.__code__, scope, old.__name__, old.__defaults__, cells or None
        )
        new.__kwdefaults__ = old.__kwdefaults__
        made[id(old)] = new
        for name, cell in zip(old.__code__.co_freevars, cells, strict=True):
            if name in names:
                cell.cell_contents = current(names.pop(name), old)
        scope.update({name: current(value, old) for name, value in names.items()})
        return new

    return again(function)


def _of_the_script(value: Any, function: FunctionType) -> bool:
    return isinstance(value, FunctionType) and value.__module__ == function.__module__


def _is_filled(cell: CellType) -> bool:
    try:
        return cell.cell_contents is not cell
    except ValueError:
        return False
