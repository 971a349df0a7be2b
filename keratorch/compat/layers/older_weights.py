"""Penalties and limits of weights as layers of one's own had them in Keras 1.0.

    def build(self, input_shape):
        self.W = self.init((input_shape[1], self.output_dim))
        self.W_regularizer.set_param(self.W)
        self.regularizers = [self.W_regularizer]
        self.constraints = {self.W: self.W_constraint}

Keras read these lists of a layer; today each variable holds its own.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any


def set_param(regularizer: Any, p: Any) -> None:
    """Let a variable have this penalty."""
    p.regularizer = regularizer


def set_layer(regularizer: Any, layer: Any) -> None:
    """Let the outputs of a layer have this penalty."""
    layer.activity_regularizer = regularizer


#: Methods that regularizers had.
METHODS = {"set_layer": set_layer, "set_param": set_param}


def with_limits(build_for: Callable[..., None]) -> Callable[..., None]:
    """Return what builds a layer, and then lets its `constraints` hold."""

    @functools.wraps(build_for)
    def built(layer: Any, shape: Any) -> None:
        build_for(layer, shape)
        limits = vars(layer).get("constraints")
        for variable, limit in limits.items() if isinstance(limits, dict) else ():
            if hasattr(variable, "constraint"):
                variable.constraint = limit

    return built


def keeping_penalty(init: Callable[..., None]) -> Callable[..., None]:
    """Return the ``__init__`` of layers that keeps an `activity_regularizer`.

    Layers of one's own set theirs first, and called this one at the end.
    """

    @functools.wraps(init)
    def made(layer: Any, *args: Any, **kwargs: Any) -> None:
        given = vars(layer).get("activity_regularizer")
        init(layer, *args, **kwargs)
        if given is not None and layer.activity_regularizer is None:
            layer.activity_regularizer = given

    return made
