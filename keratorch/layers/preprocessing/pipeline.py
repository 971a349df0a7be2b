"""Pipeline: preparing layers one after another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from keratorch.layers.layer import Layer
from keratorch.layers.recurrent.inner import deserialized, serialized
from keratorch.masks import get_mask


class Pipeline(Layer):
    """Apply layers one after another, in training unless the caller says otherwise.

    Parameters
    ----------
    layers : list of layers.

    Raises
    ------
    TypeError : something in the list is no layer.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers.preprocessing.pipeline import Pipeline
    >>> from keratorch.layers.preprocessing.resizing import CenterCrop, Resizing
    >>> Pipeline([Resizing(8, 8), CenterCrop(4, 4)])(np.ones((2, 16, 16, 3))).shape
    (2, 4, 4, 3)
    """

    _takes_lists = True

    def __init__(self, layers: Sequence[Layer], name: str | None = None):
        super().__init__(name=name)
        if not isinstance(layers, (list, tuple)):
            raise TypeError(
                f"Pipeline needs a list of layers; received {type(layers).__name__}."
            )
        for layer in layers:
            if not isinstance(layer, Layer):
                raise TypeError(
                    f"Pipeline needs layers; received {type(layer).__name__}."
                )
        self._pipeline_layers = list(layers)
        self.built = True

    @property
    def layers(self) -> list[Layer]:
        """The layers, in order."""
        return self._pipeline_layers

    def _at_the_door(self, inputs: Any) -> Any:
        """Leave texts and integers to the first layer."""
        return inputs

    def call(self, inputs: Any, training: bool = True, mask: Any = None) -> Any:
        for layer in self._pipeline_layers:
            wants = mask is not None and "mask" in layer._signature.masks
            masks = {"mask": mask} if wants else {}
            inputs = layer(inputs, training=training, **masks)
            mask = get_mask(inputs)
        return inputs

    def compute_output_shape(self, input_shape: Any) -> Any:
        for layer in self._pipeline_layers:
            input_shape = layer.compute_output_shape(input_shape)
        return input_shape

    def get_config(self) -> dict[str, Any]:
        layers = [serialized(layer) for layer in self._pipeline_layers]
        return {"layers": layers, "name": self.name}

    @classmethod
    def from_config(
        cls,
        config: dict[str, Any],
        custom_objects: Mapping[str, Any] | None = None,
    ) -> Any:
        layers = config.get("layers")
        if not isinstance(layers, (list, tuple)):
            raise ValueError(
                "Pipeline.from_config needs a list of layers under the key 'layers'; "
                f"received {layers!r}."
            )
        return cls(
            [deserialized(x, custom_objects) for x in layers], config.get("name")
        )
