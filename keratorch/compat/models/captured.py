"""Losses that mean symbolic arrays of their model, as in Keras 1 and 2.

    z_mean, z_log_var = Dense(2)(h), Dense(2)(h)

    def vae_loss(x, x_decoded):
        return mse(x, x_decoded) - 0.5 * K.mean(1 + z_log_var - K.square(z_mean))

When such a loss is called, each symbolic array has the value of the latest run of the
model. `model.add_loss` says the same today.
"""

from __future__ import annotations

import contextlib
import copy
import functools
from collections.abc import Callable, Iterator
from types import CellType, FunctionType, MethodType
from typing import Any

from keratorch.compat.models import latest_values
from keratorch.compat.models.script_functions import (
    free_names,
    names,
    of_the_script,
    reads,
)
from keratorch.compat.spoken import say_modern
from keratorch.core import GradArray
from keratorch.masks import get_mask, set_mask
from keratorch.models.network import Network
from keratorch.models.sequential import Sequential
from keratorch.modes import current_mode, enable_grad
from keratorch.nested import flatten, map_structure
from keratorch.symbolic import is_symbolic, substituted


class WatchedNetwork(Network):
    """A network that keeps the values of some of its symbolic arrays.

    Parameters
    ----------
    network : the one that runs.
    symbols : symbolic arrays that can be computed from its inputs.
    name : str, of the model.
    wanting : those of them that a loss may ask a gradient for.
    """

    is_watched = True

    def __init__(
        self, network: Network, symbols: list[Any], name: str, wanting: list[Any]
    ):
        super().__init__(network.inputs, [network.outputs, symbols], name)
        self._both, self.symbols, self.wanting = self.outputs, symbols, wanting
        self._alone: Network = getattr(network, "_alone", network)
        self.operations, self.nodes = network.operations, network.nodes
        self.outputs, self.flat_outputs = network.outputs, network.flat_outputs
        self.couples_samples = True  # a loss sees the values of all samples at once
        self.differentiates = getattr(network, "differentiates", False)
        self.values: dict[int, Any] = {}

    def run(self, values: list[Any]) -> Any:
        """Return the outputs, and keep what is watched."""
        self.values = {}  # those of the last run need memory no longer
        known = dict(zip(map(id, self.flat_inputs), values, strict=True))
        with self.mode():
            self._compute(known)
            outputs, watched = substituted(self._both, known)
        self.values = dict(zip(map(id, self.symbols), watched, strict=True))
        return outputs

    def __reduce__(self) -> tuple:
        """Let copies and files have the network alone: the losses know this one."""
        return _itself, (self._alone,)

    def mode(self) -> Any:
        """Return the mode in which the model runs, and its losses are called."""
        return enable_grad() if self.differentiates else contextlib.nullcontext()

    def _compute(self, known: dict[int, Any]) -> None:
        wanted_ids = set(map(id, self.wanting))
        for key in wanted_ids & known.keys():
            known[key] = _differentiable(known[key])
        for node, over in self._steps:
            node.run(known)
            for key in wanted_ids.intersection(map(id, flatten(node.outputs))):
                known[key] = _differentiable(known[key])
            for key in over:
                del known[key]


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


def running(model: Any) -> Any:
    """Return the network that a model runs, with the losses of `add_loss` if any."""
    if isinstance(model, Sequential):  # which runs its layers, and never that one
        return model._network
    return model._with_losses or model._network


def _itself(network: Network) -> Network:
    return network


def _differentiable(value: Any) -> Any:
    """Return a value that a loss may ask a gradient for, if gradients are recorded."""
    floats = isinstance(value, GradArray) and value._array.dtype.kind == "f"
    if not floats or value.requires_grad or not current_mode.get().records:
        return value
    wanting = GradArray(value._array, requires_grad=True)
    set_mask(wanting, get_mask(value))
    return wanting


def _one_with_values(model: Any, loss: Any) -> Any:
    captured = list(_symbols_of(loss))
    asked = _all_symbols(model) if reads(loss, latest_values.READ) else []
    with_gradients = names(loss, frozenset(("gradients",)))
    computed = [s for s in captured if s.node is not None and s.node.inputs]
    watched = [
        _watched(model, symbols, symbols if with_gradients else wanting)
        for symbols, wanting in ((captured, computed), (asked, []))
        if symbols
    ]
    if not any(watched):
        return loss
    running(model).differentiates |= with_gradients
    name = getattr(loss, "__name__", "loss")
    if captured:
        say_modern(f"loss={name} with symbolic arrays in it", "model.add_loss")

    variables: list[Any] = []

    def with_latest(*args: Any, **kwargs: Any) -> Any:
        network = running(model)
        if not isinstance(network, WatchedNetwork):  # another one since `compile`
            return loss(*args, **kwargs)
        values = network.values
        current = _again(loss, values) if captured else loss
        latest = latest_values.Latest(network.symbols, values, variables)
        with network.mode(), latest_values.known(latest):
            result = current(*args, **kwargs)
        network.values = values  # the loss may have run the model on other data
        return result

    with_latest.__name__ = name
    return with_latest


def _all_symbols(model: Any) -> list[Any]:
    """Return what a loss may ask the layers of a model for."""
    outputs = flatten([node.outputs for node in running(model).nodes])
    return list(filter(is_symbolic, outputs))


def _symbols_of(loss: Any) -> Iterator[Any]:
    """Yield the symbolic arrays that a function means, be it partial or a method."""
    if isinstance(loss, FunctionType):
        yield from _symbols_in(loss, set())
    elif isinstance(loss, functools.partial):
        yield from filter(is_symbolic, flatten([loss.args, loss.keywords]))
        yield from _symbols_of(loss.func)
    elif isinstance(loss, MethodType) and isinstance(loss.__func__, FunctionType):
        yield from _symbols_in(loss.__func__, set())
        yield from _attributes(loss).values()


def _again(loss: Any, values: dict[int, Any]) -> Any:
    """Return the function, partial or method with values in place of symbols."""

    def current(given: Any) -> Any:
        return map_structure(lambda part: values.get(id(part), part), given)

    if isinstance(loss, functools.partial):
        known = {name: current(value) for name, value in loss.keywords.items()}
        return functools.partial(
            _again(loss.func, values), *map(current, loss.args), **known
        )
    if isinstance(loss, MethodType):
        owner = copy.copy(loss.__self__)
        for name, symbol in _attributes(loss).items():
            setattr(owner, name, values.get(id(symbol), symbol))
        return MethodType(_again(loss.__func__, values), owner)
    return _rebuilt(loss, values) if isinstance(loss, FunctionType) else loss


def _attributes(method: MethodType) -> dict[str, Any]:
    """Return the symbolic attributes that a method, and those it calls, read."""
    owner, found, met = method.__self__, {}, set()
    stack: list[Any] = [method.__func__]
    while stack:
        function = stack.pop()
        if function in met or not isinstance(function, FunctionType):
            continue
        met.add(function)
        for name in function.__code__.co_names:
            stack.append(getattr(type(owner), name, None))
            value = getattr(owner, "__dict__", {}).get(name)
            if is_symbolic(value):
                found[name] = value
    return found


def _watched(
    model: Any, symbols: list[Any], wanting: list[Any]
) -> WatchedNetwork | None:
    """Let the model keep the values of symbols, too; None if it cannot know them."""
    known = running(model)
    if isinstance(known, WatchedNetwork):
        symbols, wanting = [*known.symbols, *symbols], [*known.wanting, *wanting]
    symbols = list({id(s): s for s in symbols}.values())
    try:
        watched = WatchedNetwork(known, symbols, model.name, wanting)
    except ValueError:  # of another model
        return None
    setattr(model, "_network" if known is model._network else "_with_losses", watched)
    return watched


def _symbols_in(function: FunctionType, met: set[int]) -> Iterator[Any]:
    """Yield the symbolic arrays that a function, and those it calls, mean by name."""
    if id(function) in met:
        return
    met.add(id(function))
    for _, value in free_names(function):
        for part in flatten(value):
            if is_symbolic(part):
                yield part
        if of_the_script(value, function):
            yield from _symbols_in(value, met)
        else:
            yield from _held_by(value, function).values()


def _rebuilt(function: FunctionType, values: dict[int, Any]) -> Callable[..., Any]:
    """Return the function with values in place of the symbolic arrays it means."""
    made: dict[int, Any] = {}

    def current(value: Any, inside: FunctionType) -> Any:
        if of_the_script(value, inside):
            return again(value)
        if held := _held_by(value, inside):
            owner = copy.copy(value)
            for name, symbol in held.items():
                setattr(owner, name, values.get(id(symbol), symbol))
            return owner
        if any(id(part) in values for part in flatten(value)):
            return map_structure(lambda part: values.get(id(part), part), value)
        return value

    def again(old: FunctionType) -> FunctionType:
        if id(old) in made:
            return made[id(old)]
        names = dict(free_names(old))
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


def _held_by(value: Any, function: FunctionType) -> dict[str, Any]:
    """Return the symbolic attributes that a function reads of a script's object."""
    if type(value).__module__ != function.__module__ or not hasattr(value, "__dict__"):
        return {}
    return _attributes(MethodType(function, value))
