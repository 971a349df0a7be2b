"""Penalties and limits of weights as layers of one's own had them in Keras 1.0.

    def build(self, input_shape):
        self.W = self.init((input_shape[1], self.output_dim))
        self.W_regularizer.set_param(self.W)
        self.regularizers = [self.W_regularizer]
        self.constraints = {self.W: self.W_constraint}

Keras read these lists of a layer; today each variable holds its own. A penalty of one's
own took a loss and returned a larger one, by `self.p` or `self.layer.output`:

    class Small(ActivityRegularizer):
        def __call__(self, loss):
            return loss + 0.1 * K.sum(K.square(self.layer.output))
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any


def set_param(regularizer: Any, p: Any) -> None:
    """Let a variable have this penalty."""
    p.regularizer = regularizer


def set_layer(regularizer: Any, layer: Any) -> None:
    """Let the outputs of a layer have this penalty."""
    layer.activity_regularizer = regularizer
    vars(regularizer).setdefault("layer", layer)


class _Seen:
    """A layer whose output is known.

    Parameters
    ----------
    layer : the layer, or None.
    output : its output.
    """

    def __init__(self, layer: Any, output: Any):
        self._layer = layer
        self.output = output

    def __getattr__(self, name: str) -> Any:
        return getattr(self._layer, name)


def penalizing(call: Callable[..., Any]) -> Callable[..., Any]:
    """Return the method of a penalty today for one from a loss to a larger loss."""

    @functools.wraps(call)
    def penalty(regularizer: Any, x: Any) -> Any:
        seen = vars(regularizer).get("layer")
        regularizer.p = x
        regularizer.layer = _Seen(getattr(seen, "_layer", seen), x)
        return call(regularizer, 0.0)

    return penalty


def finish(regularizer: Any) -> None:
    """Let the class of all penalties, and subclasses of it, be as in Keras 1.0."""
    for name, method in METHODS.items():
        if not hasattr(regularizer, name):
            setattr(regularizer, name, method)

    def __init_subclass__(cls: Any, **kwargs: Any) -> None:  # noqa: N807
        super(regularizer, cls).__init_subclass__(**kwargs)
        call = vars(cls).get("__call__")
        if call and list(inspect.signature(call).parameters)[1:] == ["loss"]:
            cls.__call__, cls.of_a_loss = penalizing(call), True

    regularizer.__init_subclass__ = classmethod(__init_subclass__)


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
        penalty = getattr(layer, "activity_regularizer", None)
        if getattr(penalty, "of_a_loss", False):
            vars(penalty).setdefault("layer", layer)

    return made
