"""An operation whose derivative its user wrote as a function, in Keras's manner."""

from __future__ import annotations

import inspect

from keratorch import graph
from keratorch.core import Grad


class CustomGrad(Grad):
    """out, pullback = function(*inputs), hence the dL/dinputs are pullback(dL/dout).

    `function` is called again by `backward`, so that the pullback sees inputs of the
    kind that the derivative needs and second derivatives are right.
    """

    _guarded = True  # what it calls is the user's

    def __init__(self, *inputs, function):
        super().__init__(*inputs)
        self.function = function

    def forward(self, *arrays):
        out, _ = self.function(*arrays)
        return graph.value(out)

    def backward(self, grad):
        _, pullback = self.function(*self.inputs)
        upstream = inspect.signature(pullback).parameters.get("upstream")
        if upstream is not None and upstream.kind is upstream.KEYWORD_ONLY:
            return _as_tuple(pullback(*self.inputs, upstream=grad))
        return _as_tuple(pullback(grad))


def _as_tuple(gradients):
    return tuple(gradients) if isinstance(gradients, list) else gradients
