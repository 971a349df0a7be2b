"""The order of results in Keras 1 and 2: the losses of outputs, then their metrics."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from keratorch.compat import dialect

_RATES = ("learning_rate", "lr")


def losses_first(in_order: Callable[..., list[str]]) -> Callable[..., list[str]]:
    """Return the order of the names of results that older scripts count on.

    With several outputs Keras 3 sorts their metrics by name; before, they came output
    by output, as the model has them.
    """

    @functools.wraps(in_order)
    def ordered(names: Collection[str], metrics: Iterable[Any]) -> list[str]:
        metrics = list(metrics)
        if not dialect.is_older():
            return in_order(names, metrics)
        together = [m for m in metrics if hasattr(m, "names")]
        compiled = [name for m in together for name in m.names or [m.name]]
        alone = [m.name for m in metrics if not hasattr(m, "metrics")]
        losses = [name for name in alone if name == "loss" or name.endswith("_loss")]
        # Outputs of one name have one entry, and each its place in the list.
        first = [name for name in [*losses, *compiled] if name in names]
        return [*first, *(n for n in in_order(names, metrics) if n not in first)]

    return ordered


def unsorted(as_floats: Callable[..., dict]) -> Callable[..., dict]:
    """Return what makes logs of results, in the order that they had before Keras 3.

    That sorts them by name. Before, losses came first, and the metrics as `compile` was
    given them; what was measured on validation data followed, and in the package keras
    before 2.4 it led.
    """

    @functools.wraps(as_floats)
    def ordered(results: Any) -> dict[str, Any]:
        found = as_floats(results)
        if not dialect.is_before_3():
            return found
        names = list(_names(results or {}))
        parts = [
            [name for name in names if name.startswith("val_") == validated]
            for validated in (False, True)
        ]
        if dialect.is_keras_before_2_4():
            parts.reverse()
        return {name: found[name] for part in parts for name in _losses_first(part)}

    return ordered


def as_shown(finish: Callable[..., None]) -> Callable[..., None]:
    """Return what ends a progress bar, with the logs in the order of its time.

    In the package keras before 2.4 the bar did not lead with the validation data, as
    the history does, and showed no learning rate.
    """

    @functools.wraps(finish)
    def finished(bar: Any, logs: Any) -> None:
        if logs and dialect.is_keras_before_2_4():
            names = sorted(logs, key=lambda name: name.startswith("val_"))
            logs = {name: logs[name] for name in names if name not in _RATES}
        finish(bar, logs)

    return finished


def _names(results: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names of results, also of those in dicts among them."""
    for name, value in results.items():
        if isinstance(value, Mapping):
            yield from _names(value)
        else:
            yield name


def _losses_first(names: list[str]) -> list[str]:
    return sorted(names, key=lambda name: not f"_{name}".endswith("_loss"))
