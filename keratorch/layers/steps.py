"""A layer as a step of a model: its symbolic inputs and outputs."""

from __future__ import annotations

from typing import Any

from keratorch.layers.calls import shape_of
from keratorch.symbolic import Node


class IsStep:
    """What a layer knows of the symbolic calls that it had, its nodes."""

    name: str
    _nodes: list[Node]

    @property
    def input(self) -> Any:
        """The symbolic input of its first call, for ``Model(layer.input, y)``.

        Raises
        ------
        AttributeError : the layer was never called on symbolic arrays.
        """
        inputs = self._first_node("input").inputs
        return inputs[0] if len(inputs) == 1 else inputs

    @property
    def output(self) -> Any:
        """The symbolic output of its first call, for ``Model(x, layer.output)``.

        Raises
        ------
        AttributeError : the layer was never called on symbolic arrays.
        """
        return self._first_node("output").outputs

    @property
    def input_shape(self) -> Any:
        """The shape of `input`, with None for the lengths that the data say."""
        return shape_of(self.input)

    @property
    def output_shape(self) -> Any:
        """The shape of `output`, with None for the lengths that the data say."""
        return shape_of(self.output)

    def _first_node(self, what: str) -> Node:
        if not self._nodes:
            raise AttributeError(
                f"{type(self).__name__} '{self.name}' has no {what} yet: it is no part "
                "of a model whose input is known. Begin the model with "
                "keratorch.Input(shape), or call it on data first."
            )
        return self._nodes[0]
