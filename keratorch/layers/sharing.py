"""Layers that stand at several places of a configuration, and are one layer.

A layer that a model calls itself, and a wrapper in it calls too, is described twice in
a file.  Both descriptions then have a number, by which reading makes one layer of them.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from typing import Any

_KEY = "shared_object_id"
_is_written: ContextVar[bool] = ContextVar("layers_are_written", default=False)
_read: ContextVar[dict[Any, Any] | None] = ContextVar("layers_read", default=None)


@contextlib.contextmanager
def writing() -> Iterator[None]:
    """Within ``with``, descriptions of layers get numbers."""
    token = _is_written.set(True)
    try:
        yield
    finally:
        _is_written.reset(token)


@contextlib.contextmanager
def reading() -> Iterator[None]:
    """Within ``with``, descriptions of one number are one layer."""
    token = _read.set({})
    try:
        yield
    finally:
        _read.reset(token)


def mark(description: dict[str, Any], layer: Any) -> None:
    """Give a description the number of its layer, where a file is written."""
    if _is_written.get():
        description[_KEY] = id(layer)


def known(description: Mapping[str, Any]) -> Any:
    """Return the layer that was made of a description of this number, or None."""
    made, number = _read.get(), description.get(_KEY)
    return None if made is None or number is None else made.get(number)


def remember(description: Mapping[str, Any], layer: Any) -> None:
    """Let later descriptions of this number be this layer."""
    made, number = _read.get(), description.get(_KEY)
    if made is not None and number is not None:
        made[number] = layer


def without_single_marks(config: Any) -> Any:
    """Return a configuration where only layers at several places have numbers.

    Examples
    --------
    >>> without_single_marks({"layer": {"name": "a", "shared_object_id": 7}})
    {'layer': {'name': 'a'}}
    """
    counts = Counter(_numbers(config))

    def kept(part: Any) -> Any:
        if isinstance(part, Mapping):
            single = counts.get(part.get(_KEY)) == 1
            return {k: kept(x) for k, x in part.items() if not (single and k == _KEY)}
        return [kept(x) for x in part] if isinstance(part, (list, tuple)) else part

    return kept(config)


def _numbers(config: Any) -> Iterator[Any]:
    if isinstance(config, Mapping):
        if isinstance(config.get(_KEY), int):
            yield config[_KEY]
        config = list(config.values())
    if isinstance(config, (list, tuple)):
        for part in config:
            yield from _numbers(part)
