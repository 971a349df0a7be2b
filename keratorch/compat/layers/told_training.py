"""Layers and models that are told whether they train, as Keras 2 told them.

class Block(Layer):
    def call(self, inputs, training): ...

Block()(inputs)      in a functional model: by default it does not train

class Network(Model):
    def call(self, inputs): ...

Network().fit(x, y)  the layers inside train all the same; in Keras 3 they do not
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


def told_in_fit(called: Callable[..., Any]) -> Callable[..., Any]:
    """Return the `_called` by which layers train whose model has no `training`."""

    @functools.wraps(called)
    def tells(model: Any, x: Any, training: bool) -> Any:
        if training and not model._signature.takes_training and dialect.is_older():
            return model(x, training=True)
        return called(model, x, training)

    return tells


@functools.cache
def _must_be_told(cls: Any) -> bool:
    """Return whether a layer's `call` has `training` without a default."""
    if not cls._signature.takes_training:
        return False
    parameter = inspect.signature(cls.call).parameters["training"]
    return parameter.default is parameter.empty
