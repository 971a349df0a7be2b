"""Sequential: layers one after the other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from keratorch import layers as layers_module
from keratorch.layers import InputLayer, Layer
from keratorch.models.model import Model


class Sequential(Model):
    """A model in which each layer's output is the next layer's input.

    Parameters
    ----------
    layers : iterable of `Layer`, the first of them `Input(shape)` if the shape of the
        data is to be known at once; otherwise the first data say it.
    trainable : bool.
    name : str, by default numbered.

    Raises
    ------
    TypeError : something that is no layer.

    Examples
    --------
    >>> import numpy as np
    >>> import keratorch as keras
    >>> model = keras.Sequential([
    ...     keras.Input(shape=(4,)),
    ...     keras.layers.Dense(8, activation="relu"),
    ...     keras.layers.Dense(3, activation="softmax"),
    ... ])
    >>> model.count_params()
    67
    >>> model(np.ones((2, 4))).shape
    (2, 3)
    """

    def __init__(
        self,
        layers: Iterable[Any] | None = None,
        trainable: bool = True,
        name: str | None = None,
    ):
        super().__init__(trainable=trainable, name=name)
        self._layers: list[Layer] = []
        self._input: InputLayer | None = None
        for layer in layers or ():
            self._append(layer)
        self._build_if_known()

    @property
    def layers(self) -> list[Layer]:
        """The layers in order, without the input."""
        return list(self._layers)

    def add(self, layer: Any) -> None:
        """Add a layer behind the last one."""
        self._append(layer)
        self._build_if_known()

    def pop(self, rebuild: bool = True) -> Layer:
        """Remove the last layer and return it."""
        if not self._layers:
            raise ValueError(f"pop(): '{self.name}' has no layers.")
        layer = self._layers.pop()
        if rebuild:
            self._build_if_known()
        return layer

    def _append(self, layer: Any) -> None:
        if not isinstance(layer, Layer):
            hint = ""
            if isinstance(layer, type):
                hint = f" Pass an instance: {layer.__name__}(...)."
            raise TypeError(
                "Sequential takes layers; received "
                f"{getattr(layer, '__name__', type(layer).__name__)}.{hint}"
            )
        if isinstance(layer, InputLayer):
            if self._layers or self._input:
                raise ValueError(
                    f"'{self.name}' has its input already: Input comes first, once."
                )
            self._input = layer
        else:
            if not self._layers and not self._input and layer._batch_shape:
                self._input = InputLayer(batch_shape=layer._batch_shape)
            self._layers.append(layer)
        self.built = False

    def _build_if_known(self) -> None:
        if self._layers and self._input is not None:
            self.build_for(self._input.batch_shape)
        elif self._layers and self._built_shape is not None:
            self.build_for(self._built_shape)

    def build(self, input_shape: tuple) -> None:
        """Build each layer for the output of the one before it."""
        if not self._layers:
            raise ValueError(f"'{self.name}' has no layers. Add some with add().")
        shape = tuple(input_shape)
        for layer in self._layers:
            if not layer.built:
                layer.build_for(shape)
            shape = tuple(layer.compute_output_shape(shape))

    def call(self, inputs: Any, training: bool = False) -> Any:
        for layer in self._layers:
            inputs = layer(inputs)
        return inputs

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        for layer in self._layers:
            input_shape = tuple(layer.compute_output_shape(input_shape))
        return input_shape

    @property
    def input_shape(self) -> tuple:
        """The shape of the data, with None for the free axes."""
        self._check_built("input_shape")
        if self._input is not None:
            return self._input.batch_shape
        return (None, *self._built_shape[1:])  # type: ignore[index]

    @property
    def output_shape(self) -> tuple:
        """The shape of the output, with None for the free axes."""
        return self.compute_output_shape(self.input_shape)

    def get_config(self) -> dict[str, Any]:
        """Return name, layers and input shape, as Keras writes them into files."""
        config = super().get_config()
        described = [self._input] if self._input is not None else []
        config["layers"] = [
            layers_module.serialize(layer) for layer in (*described, *self._layers)
        ]
        if self.built:
            config["build_input_shape"] = self._built_shape
        return config

    @classmethod
    def from_config(
        cls, config: dict[str, Any], custom_objects: dict[str, type] | None = None
    ) -> Sequential:
        """Make the model that `get_config` described, with new weights.

        Parameters
        ----------
        custom_objects : dict from class names to layer classes of your own.
        """
        layers = [
            layers_module.deserialize(layer, custom_objects)
            for layer in config["layers"]
        ]
        model = cls(layers, config.get("trainable", True), config["name"])
        shape = config.get("build_input_shape")
        if shape is not None and not model.built:
            model.build_for(tuple(shape))
        return model
