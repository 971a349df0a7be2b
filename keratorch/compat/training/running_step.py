"""A step of an optimizer of one's own, while its `get_updates` runs.

    class Lookahead(Optimizer):
        def get_updates(self, loss, params):
            self.updates = self.optimizer.get_updates(loss, params)
            ...

Gradients are those of the step: `get_gradients` of any optimizer, and `K.gradients` of
the loss, return them. Nothing is written before the end: `K.update` is put off, and
another optimizer's `get_updates` computes its new values and puts them off as well. So
all that is read is what was there before the step, as in a graph.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from keratorch import backend, graph
from keratorch.backend.updates import as_updates, recomputed
from keratorch.compat.training.while_stepping import running
from keratorch.core import GradArray
from keratorch.modes import no_grad
from keratorch.variable import Variable

_UPDATES: dict[str, Callable[[Any, Any], Any]] = {
    "update": lambda x, new: new,
    "update_add": lambda x, change: x + change,
    "update_sub": lambda x, change: x - change,
}
CLIPPING = {"clipnorm": None, "clipvalue": None, "global_clipnorm": None}
_COUNTING = {"loss_scale_factor": None, "gradient_accumulation_steps": None}


class Loss:
    """Stands for the loss of a step, whose gradients are known already."""

    def __init__(self, step: RunningStep):
        self.step = step


class RunningStep:
    """While it lasts, updates are put off, and variables are made once.

    Parameters
    ----------
    known : pairs of a variable and its gradient.
    made : list of what K made in the first step, in order; it grows.
    """

    def __init__(self, known: Sequence[tuple[Any, Any]], made: list[Any]):
        self.loss, self.made, self.found = Loss(self), made, 0
        self.params = [variable for variable, _ in known]
        self._gradients = {id(variable): g for variable, g in known}
        self._writes: list[tuple[str, Any, Any]] = []

    def __enter__(self) -> None:
        self._rest = contextlib.ExitStack()
        self._rest.enter_context(no_grad())
        self._rest.callback(running.reset, running.set(self))

    def __exit__(self, *error: Any) -> None:
        self._rest.close()

    def do(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Do what a function of K is asked for, as it is done in a step."""
        name = function.__name__
        if name not in _UPDATES and name != "gradients":
            return self._once(function, *args, **kwargs)
        first, second = inspect.signature(function).bind(*args, **kwargs).args
        if name in _UPDATES:
            self._put_off(name, first, second)
            return first
        if isinstance(first, Loss):
            one = not isinstance(second, (list, tuple))
            return self.gradients([second] if one else second)
        return function(first, second)

    def gradients(self, params: Iterable[Any]) -> list[Any]:
        """Return the gradients of some variables; None for one that has none."""
        found = [self._gradients.get(id(variable)) for variable in params]
        return [None if g is None else GradArray(g) for g in found]

    def add(self, updates: Any) -> None:
        """Put off what `get_updates` returned, too.

        Raises
        ------
        TypeError : it is no list of updates.
        """
        if isinstance(updates, GradArray):
            updates = [updates]
        for update in as_updates(updates):
            if hasattr(update, "variable"):
                new_value = recomputed(update.symbols[0])
                self._put_off("update", update.variable, new_value)

    def writes_to(self, variable: Any) -> bool:
        """Return whether the step changes a variable."""
        return any(x is variable for _, x, _ in self._writes)

    def write(self) -> None:
        """Do what was put off."""
        for name, variable, value in self._writes:
            new = _UPDATES[name](variable._array, graph.plain(value))
            variable.assign(np.asarray(new).reshape(variable.shape))

    @staticmethod
    def replace_rate(optimizer: Any, rate: Any) -> None:
        """Let another rate be used, and the variable of the rate be as it is."""
        if not (isinstance(rate, Variable) or callable(rate)):
            rate = Variable(float(graph.plain(rate)), dtype="float64", trainable=False)
        decaying = getattr(optimizer, "_decaying_rate", None)
        if decaying is None:
            optimizer._learning_rate = rate
        else:
            decaying.base = rate

    def _once(self, make: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if self.found == len(self.made):
            self.made.append(make(*args, **kwargs))
        self.found += 1
        return self.made[self.found - 1]

    def _put_off(self, name: str, x: Any, change: Any) -> None:
        # a variable says what it was before the step, whatever is written first
        change = change.numpy() if isinstance(change, Variable) else change
        self._writes.append((name, x, change))


def gradients_for(optimizer: Any, loss: Loss, params: Iterable[Any]) -> list[Any]:
    """Return the gradients of a step, clipped as an optimizer clips them."""
    found = loss.step.gradients(params)
    known = {i: g._array for i, g in enumerate(found) if g is not None}
    with changed(optimizer, _COUNTING):
        for i, (gradient, factor) in optimizer._prepared(known).items():
            found[i] = GradArray(gradient * gradient.dtype.type(factor))
    return found


def updates_by(optimizer: Any, loss: Loss, params: Iterable[Any]) -> list[Any]:
    """Return the updates of an optimizer of the library, as ``K.update`` returns them.

    Its formula runs, and what it wrote is taken back.
    """
    params = list(params)
    given = optimizer.get_gradients(loss, params)
    if not optimizer.built:
        optimizer.build(loss.step.params)
    pairs = [pair for pair in zip(params, given, strict=True) if pair[1] is not None]
    watched = {id(v): v for v in (*optimizer.variables, *params)}.values()
    before = [variable._array.copy() for variable in watched]
    formula = functools.partial(_formula_of(optimizer), optimizer)
    with changed(optimizer, {**CLIPPING, **_numbers(optimizer), "_advance": formula}):
        optimizer.apply([graph.value(g) for _, g in pairs], [p for p, _ in pairs])
    updates: list[Any] = []
    for variable, old in zip(watched, before, strict=True):
        new = GradArray(variable._array.copy(), requires_grad=False)
        if np.array_equal(new._array, old):
            continue
        variable.assign(old)
        if variable is optimizer._iterations:  # which several may count
            updates.append(backend.update_add(variable, 1))
        else:
            updates.append(backend.update(variable, new))
    return updates


def _formula_of(optimizer: Any) -> Callable[..., None]:
    """Return the step of the library's class, of which a script's may derive."""
    library = (
        c for c in type(optimizer).__mro__ if c.__module__.startswith("keratorch.")
    )
    return next(library)._advance  # type: ignore[attr-defined]


def _numbers(optimizer: Any) -> dict[str, float]:
    """Return as floats the hyperparameters that a script replaced by tensors."""
    return {
        name: float(value._array)
        for name, value in vars(optimizer).items()
        if isinstance(value, GradArray) and not name.startswith("_") and not value.ndim
    }


@contextlib.contextmanager
def changed(owner: Any, attributes: dict[str, Any]) -> Iterator[None]:
    """Give an object other attributes for a while."""
    before = {name: vars(owner)[name] for name in attributes if name in vars(owner)}
    for name, value in attributes.items():
        setattr(owner, name, value)
    try:
        yield
    finally:
        for name in attributes:
            if name in before:
                setattr(owner, name, before[name])
            else:
                delattr(owner, name)
