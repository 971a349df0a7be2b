"""Losses of symbolic arrays in a model whose `call` is its own."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from keratorch.compat import dialect
from keratorch.compat.spoken import warn_once
from keratorch.nested import flatten
from keratorch.symbolic import is_symbolic


def not_of_a_table(add_loss: Callable[..., None]) -> Callable[..., None]:
    """Return `add_loss` that leaves symbols out where a model has no inputs of its own.

    A script calls ``self.call`` with `Input`s to print the table of another model: in
    TensorFlow, too, the loss was then no part of that.
    """

    @functools.wraps(add_loss)
    def added(self: Any, loss: Any, *args: Any, **kwargs: Any) -> None:
        parts = flatten(loss)
        symbols = [part for part in parts if is_symbolic(part)]
        if not symbols or self._network is not None or not dialect.is_older():
            add_loss(self, loss, *args, **kwargs)
            return
        warn_once(
            f"{type(self).__name__}.add_loss: a symbolic array is no loss of a model "
            "with a call of its own, and is left out."
        )
        numbers = [part for part in parts if not is_symbolic(part)]
        if numbers:
            add_loss(self, numbers, *args, **kwargs)

    return added
