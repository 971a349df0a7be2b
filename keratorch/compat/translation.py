"""The mechanism: a function that answers to older arguments, too.

A table maps each older argument to one of these:

    Renamed("units")                    the same value under another name
    Renamed("padding", {"half": "same"})  and other values, by a dict or a function
    Part("kernel_size", 1)              one entry of what is a tuple today
    Left("why")                         an argument without a meaning today
    Afterwards(action, "how today")     done to the object, once it is made
    Kept()                              the function takes it, and does not say so
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from keratorch.compat.spoken import say_modern
from keratorch.errors import ArgumentError, suggest


@dataclass(frozen=True)
class Renamed:
    """An argument with another name today, and perhaps other values."""

    new: str
    values: Mapping[Any, Any] | Callable[[Any], Any] | None = None

    def value(self, value: Any) -> Any:
        """Return what the value is called today."""
        if callable(self.values):
            return self.values(value)
        if self.values is not None and isinstance(value, str):
            return self.values.get(value, value)
        return value


@dataclass(frozen=True)
class Part:
    """An argument that is one entry of a tuple today."""

    new: str
    index: int


@dataclass(frozen=True)
class Left:
    """An argument without a meaning today."""

    why: str = "changes nothing here"


@dataclass(frozen=True)
class Afterwards:
    """An argument that something is done with when the object is there."""

    action: Callable[[Any, Any], None]
    modern: str


@dataclass(frozen=True)
class Kept:
    """An argument that goes on as it is, though no signature lists it."""


Rule = Renamed | Part | Left | Afterwards | Kept
Table = Mapping[str, Rule]
#: What changes arguments before the table does: (args, kwargs) -> args.
Reordering = Callable[[tuple, dict[str, Any]], tuple]


def answering(
    function: Callable[..., Any],
    owner: str,
    table: Table,
    reorder: Reordering | None = None,
) -> Callable[..., Any]:
    """Return the function that takes the older arguments of a table as well.

    Parameters
    ----------
    function : a function, or a method whose first argument is the object.
    owner : str, what the user called, for the warning; '' for the object's class.
    table : older argument -> rule; arguments that the function has today are skipped.
    reorder : changes the arguments that came by position.

    Raises
    ------
    TypeError : when called with an argument that neither knows, if the function takes
        no others; the message names the nearest.

    Examples
    --------
    >>> def dense(units): return units
    >>> older = answering(dense, "dense", {"output_dim": Renamed("units")})
    >>> import warnings
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     older(output_dim=3)
    3
    """
    known = inspect.signature(function).parameters
    taken = {*known, *(old for old, rule in table.items() if isinstance(rule, Kept))}
    table = {old: rule for old, rule in table.items() if old not in taken}
    takes_any = any(p.kind is p.VAR_KEYWORD for p in known.values())

    @functools.wraps(function)
    def modern(*args: Any, **kwargs: Any) -> Any:
        if reorder is not None:
            args = reorder(args, kwargs)
        actions = []
        if not table.keys().isdisjoint(kwargs):
            actions = translate(kwargs, owner or type(args[0]).__name__, table)
        if not (takes_any or kwargs.keys() <= taken):
            raise _unknown(kwargs, owner or type(args[0]).__name__, taken)
        result = function(*args, **kwargs)
        for action, value in actions:
            action(args[0], value)
        return result

    modern.older_arguments = table  # type: ignore[attr-defined]
    return modern


def _unknown(given: Iterable[str], owner: str, known: Iterable[str]) -> ArgumentError:
    """Return the error for arguments that are neither older ones nor of today."""
    wrong = [name for name in given if name not in known]
    choices = [name for name in known if name not in ("self", "cls")]
    return ArgumentError(
        f"{owner} does not know the argument {', '.join(map(repr, wrong))}. "
        f"{suggest(wrong[0], choices)}"
    )


def translate(
    kwargs: dict[str, Any], owner: str, table: Table
) -> list[tuple[Callable[[Any, Any], None], Any]]:
    """Replace older arguments by modern ones, and return what is to be done later.

    Raises
    ------
    TypeError : an argument came under both names.
    """
    actions = []
    parts: dict[str, dict[int, Any]] = {}
    for old in [name for name in kwargs if name in table]:
        value, rule = kwargs.pop(old), table[old]
        say_modern(f"{owner}({old}=...)", _advice(owner, rule))
        if isinstance(rule, Afterwards):
            actions.append((rule.action, value))
        elif isinstance(rule, Part):
            parts.setdefault(rule.new, {})[rule.index] = value
        elif isinstance(rule, Renamed):
            if rule.new in kwargs:
                raise TypeError(
                    f"{owner}: {old} and {rule.new} are two names of one argument; "
                    "received both. Give one."
                )
            kwargs[rule.new] = rule.value(value)
    for new, entries in parts.items():
        kwargs[new] = tuple(entries[index] for index in sorted(entries))
    return actions


def _advice(owner: str, rule: Rule) -> str:
    if isinstance(rule, (Renamed, Part)):
        return f"{owner}({rule.new}=...)"
    if isinstance(rule, Afterwards):
        return rule.modern
    why = rule.why if isinstance(rule, Left) else "goes on as it is"
    return f"{owner} without it: it {why}"
