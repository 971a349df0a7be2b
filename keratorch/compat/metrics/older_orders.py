"""Names, types and reductions by position, as Keras 2 ordered them."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from keratorch.compat.metrics.older_losses import Reduction
from keratorch.compat.spoken import say_modern
from keratorch.dtypes import standardize_dtype


def name_then_type(init: Callable[..., None]) -> Callable[..., None]:
    """Return `Metric.__init__` that takes (name, dtype) as well as (dtype, name)."""

    @functools.wraps(init)
    def ordered(metric: Any, *args: Any, **kwargs: Any) -> None:
        first, second = (*args, None, None)[:2]
        named = isinstance(first, str) and not _is_type(first)
        if named or (first is None and _is_type(second)):
            say_modern("Metric(name, dtype)", "Metric(name=name, dtype=dtype)")
            kwargs = {**dict(zip(("name", "dtype"), args, strict=False)), **kwargs}
            args = args[2:]
        init(metric, *args, **kwargs)

    return ordered


def reduction_then_name(init: Callable[..., None]) -> Callable[..., None]:
    """Return `Loss.__init__` that takes (reduction, name) as well as today's order."""

    @functools.wraps(init)
    def ordered(loss: Any, *args: Any, **kwargs: Any) -> None:
        first, second = (*args, None, None)[:2]
        if _is_reduction(first) and not _is_reduction(second):
            say_modern("Loss(reduction, name)", "Loss(name=name, reduction=reduction)")
            kwargs = {**dict(zip(("reduction", "name"), args, strict=False)), **kwargs}
            args = args[2:]
        init(loss, *args, **kwargs)

    return ordered


def _is_type(value: Any) -> bool:
    if isinstance(value, str):
        try:
            standardize_dtype(value)
        except ValueError:
            return False
    return value is not None


def _is_reduction(value: Any) -> bool:
    return isinstance(value, str) and value.lower() in Reduction.all()
