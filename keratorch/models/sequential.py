"""Sequential: layers one after the other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from keratorch import layers as layers_module
from keratorch.errors import LayerTypeError
from keratorch.layers import InputLayer, Layer
from keratorch.layers.calls import is_shape, shape_of
from keratorch.layers.merging.merge import Merge
from keratorch.models.data import standardized
from keratorch.models.model import Model
from keratorch.models.network import Network
from keratorch.naming import auto_name
from keratorch.nested import is_nested
from keratorch.symbolic import KerasTensor, any_symbolic, is_symbolic


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
    LayerTypeError : something that is no layer: a `TypeError` and a `ValueError`.
    ValueError : two layers of one name.

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

    _has_one_input = True
    _takes_other_lengths = True

    def __init__(
        self,
        layers: Iterable[Any] | None = None,
        trainable: bool = True,
        name: str | None = None,
    ):
        super().__init__(trainable=trainable, name=name)
        self._layers: list[Layer] = []
        self._input: InputLayer | None = None
        self._symbols_so_far: list[KerasTensor] = []  # the input, each layer's output
        if isinstance(layers, Layer):
            raise TypeError(
                "Sequential takes a list of layers; received the layer "
                f"'{layers.name}' alone. Write Sequential([...])."
            )
        if layers is not None and not isinstance(layers, Iterable):
            raise TypeError(
                f"Sequential takes a list of layers; received {layers!r} of type "
                f"{type(layers).__name__}. Write Sequential([Dense(10)])."
            )
        for layer in layers or ():
            self._append(layer)
        self._build_if_known()

    @property
    def layers(self) -> list[Layer]:
        """The layers in order, without the input."""
        return list(self._layers)

    def _sublayers(self) -> Any:
        return iter({id(layer): layer for layer in self._layers}.values())

    def add(self, layer: Any, rebuild: bool = True) -> None:
        """Add a layer behind the last one.

        Parameters
        ----------
        layer : Layer, or the KerasTensor of an `Input`, which comes first.
        rebuild : bool, whether to make the weights at once if the shapes are known.
        """
        self._append(layer)
        if rebuild:
            self._build_if_known()

    def pop(self, rebuild: bool = True) -> Layer:
        """Remove the last layer and return it."""
        if not self._layers:
            raise ValueError(f"pop(): '{self.name}' has no layers.")
        layer = self._layers.pop()
        del self._symbols_so_far[len(self._layers) + 1 :]
        self._network = None
        if rebuild:
            self._build_if_known()
        return layer

    def _set_network(self, network: Network) -> None:
        """Keep the layers up to the one that gives the output."""
        places = [x is network.outputs for x in self._symbols_so_far]
        if True not in places[1:]:
            raise ValueError(
                f"outputs of Sequential '{self.name}' must be the output of one of its "
                "layers, as model.layers[-2].output. For others make a "
                "keratorch.Model(inputs, outputs)."
            )
        del self._layers[places.index(True) :]
        del self._symbols_so_far[len(self._layers) + 1 :]
        self._network = network

    def _append(self, layer: Any) -> None:
        layer = _layer_of(layer)
        if isinstance(layer, InputLayer):
            if self._layers or self._input:
                raise ValueError(
                    f"'{self.name}' has its input already: Input comes first, once."
                )
            self._input = layer
        else:
            self._check_name(layer)
            if not self._layers and not self._input:
                self._input = _input_known_to(layer)
                self._has_one_input &= not isinstance(layer, Merge)
            self._layers.append(layer)
        self.built = False
        self._network = None

    def _check_name(self, layer: Layer) -> None:
        for known in self._layers:
            if known.name == layer.name and known is not layer:
                raise ValueError(
                    f"'{self.name}' has a layer named {layer.name!r} already, and "
                    "files find layers by their names. Give each a name of its own."
                )

    def _build_if_known(self) -> None:
        if self._layers and self._input is not None:
            self.build_for(self._input.batch_shape)
        elif self._layers and self._built_shape is not None:
            self.build_for(self._built_shape)

    def build(self, input_shape: Any = None) -> None:
        """Build each layer for the output of the one before it."""
        if not self._layers:
            raise ValueError(f"'{self.name}' has no layers. Add some with add().")
        if input_shape is None:
            input_shape = self._input and self._input.batch_shape
        if self._input is None and _are_shapes(input_shape):
            super().build(input_shape)
            return
        if not is_shape(input_shape):
            raise ValueError(
                f"build: '{self.name}' needs the shape of its input, a tuple with None "
                f"for the batch; received {input_shape!r}."
            )
        self._check_agrees(input_shape)
        if self._goes_its_own_way():
            super().build(tuple(input_shape))
            return
        try:
            self._write_down(tuple(input_shape))
        except NotImplementedError:  # of a layer whose outputs only data can tell
            self._symbols_so_far.clear()
            return
        steps = self._symbols_so_far
        self._network = Network(steps[0], steps[-1], self.name)
        auto_name("functional")  # of which Keras gives one to the chain inside

    def _check_agrees(self, shape: Any) -> None:
        """Raise if a shape contradicts that of the `Input`."""
        own = self._input and self._input.batch_shape
        if own and (
            len(own) != len(shape)
            or any(
                None not in (n, m) and n != m for n, m in zip(own, shape, strict=True)
            )
        ):
            raise ValueError(
                f"build: '{self.name}' has an Input of shape {own} already; received "
                f"{tuple(shape)}. Leave out the one or the other."
            )

    def _goes_its_own_way(self) -> bool:
        """Return whether a subclass says how data pass, and may take no chain of them.

        With an `Input` the layers are a chain in any case.
        """
        return self._input is None and type(self).call is not Sequential.call

    def _build_on(self, args: tuple, kwargs: dict) -> None:
        own = self._goes_its_own_way() or (self._input is None and is_nested(args[0]))
        if own and not any_symbolic(args, kwargs):
            # the call itself, which follows, makes the weights
            self.built = True
            self._built_shape = shape_of(args[0])
            self._has_one_input &= not is_nested(args[0])
        else:
            super()._build_on(args, kwargs)

    def _write_down(self, shape: tuple) -> None:
        """Call the layers that are new on the symbolic output of those before."""
        known = self._symbols_so_far
        if known and self._input is None and known[0].shape[1:] != shape[1:]:
            known.clear()
        if not known:
            first = self._input or InputLayer(batch_shape=(None, *shape[1:]))
            known.append(first._nodes[0].outputs)
        for layer in self._layers[len(known) - 1 :]:
            known.append(layer(known[-1]))

    #: It couples no samples but by its layers.
    couples_samples = False

    def call(self, inputs: Any, training: Any = None, mask: Any = None) -> Any:
        for layer in self._layers:
            inputs = layer(inputs)
        return inputs

    def _at_the_door(self, inputs: Any) -> Any:
        if self._network is None or self._input is None:
            return Layer._at_the_door(self, inputs)
        (fitted,) = standardized(inputs, self._network, f"Sequential '{self.name}'")
        return fitted

    def _written_down(self, args: tuple, kwargs: dict) -> Any:
        one = isinstance(args[0], (list, tuple)) and len(args[0]) == 1
        if one and self._network is not None and self._has_one_input:
            args = (*args[0], *args[1:])
        return super()._written_down(args, kwargs)

    def compute_output_shape(self, input_shape: Any) -> Any:
        if self._goes_its_own_way():
            return super().compute_output_shape(input_shape)
        for layer in self._layers:
            input_shape = layer.compute_output_shape(input_shape)
        return input_shape

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
        model = cls(layers, config.get("trainable", True), config.get("name"))
        shape = config.get("build_input_shape")
        if shape is not None and not model.built:
            model.build_for(tuple(shape))
        return model


def _layer_of(layer: Any) -> Layer:
    """Return what was added as a layer, or say what it is instead."""
    if is_symbolic(layer) and isinstance(layer.node.operation, InputLayer):
        return layer.node.operation
    if isinstance(layer, Layer):
        return layer
    hint = ""
    if isinstance(layer, type):
        hint = f" Pass an instance: {layer.__name__}(...)."
    elif is_symbolic(layer):
        hint = " It was called on an input already: add the layer itself."
    raise LayerTypeError(
        "Sequential takes layers; received "
        f"{getattr(layer, '__name__', type(layer).__name__)}.{hint}"
    )


def _are_shapes(shapes: Any) -> bool:
    """Return whether a list or dict holds the shape of each of several inputs."""
    parts = shapes.values() if isinstance(shapes, dict) else shapes
    return is_nested(shapes) and not is_shape(shapes) and all(map(is_shape, parts))


def _input_known_to(layer: Layer) -> InputLayer | None:
    """Return the input that a first layer implies: by argument, or as a model."""
    if layer._batch_shape:
        return InputLayer(batch_shape=layer._batch_shape)
    if isinstance(layer, Model) and layer._network is not None:
        (tensor, *more) = layer._network.flat_inputs
        if not more:
            return InputLayer(batch_shape=tensor.shape, dtype=tensor.dtype)
    return None
