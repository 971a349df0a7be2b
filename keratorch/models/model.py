"""Model: a layer that can be trained."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from keratorch.custom_objects import CustomObjectScope
from keratorch.errors import suggest
from keratorch.layers import Layer
from keratorch.layers.calls import map_shapes, shape_of
from keratorch.models.data import standardized
from keratorch.models.network import Network
from keratorch.models.quantizing import Quantizes
from keratorch.models.state_tree import set_state_tree, state_tree
from keratorch.models.summary import summary_table
from keratorch.modes import no_grad
from keratorch.nested import flatten
from keratorch.saving.methods import Saves
from keratorch.symbolic import any_symbolic, is_symbolic
from keratorch.training import Trainer
from keratorch.trial_runs import trying
from keratorch.variable import Variable


class Model(Saves, Quantizes, Trainer, Layer):  # type: ignore[misc]
    """A layer made of layers, with `compile`, `fit`, `evaluate` and `predict`.

    It is given by symbolic inputs and the outputs computed from them, or by a subclass
    that holds its layers in attributes and uses them in ``call``.

    Parameters
    ----------
    inputs : KerasTensor, or nested lists and dicts of them, as `Input` makes.
    outputs : KerasTensors computed from `inputs` by layers, operators and functions.
    name : str, by default numbered.
    trainable : bool.

    Raises
    ------
    TypeError, ValueError : inputs or outputs that are not symbolic, or outputs that
        depend on an input that is not given.

    Examples
    --------
    >>> import numpy as np
    >>> import keratorch as keras
    >>> x = keras.Input(shape=(4,))
    >>> hidden = keras.layers.Dense(8, activation="relu")(x)
    >>> model = keras.Model(x, keras.layers.Dense(1)(hidden) + x[:, :1])
    >>> model.predict(np.ones((2, 4)), verbose=0).shape
    (2, 1)

    >>> class Line(keras.Model):
    ...     def __init__(self):
    ...         super().__init__()
    ...         self.dense = keras.layers.Dense(1)
    ...     def call(self, inputs):
    ...         return self.dense(inputs)
    >>> model = Line()
    >>> model.compile(optimizer="sgd", loss="mse")
    >>> history = model.fit(np.ones((4, 2)), np.ones((4, 1)), verbose=0)
    >>> model.predict(np.ones((4, 2)), verbose=0).shape
    (4, 1)
    """

    _of_symbols: ClassVar[Any]  # the class of Model(inputs, outputs)
    _network: Network | None = None
    _with_losses: Network | None = None  # the same, with losses among its outputs

    def __init_subclass__(cls, **kwargs: Any):
        super().__init_subclass__(**kwargs)
        cls._describes_itself = cls.get_config is Model.get_config

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        if cls is Model and _gives_symbols(args, kwargs):
            cls = cls._of_symbols
        return super().__new__(cls, *args, **kwargs)

    def __init__(self, *args: Any, **kwargs: Any):
        given = dict(zip(("inputs", "outputs", "name"), args, strict=False))
        inputs = kwargs.pop("inputs", given.get("inputs"))
        outputs = kwargs.pop("outputs", given.get("outputs"))
        kwargs.setdefault("name", given.get("name"))
        if (inputs is None) != (outputs is None):
            raise TypeError(
                f"{type(self).__name__} needs both inputs and outputs, or neither; "
                f"received {'inputs' if outputs is None else 'outputs'} alone."
            )
        super().__init__(**kwargs)
        if inputs is not None:
            self._set_network(Network(inputs, outputs, self.name))

    def _check_begun(self, value: Any) -> None:
        if "built" not in self.__dict__ and isinstance(value, (Layer, Variable)):
            raise TypeError(
                f"{type(self).__name__}.__init__ must begin with super().__init__(), "
                "before it makes layers or weights."
            )

    def _set_network(self, network: Network) -> None:
        self._network = network
        self.built = True
        self._built_shape = shape_of(network.inputs)

    # What the symbols say

    @property
    def inputs(self) -> list[Any]:
        """The symbolic inputs, as a flat list."""
        return list(self._symbols("inputs").flat_inputs)

    @property
    def outputs(self) -> list[Any]:
        """The symbolic outputs, as a flat list."""
        return list(self._symbols("outputs").flat_outputs)

    @outputs.setter
    def outputs(self, outputs: Any) -> None:
        """Let the model end at other symbolic arrays that its inputs lead to."""
        end = outputs[0] if isinstance(outputs, list) and len(outputs) == 1 else outputs
        self._set_network(Network(self._symbols("outputs").inputs, end, self.name))
        self._with_losses = None

    @property
    def input(self) -> Any:
        """The symbolic inputs, as they were given."""
        return self._symbols("input").inputs

    @property
    def output(self) -> Any:
        """The symbolic outputs, as they were given."""
        return self._symbols("output").outputs

    @property
    def input_shape(self) -> Any:
        """The shape of `input`; that of the only one of a list alone."""
        return shape_of(_alone(self.input))

    @property
    def output_shape(self) -> Any:
        """The shape of `output`; that of the only one of a list alone."""
        return shape_of(_alone(self.output))

    @property
    def input_names(self) -> list[str]:
        """The names of the inputs, by which data may be passed as a dict."""
        return [x.name for x in self.inputs]

    @property
    def output_names(self) -> list[str]:
        """The names of the outputs: those of the layers that compute them."""
        return [x.node.operation.name for x in self.outputs]

    def _symbols(self, what: str) -> Network:
        if self._network is None:
            raise AttributeError(
                f"{type(self).__name__} '{self.name}' has no {what}: it is not made of "
                "symbolic arrays. Begin it with keratorch.Input(shape), or make it "
                "as keratorch.Model(inputs, outputs)."
            )
        return self._network

    @property
    def couples_samples(self) -> bool:
        """Whether steps that are no layers may mix samples; layers answer for theirs.

        Nothing is known of the ``call`` of a subclass. One that computes each sample by
        itself may say ``couples_samples = False``.
        """
        return self._network is None or self._network.couples_samples

    def call(self, inputs: Any, training: Any = None, mask: Any = None) -> Any:
        """Run the steps from the inputs to the outputs."""
        if self._with_losses is not None:
            outputs, losses = self._with_losses.run(flatten(inputs))
            super().add_loss([np.mean(loss) for loss in losses])
            return _alone(outputs)
        if self._network is None:
            return super().call(inputs)
        return _alone(self._network.run(flatten(inputs)))

    @property
    def _runs_network_alone(self) -> bool:
        """Whether a call runs the layers as they were written down, and no more."""
        calls = type(self).call, type(self).__call__
        own = all(str(call.__module__).startswith("keratorch.") for call in calls)
        return own and type(self._network) is Network and self._with_losses is None

    def add_loss(self, loss: Any) -> None:
        """Add to the loss: numbers inside ``call``, or symbolic arrays beforehand.

        The mean of a symbolic array, computed from the inputs of the model, is added in
        each call.
        """
        symbols = [x for x in flatten(loss) if is_symbolic(x)]
        if not symbols:
            super().add_loss(loss)
            return
        network = self._symbols("inputs to compute the loss from")
        if self._with_losses is not None:
            symbols = [*self._with_losses.outputs[1], *symbols]
        outputs = [network.outputs, symbols]
        self._with_losses = Network(network.inputs, outputs, self.name)

    def _at_the_door(self, inputs: Any) -> Any:
        if self._network is None:
            return super()._at_the_door(inputs)
        return standardized(inputs, self._network, f"Model '{self.name}'")

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape of the outputs for inputs of a shape, None for the batch."""
        return super().compute_output_shape(input_shape)

    @property
    def layers(self) -> list[Layer]:
        """The layers that the model is made of."""
        return list(self._sublayers())

    def _sublayers(self) -> Any:
        found = {id(layer): layer for layer in self._network_layers()}
        found.update((id(layer), layer) for layer in super()._sublayers())
        return iter(found.values())

    def _network_layers(self) -> list[Layer]:
        operations = [] if self._network is None else self._network.operations
        return [op for op in operations if isinstance(op, Layer)]

    def get_layer(self, name: str | None = None, index: int | None = None) -> Layer:
        """Return a layer by its name or its position.

        Raises
        ------
        ValueError : there is no such layer, or neither or both were given.
        """
        layers = self.layers
        if (name is None) == (index is None):
            raise ValueError("get_layer: give either a name or an index.")
        if index is not None:
            if not -len(layers) <= index < len(layers):
                raise ValueError(
                    f"get_layer: index {index} is outside the {len(layers)} layers."
                )
            return layers[index]
        for layer in layers:
            if layer.name == name:
                return layer
        raise ValueError(
            f"get_layer: no layer is named {name!r}. "
            f"{suggest(name, [layer.name for layer in layers])}"
        )

    def build(self, input_shape: Any) -> None:
        """Make the weights of all layers by computing on zeros.

        A model of symbols has them: its inputs tell the shapes, and this one nothing.
        """
        self.built = True
        if self._network is None:
            with no_grad():
                self(map_shapes(self._zeros, input_shape))

    def _zeros(self, shape: tuple) -> np.ndarray:
        return np.zeros([1 if n is None else n for n in shape], self.dtype)

    def _build_on(self, args: tuple, kwargs: dict) -> None:
        own = type(self).build is not Model.build
        if own or any_symbolic(args, kwargs):
            super()._build_on(args, kwargs)
        else:  # the call itself, which follows, makes the weights
            self.built = True
            self._built_shape = shape_of(args[0])

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments, or the steps between symbols.

        The steps where ``__init__`` takes inputs and outputs, as that of `Model` does.

        Raises
        ------
        NotImplementedError : ``__init__`` has arguments that are neither numbers nor
            strings, and there is no get_config.
        """
        if self._network is not None and _takes_symbols(type(self)):
            return self._of_symbols.get_config(self)
        return super().get_config()

    @classmethod
    def from_config(
        cls, config: dict[str, Any], custom_objects: dict[str, Any] | None = None
    ) -> Any:
        """Make the model that `get_config` described.

        Parameters
        ----------
        custom_objects : dict from names to classes and functions of your own.
        """
        with CustomObjectScope(custom_objects or {}):
            if "input_layers" in config and cls is not cls._of_symbols:
                kind = cls if _takes_symbols(cls) else cls._of_symbols
                return cls._of_symbols.revived(kind, config)
            return super().from_config(config)

    def get_state_tree(self, value_format: str = "backend_tensor") -> dict[str, Any]:
        """Return the values of all variables in nested dicts, by their paths.

        The keys are 'trainable_variables', 'non_trainable_variables',
        'optimizer_variables' and 'metrics_variables'; below them are layers' names.

        Parameters
        ----------
        value_format : 'backend_tensor' or 'numpy_array', which are the same here.

        Raises
        ------
        ValueError : two variables have one path.

        Examples
        --------
        >>> import keratorch as keras
        >>> dense = keras.layers.Dense(1, name="d")
        >>> model = keras.Sequential([keras.Input((2,)), dense], name="m")
        >>> model.get_state_tree()["trainable_variables"]["m"]["d"]["bias"]
        array([0.], dtype=float32)
        """
        return state_tree(self, value_format)

    def set_state_tree(self, state_tree: Mapping[str, Any]) -> None:
        """Assign values to variables, in nested dicts as `get_state_tree` returns them.

        Raises
        ------
        ValueError : a path that no variable has; then nothing is assigned.
        """
        set_state_tree(self, state_tree)

    def reset_states(self) -> None:
        """Let stateful layers begin anew, as at the beginning of a sequence."""
        for layer in self._flat_layers():
            if layer is not self and hasattr(layer, "reset_states"):
                layer.reset_states()

    reset_state = reset_states

    def _repr_svg_(self) -> str:
        """Return the picture of the model that a notebook shows."""
        return importlib.import_module("keratorch.inspect").model_svg(self)

    def summary(
        self,
        line_length: int | None = None,
        positions: list[float] | None = None,
        print_fn: Callable[[str], Any] | None = None,
        expand_nested: bool = False,
        show_trainable: bool = False,
        layer_range: Sequence[str] | None = None,
    ) -> None:
        """Print a table of the layers with output shapes and parameter counts.

        Parameters
        ----------
        line_length : int, width in characters; by default 88, or what the terminal has.
        positions : list of float, where columns end, as shares of the width.
        print_fn : function that gets the text instead of `print`.
        expand_nested : bool, whether to list the layers of nested models too.
        show_trainable : bool, whether to add a column for it.
        layer_range : names, or patterns of them, of the first and the last layer that
            the table shows.
        """
        text = summary_table(
            self, line_length, positions, show_trainable, layer_range, expand_nested
        )
        (print_fn or print)(text)


def _alone(found: Any) -> Any:
    """Return the only part of a list as itself, where there are values, as Keras."""
    if isinstance(found, (list, tuple)) and len(found) == 1 and not trying.get():
        return found[0]
    return found


def _takes_symbols(kind: type) -> bool:
    """Return whether a class of models is made of inputs and outputs."""
    _, *own = inspect.signature(kind.__init__).parameters.values()  # type: ignore[misc]
    kinds = {parameter.kind for parameter in own}
    passes_on = {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}
    return kinds >= passes_on or [p.name for p in own[:2]] == ["inputs", "outputs"]


def _gives_symbols(args: tuple, kwargs: dict) -> bool:
    """Return whether ``Model(...)`` is called with inputs and outputs."""
    return len(args) >= 2 or "inputs" in kwargs or "outputs" in kwargs
