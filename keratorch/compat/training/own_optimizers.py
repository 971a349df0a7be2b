"""Optimizers of one's own in Keras 2's way: they define `get_updates`.

    class Descent(Optimizer):
        def __init__(self, lr=0.01, **kwargs):
            super().__init__(**kwargs)
            self.iterations = K.variable(0, dtype='int64', name='iterations')
            self.lr = K.variable(lr, name='lr')

        def get_updates(self, loss, params):
            self.updates = [K.update_add(self.iterations, 1)]
            for p, g in zip(params, self.get_gradients(loss, params)):
                self.updates.append(K.update(p, p - self.lr * g))
            return self.updates

In a graph `get_updates` ran once, and wrote the steps down. Here it runs for each step:
gradients are those of the step, variables that it makes are made in the first step and
found again in the next ones, and what it updates is written at its end.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from keratorch import backend, graph
from keratorch.backend import tensors
from keratorch.core import GradArray
from keratorch.modes import no_grad

#: What such an optimizer keeps in attributes of its own, as Keras 2's did.
_OWN = ("decay", "iterations", "lr", "updates", "weights")
_MAKERS = ("ones", "variable", "zeros")
_UPDATES: dict[str, Callable[[Any, Any], Any]] = {
    "update": lambda x, new: new,
    "update_add": lambda x, change: x + change,
    "update_sub": lambda x, change: x - change,
}


def adopt(cls: type) -> None:
    """Let a subclass of Optimizer that defines `get_updates` train models."""
    for name in _OWN:
        if name not in vars(cls):
            setattr(cls, name, None)
    for name, function in _METHODS.items():
        if name not in vars(cls):
            setattr(cls, name, function)
    cls.__init__ = _prepared(cls.__init__)  # type: ignore[misc]


def rate_left_out(init: Callable[..., None]) -> Callable[..., None]:
    """Return the ``__init__`` of Optimizer that they may call without a rate."""

    @functools.wraps(init)
    def made(self: Any, *args: Any, **kwargs: Any) -> None:
        given = args or "learning_rate" in kwargs or "lr" in kwargs
        if not given and type(self)._advance is _advance:
            args = (0.0,)
        init(self, *args, **kwargs)

    made.takes_no_rate = True  # type: ignore[attr-defined]
    return made


def _prepared(init: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(init)
    def prepared(self: Any, *args: Any, **kwargs: Any) -> None:
        if "_state" not in vars(self):
            _base_of(type(self))(self, 0.0)  # some do not call it
        init(self, *args, **kwargs)

    return prepared


def _base_of(cls: type) -> Callable[..., None]:
    """Return the ``__init__`` of KeraTorch's class that a subclass derives from."""
    bases = (base for base in cls.__mro__ if base.__module__.startswith("keratorch."))
    return vars(next(base for base in bases if "__init__" in vars(base)))["__init__"]


def _get_gradients(optimizer: Any, loss: Any, params: Any) -> list[Any]:
    """Return the gradients of the step that runs."""
    return optimizer._given


def _advance(optimizer: Any, gradients: dict[int, Any]) -> None:
    """Make one step with gradients by the positions of their variables."""
    params = [optimizer._trainable_variables[i] for i in gradients]
    prepared = optimizer._prepared(gradients).values()
    optimizer._given = [GradArray(g * factor) for g, factor in prepared]
    recording = _Recording(vars(optimizer).setdefault("_made", []))
    with no_grad(), recording:
        updates = optimizer.get_updates(None, params)
    pairs = [u for u in updates or () if isinstance(u, tuple)]
    for variable, value in (*recording.writes, *pairs):
        variable.assign(graph.plain(value))
    optimizer._iterations._array += 1


class _Recording:
    """While it lasts, K's updates are put off, and K's variables are made once."""

    def __init__(self, made: list[Any]):
        self.made, self.found = made, 0
        self.writes: list[tuple[Any, Any]] = []

    def __enter__(self) -> None:
        self._before = {name: getattr(backend, name) for name in (*_MAKERS, *_UPDATES)}
        for name in _MAKERS:
            setattr(backend, name, self._once(getattr(tensors, name)))
        for name, value in _UPDATES.items():
            setattr(backend, name, self._put_off(value))

    def __exit__(self, *error: Any) -> None:
        for name, function in self._before.items():
            setattr(backend, name, function)

    def _once(self, make: Callable[..., Any]) -> Callable[..., Any]:
        def made(*args: Any, **kwargs: Any) -> Any:
            if self.found == len(self.made):
                self.made.append(make(*args, **kwargs))
            self.found += 1
            return self.made[self.found - 1]

        return made

    def _put_off(self, value: Callable[[Any, Any], Any]) -> Callable[..., Any]:
        def put_off(x: Any, change: Any) -> Any:
            self.writes.append((x, value(x, change)))
            return x

        return put_off


def _rate(optimizer: Any) -> Any:
    return optimizer.lr


def _set_rate(optimizer: Any, rate: Any) -> None:
    optimizer.lr.assign(rate)


_METHODS = {
    "_advance": _advance,
    "get_gradients": _get_gradients,
    "learning_rate": property(_rate, _set_rate, doc="Its own `lr`."),
}
