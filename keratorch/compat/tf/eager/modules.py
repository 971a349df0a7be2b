"""`tf.Module`: an object that finds the variables in its attributes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from keratorch.compat.tf.settings import Scope
from keratorch.layers import Layer
from keratorch.variable import Variable


class Module:
    """Collects the variables and modules that are assigned to its attributes.

    Parameters
    ----------
    name : str, by default the class's in snake_case.

    Examples
    --------
    >>> class Line(Module):
    ...     def __init__(self):
    ...         super().__init__(name="line")
    ...         self.w = Variable(2.0)
    >>> len(Line().trainable_variables)
    1
    """

    def __init__(self, name: str | None = None):
        own = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", type(self).__name__).lower()
        self._name = name or own

    @property
    def name(self) -> str:
        """The name."""
        return getattr(self, "_name", type(self).__name__.lower())

    @property
    def name_scope(self) -> Scope:
        """A context that changes nothing."""
        return Scope()

    @property
    def variables(self) -> tuple[Variable, ...]:
        """All variables of this module and of those in it."""
        return tuple(dict(_by_identity(variables_in(self))).values())

    @property
    def trainable_variables(self) -> tuple[Variable, ...]:
        """The variables that tapes watch."""
        return tuple(v for v in self.variables if v.trainable)

    @property
    def non_trainable_variables(self) -> tuple[Variable, ...]:
        """The other variables."""
        return tuple(v for v in self.variables if not v.trainable)

    @property
    def submodules(self) -> tuple[Any, ...]:
        """The modules in this one, and in those."""
        return tuple(dict(_by_identity(_modules_in(self))).values())

    @classmethod
    def with_name_scope(cls, method: Callable) -> Callable:
        """Return a method as it is: there are no scopes of names."""
        return method


def attributes_of(owner: Any) -> Iterator[tuple[str, Any]]:
    """Yield the names and values of attributes, or keys or places, in order."""
    if isinstance(owner, dict):
        yield from ((str(key), value) for key, value in owner.items())
    elif isinstance(owner, (list, tuple)):
        yield from ((str(i), value) for i, value in enumerate(owner))
    elif isinstance(owner, Module):
        yield from sorted(vars(owner).items())


def variables_in(owner: Any) -> Iterator[Variable]:
    """Yield the variables in modules, layers and containers: own ones first."""
    found = [value for _, value in attributes_of(owner)]
    yield from (value for value in found if isinstance(value, Variable))
    for value in found:
        if isinstance(value, Layer):
            yield from value.variables
        elif isinstance(value, (Module, dict, list, tuple)):
            yield from variables_in(value)


def _modules_in(owner: Any) -> Iterator[Any]:
    for _, value in attributes_of(owner):
        if isinstance(value, (Module, Layer)):
            yield value
        if isinstance(value, (Module, dict, list, tuple)):
            yield from _modules_in(value)


def _by_identity(values: Iterator[Any]) -> Iterator[tuple[int, Any]]:
    return ((id(value), value) for value in values)
