"""How Keras 1 called layers, and asked them for the shapes of their outputs.

class Causal(AtrousConvolution1D):
    def get_output_shape_for(self, input_shape): ...
    def call(self, x, mask=None):
        return super().call(K.temporal_padding(x, 2), mask)
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

from keratorch.compat.layers import first_layers
from keratorch.compat.spoken import say_modern
from keratorch.layers.input_spec import InputSpec


def finish(layer: Any) -> None:
    """Let the class of all layers know shapes by their older name, too."""
    layer.get_output_shape_for = _get_output_shape_for
    before = vars(layer)["__init_subclass__"].__func__

    def __init_subclass__(cls: Any, **kwargs: Any) -> None:  # noqa: N807
        own = vars(cls)
        older = "get_output_shape_for" in own and "compute_output_shape" not in own
        if older and not cls.__module__.startswith("keratorch."):
            cls.compute_output_shape = _as_keras_1_did
        first_layers.adopt(cls)
        before(cls, **kwargs)

    layer.__init_subclass__ = classmethod(__init_subclass__)


def _as_keras_1_did(layer: Any, input_shape: Any) -> Any:
    """Return the shape that the class's own `get_output_shape_for` says."""
    return layer.get_output_shape_for(input_shape)


def _get_output_shape_for(layer: Any, input_shape: Any) -> Any:
    """Return the shape of the outputs: `compute_output_shape` today."""
    say_modern("layer.get_output_shape_for(...)", "layer.compute_output_shape(...)")
    for cls in type(layer).__mro__:
        compute = vars(cls).get("compute_output_shape", _as_keras_1_did)
        if compute is not _as_keras_1_did:
            return compute(layer, input_shape)
    raise NotImplementedError(f"{type(layer).__name__} has no compute_output_shape.")


def taking_mask(call: Callable[..., Any]) -> Callable[..., Any]:
    """Return a layer's `call` that takes a mask, too, where it needs none.

    Only one that takes the inputs alone: others know what a second argument is.
    """
    if list(inspect.signature(call).parameters) != ["self", "inputs"]:
        return call

    @functools.wraps(call)
    def called(self: Any, inputs: Any, mask: Any = None) -> Any:
        return call(self, inputs)

    return called


def noting_shapes(build: Callable[..., None]) -> Callable[..., None]:
    """Return a layer's `build` that notes the shape of the inputs for own subclasses.

    Their `call` finds it in ``self.input_spec[0].shape``, as in Keras 1.
    """

    @functools.wraps(build)
    def built(self: Any, input_shape: Any = None) -> None:
        build(self, input_shape)
        own = not type(self).__module__.startswith("keratorch.")
        if own and self.input_spec is None and input_shape is not None:
            self.input_spec = [InputSpec(shape=tuple(input_shape))]

    return built
