"""Layers of one's own as Keras 0 had them: `get_output`, and `build` without a shape.

class Scale(Layer):
    def build(self):
        self.factor = K.ones(self.input_shape[1:])
        self.params = [self.factor]

    @property
    def output_shape(self):
        return self.input_shape

    def get_output(self, train=False):
        return self.get_input(train) * self.factor
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any


def adopt(cls: Any) -> None:
    """Let a class that defines `get_output` compute by it, where it has no `call`."""
    own = vars(cls)
    if "get_output" not in own or "call" in own:
        return
    cls.call, cls.get_input = _call, _get_input
    cls.input_shape = property(_input_shape, doc="The shape of the inputs.")
    if "build" in own and len(inspect.signature(own["build"]).parameters) == 1:
        cls.build = _of_a_shape(own["build"])


def _call(self: Any, inputs: Any, training: Any = None) -> Any:
    """Compute by `get_output`, which asks `get_input` for the inputs."""
    object.__setattr__(self, "_inputs_of_call", inputs)
    try:
        return self.get_output(bool(training))
    finally:
        object.__setattr__(self, "_inputs_of_call", None)


def _get_input(self: Any, train: bool = False) -> Any:
    """Return the inputs: those of the call, or the symbolic ones."""
    given = self.__dict__.get("_inputs_of_call")
    return self.input if given is None else given


def _input_shape(self: Any) -> Any:
    given = self.__dict__.get("_inputs_of_call")
    if given is not None:
        return tuple(given.shape)
    return self.__dict__.get("_shape_of_inputs") or tuple(self.input.shape)


def _of_a_shape(build: Callable[[Any], Any]) -> Callable[..., Any]:
    def built(self: Any, input_shape: Any = None) -> None:
        object.__setattr__(self, "_shape_of_inputs", input_shape)
        build(self)

    built.__doc__ = build.__doc__
    return built
