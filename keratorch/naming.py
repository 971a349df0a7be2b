"""Names that objects get when their user gives none: 'dense', 'dense_1', ..."""

from __future__ import annotations

import itertools
import re
from contextvars import ContextVar, Token
from typing import Any

_counts: dict[str, itertools.count] = {}
_scopes: ContextVar[tuple[name_scope, ...]] = ContextVar("name_scopes", default=())


def to_snake_case(name: str) -> str:
    """Return the snake_case of a class name.

    Examples
    --------
    >>> to_snake_case("SparseTopKCategoricalAccuracy")
    'sparse_top_k_categorical_accuracy'
    """
    word = re.sub(r"\W+", "", name)
    word = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", word)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", word).lower()


def auto_name(prefix: str) -> str:
    """Return the snake_case of `prefix`, numbered from its second use on."""
    name = to_snake_case(prefix)
    # next() of a count is atomic: threads never get the same number.
    number = next(_counts.setdefault(name, itertools.count()))
    return f"{name}_{number}" if number else name


def reset_names() -> None:
    """Start the numbering of names anew."""
    _counts.clear()


class name_scope:  # noqa: N801  Keras's name
    """Within ``with``, the paths of new variables begin with a name.

    Parameters
    ----------
    name : str without '/'.
    caller : object, or None. A scope opened inside one of the same name and caller adds
        nothing, unless `deduplicate` is False.
    deduplicate : bool.
    override_parent : str, a path that takes the place of the scopes around.

    Raises
    ------
    ValueError : a name that is no string or has a '/'.

    Examples
    --------
    >>> with name_scope("encoder"):
    ...     with name_scope("block"):
    ...         current_path()
    'encoder/block'
    """

    def __init__(
        self,
        name: str,
        caller: Any = None,
        deduplicate: bool = True,
        override_parent: str | None = None,
    ):
        if not isinstance(name, str) or "/" in name:
            raise ValueError(
                f"name_scope: name must be a string without '/'; received {name!r}. "
                "For each part of a path open a scope inside the other."
            )
        self.name = name
        self.caller = caller
        self.deduplicate = deduplicate
        self.override_parent = override_parent
        self._tokens: list[Token] = []

    def __enter__(self) -> name_scope:
        around = _scopes.get()
        again = (
            self.deduplicate
            and self.caller is not None
            and bool(around)
            and around[-1].caller is self.caller
            and around[-1].name == self.name
        )
        self._tokens.append(_scopes.set(around if again else (*around, self)))
        return self

    def __exit__(self, *error: Any) -> None:
        _scopes.reset(self._tokens.pop())


def current_path() -> str:
    """Return the names of the open scopes, joined by '/'; '' outside of them."""
    scopes = _scopes.get()
    if not scopes:
        return ""
    parts: list[str] = []
    for scope in scopes:
        if scope.override_parent is not None:
            parts = [part for part in scope.override_parent.split("/") if part]
        parts.append(scope.name)
    return "/".join(parts)
