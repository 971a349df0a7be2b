"""Which of two names of a metric a script uses: 'acc' or 'accuracy', 'lr' ...

`Logs` find a number by each of its names. But they list it under one, and a script may
copy what they list: ``pandas.DataFrame(history.history)['acc']``. So `run` reads the
script, and logs list the names that it uses.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

_COMPILE = ("metrics", "weighted_metrics", "loss")  # what these hold are no keys
_spoken: set[str] = set()


def read(source: str) -> None:
    """Let logs list the names of metrics that a script uses.

    Parameters
    ----------
    source : str, the script; one that Python cannot read says nothing.
    """
    _spoken.clear()
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return
    _spoken.update(_keys(tree))


def forget() -> None:
    """Let logs list the names of today."""
    _spoken.clear()


def _keys(tree: ast.AST) -> Iterator[str]:
    """Yield the texts of a program that are no arguments of `compile`."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.keyword) and child.arg in _COMPILE:
            continue
        if isinstance(child, ast.Constant) and isinstance(child.value, str):
            yield child.value.removeprefix("val_")
        yield from _keys(child)


def listed(logs: Mapping[str, Any], same: Iterable[tuple[str, ...]]) -> dict[str, Any]:
    """Return logs under the names that the script uses, where it uses only others.

    Parameters
    ----------
    logs : numbers by their names of today.
    same : groups of names that stand for one metric.

    Examples
    --------
    >>> read("plot(history.history['val_acc'])")
    >>> listed({"loss": 0.5, "val_accuracy": 0.75}, [("accuracy", "acc")])
    {'loss': 0.5, 'val_acc': 0.75}
    >>> forget()
    """
    if not _spoken:
        return dict(logs)
    groups = list(same)
    return {_listed(name, groups, logs): value for name, value in logs.items()}


def _listed(name: str, groups: list[tuple[str, ...]], logs: Mapping[str, Any]) -> str:
    end = name.removeprefix("val_")
    if end in _spoken:
        return name
    start = name.removesuffix(end)
    for group in groups:
        for other in group if end in group else ():
            if other in _spoken and start + other not in logs:
                return start + other
    return name
