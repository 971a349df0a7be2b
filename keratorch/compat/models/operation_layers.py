"""Functions of symbolic arrays as layers of a model, as in TensorFlow 2's Keras.

x = Input((4, 3))
model = Model(x, Dense(2)(x[:, ::2]))
model.layers[1](y)                      # y[:, ::2]

Scripts for it count these in `model.layers`. In Keras 3 they are no layers.
"""

from __future__ import annotations

from typing import Any

from keratorch.layers import Layer
from keratorch.nested import flatten
from keratorch.symbolic import Function, any_symbolic, record_function, substituted


class OperationLayer(Layer):
    """A function of arrays, with the constants that its first call had.

    Parameters
    ----------
    function : the step of a model.
    """

    def __init__(self, function: Function):
        super().__init__(name=function.name)
        self._operation = function
        self._nodes = list(function._nodes)
        self.built = True

    def __call__(self, inputs: Any) -> Any:
        """Return the function of one array, or of a list, in their order at first."""
        node, given = self._nodes[0], flatten(inputs)
        own = dict.fromkeys(map(id, node.inputs))
        if len(given) != len(own):
            raise ValueError(
                f"the operation '{self.name}' takes {len(own)} arrays; received "
                f"{len(given)}. Give them in the order of its first call."
            )
        values = dict(zip(own, given, strict=True))
        args, kwargs = substituted((node.args, node.kwargs), values)
        if any_symbolic((args, kwargs)):
            return record_function(self._operation.function, args, kwargs)
        return self._operation(*args, **kwargs)


def among(model: Any, layers: list[Any]) -> list[Any]:
    """Return the layers of a model of symbols, with its functions where they come."""
    network = model.__dict__.get("_network")
    if network is None or hasattr(model, "add"):
        return layers
    steps = [_as_layer(step) for step in network.operations]
    inside = {id(step) for step in steps}
    return [*steps, *(layer for layer in layers if id(layer) not in inside)]


def _as_layer(step: Any) -> Any:
    if isinstance(step, Layer):
        return step
    if not hasattr(step, "_layer"):
        step._layer = OperationLayer(step)
    return step._layer
