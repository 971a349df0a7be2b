"""The order of results in Keras 1 and 2: the losses of outputs, then their metrics."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterable
from typing import Any

from keratorch.compat import dialect


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
