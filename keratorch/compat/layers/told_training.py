"""Layers whose `call` must be told whether it trains, as tf.keras told them.

class Block(Layer):
    def call(self, inputs, training): ...

Block()(inputs)      in a functional model: by default it does not train
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

from keratorch.compat import dialect


def false_where_it_must_be_told(find: Callable[..., Any]) -> Callable[..., Any]:
    """Return the `_training_here` that says False where `call` has no default."""

    @functools.wraps(find)
    def found(layer: Any, around: Any) -> Any:
        training = find(layer, around)
        if training is None and dialect.is_older() and _must_be_told(layer.__class__):
            return False
        return training

    return found


@functools.cache
def _must_be_told(cls: Any) -> bool:
    """Return whether a layer's `call` has `training` without a default."""
    if not cls._signature.takes_training:
        return False
    parameter = inspect.signature(cls.call).parameters["training"]
    return parameter.default is parameter.empty
