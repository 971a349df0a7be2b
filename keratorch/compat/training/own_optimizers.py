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

It may ask another optimizer for its updates: see `running_step`.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from keratorch.compat.training import running_step
from keratorch.core import GradArray
from keratorch.optimizers import Optimizer
from keratorch.optimizers.update_loop import UpdateLoop
from keratorch.variable import Variable

#: What such an optimizer keeps in attributes of its own, as Keras 2's did.
_OWN = ("decay", "iterations", "updates", "weights")
#: The lists to which `get_updates` adds, in each step anew.
_LISTS = ("updates", "weights")


def adopt(cls: type) -> None:
    """Let a subclass of Optimizer that defines `get_updates` train models."""
    names: Iterable[str] = _OWN
    methods: dict[str, Any] = {**_METHODS, **_RATES}
    if _has_formula(cls):  # of Adam or SGD, whose numbers it goes on to use
        names, methods = _LISTS, _METHODS
    for name in names:
        if name not in vars(cls):
            setattr(cls, name, None)
    for name, function in methods.items():
        if name not in vars(cls):
            setattr(cls, name, function)
    cls.__init__ = _prepared(cls.__init__)  # type: ignore[misc]


def _has_formula(cls: Any) -> bool:
    return cls.update is not UpdateLoop.update


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
            method_above(type(self), "__init__")(self, 0.0)  # some do not call it
        init(self, *args, **kwargs)

    return prepared


def method_above(cls: type, name: str) -> Callable[..., Any]:
    """Return a method of KeraTorch's classes that a subclass derives from."""
    bases = (base for base in cls.__mro__ if base.__module__.startswith("keratorch."))
    return vars(next(base for base in bases if name in vars(base)))[name]


def _build(optimizer: Any, variables: Iterable[GradArray]) -> None:
    """Make the variables that the first step would make, and change none."""
    if optimizer.built:
        return
    Optimizer.build(optimizer, variables)
    for inner in _inner(optimizer):
        inner.build(optimizer._trainable_variables)
    params = enumerate(optimizer._trainable_variables)
    _updates(optimizer, {i: np.zeros_like(param._array) for i, param in params})


def _advance(optimizer: Any, gradients: dict[int, Any]) -> None:
    """Make one step with gradients by the positions of their variables."""
    with running_step.changed(optimizer, running_step.CLIPPING):
        prepared = optimizer._prepared(gradients)
    counted = False
    if prepared:
        step = _updates(optimizer, {i: g for i, (g, _) in prepared.items()})
        step.write()
        counted = step.writes_to(optimizer._iterations)
    if not counted:
        optimizer._iterations._array += 1


def _updates(
    optimizer: Any, gradients: dict[int, np.ndarray]
) -> running_step.RunningStep:
    """Return a step in which `get_updates` said what to write."""
    _begin_again(optimizer)
    known = [(optimizer._trainable_variables[i], g) for i, g in gradients.items()]
    step = running_step.RunningStep(known, vars(optimizer).setdefault("_made", []))
    params = [variable for variable, _ in known]
    arguments: dict[str, Any] = {"loss": step.loss, "params": params}
    if "constraints" in inspect.signature(optimizer.get_updates).parameters:
        arguments["constraints"] = {}  # of Keras 1: variables hold theirs today
    with step:
        updates = optimizer.get_updates(**arguments)
    step.add(updates)
    return step


def _begin_again(optimizer: Any) -> None:
    """Let the lists of updates be as they were before the first step."""
    kept = vars(optimizer)
    before = kept.setdefault("_before", {n: kept[n] for n in _LISTS if n in kept})
    for name, value in before.items():
        setattr(optimizer, name, list(value) if isinstance(value, list) else value)
    for inner in _inner(optimizer):
        _begin_again(inner)


def _inner(optimizer: Any) -> list[Any]:
    """Return the optimizers that it keeps."""
    return [x for x in vars(optimizer).values() if isinstance(x, Optimizer)]


def _variables(optimizer: Any) -> list[Variable]:
    """The variables of its own, and those of the optimizers that it keeps."""
    own = [x for x in vars(optimizer).values() if isinstance(x, Variable)]
    inner = (v for other in _inner(optimizer) for v in other.variables)
    made = [x for x in vars(optimizer).get("_made", ()) if isinstance(x, Variable)]
    common = Optimizer.variables.fget(optimizer)  # type: ignore[attr-defined]
    found = {id(v): v for v in (*common, *own, *inner, *made)}
    return list(found.values())


def _rate(optimizer: Any) -> Any:
    return vars(optimizer).get("_rate_of_its_own")


def _set_rate(optimizer: Any, rate: Any) -> None:
    known = _rate(optimizer)
    if isinstance(known, Variable) and not isinstance(rate, GradArray):
        known.assign(rate)
    else:
        vars(optimizer)["_rate_of_its_own"] = rate


_OWN_RATE = property(_rate, _set_rate, doc="The rate, by either of its names.")
_RATES = {"learning_rate": _OWN_RATE, "lr": _OWN_RATE}
_METHODS = {
    "_advance": _advance,
    "build": _build,
    "variables": property(_variables, doc=_variables.__doc__),
}
