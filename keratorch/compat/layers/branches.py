"""Keras 1's `Sequential` whose first layer is `Merge`: it has several inputs."""

from __future__ import annotations

from typing import Any

from keratorch.layers import Input
from keratorch.models import Sequential
from keratorch.models.data import standardized
from keratorch.models.network import Network


class SequentialOfBranches(Sequential):
    """A chain of layers that begins by bringing several models together."""

    _has_one_input = False

    def _build_if_known(self) -> None:
        self.build_for(None)

    def build(self, input_shape: Any = None) -> None:
        """Call each layer on the symbolic output of the one before it."""
        known: list[Any] = self._symbols_so_far
        if not known:
            merge: Any = self._layers[0]
            known.append([Input(batch_shape=x.shape) for x in merge.sources()])
        for layer in self._layers[len(known) - 1 :]:
            known.append(layer(known[-1]))
        self._network = Network(known[0], known[-1], self.name)

    def _at_the_door(self, inputs: Any) -> Any:
        return standardized(inputs, self._network, f"Sequential '{self.name}'")  # type: ignore[arg-type]


# A configuration names it as Keras 1 did; its first layer says what it is.
SequentialOfBranches.__name__ = SequentialOfBranches.__qualname__ = "Sequential"
